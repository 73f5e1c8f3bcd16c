"""Messages to groups: written, changed, handed to a second person, begun, stopped."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import IntegrityError, connection, transaction
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Sum, Value
from django.utils import timezone

from marketplace.lib.queue import enqueue
from marketplace.lib.states import IllegalTransition, move
from people.models import User
from programme.errors import BroadcastChanged, NeedsAnother, NobodyToReach, NotYours
from programme.models import Broadcast, BroadcastEvent, BroadcastRecipient
from programme.policies import can_work_on
from programme.selectors.audiences import contacts_of, groups_reached, memberships_of, people_of
from programme.services.second_person import tell_second_persons
from regions.models import Region

State = Broadcast.State
RUN = "programme.queue_broadcast"


@dataclass(frozen=True)
class Draft:
    """What a message says, and to whom; as on the model, cleaned by the form."""

    texts: Mapping[str, Mapping[str, str]]
    region: Region | None = None
    is_important: bool = False
    kind: str = ""
    group_state: str = ""
    language: str = ""
    certificate_kind: str = ""
    certificate_state: str = ""
    certificate_days: int = 60
    readers: str = Broadcast.Readers.MEMBERS
    to_contacts: bool = False

    @property
    def values(self) -> dict[str, Any]:
        """By field of the model."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def write(draft: Draft, *, actor: Any, form_key: str) -> Broadcast:
    """Keep a new message; the same form sent again gives the message that it made before.

    form_key: random, one per form shown. Raises NotYours.
    """
    found = Broadcast.objects.filter(form_key=form_key, author=actor).first()
    if found is not None:
        return found
    written = Broadcast(**draft.values, author=actor, form_key=form_key)
    _refuse_foreign(actor, written)
    try:
        with transaction.atomic():
            written.save()
            BroadcastEvent.objects.create(broadcast=written, to_state=State.DRAFT, actor=actor)
    except IntegrityError:
        return Broadcast.objects.get(form_key=form_key, author=actor)
    return written


@transaction.atomic
def change(broadcast: Broadcast, draft: Draft, *, actor: Any, seen: int) -> Broadcast:
    """Change a draft, whose author is from then on who changed it. seen: version that the form was filled with.

    Raises NotYours, BroadcastChanged, IllegalTransition for one that is no draft.
    """
    locked = _lock(broadcast, actor)
    if locked.state != State.DRAFT:
        raise IllegalTransition(locked, locked.state, State.DRAFT)
    if all(getattr(locked, name) == value for name, value in draft.values.items()):
        return locked
    if locked.version != seen:
        raise BroadcastChanged
    for name, value in draft.values.items():
        setattr(locked, name, value)
    _refuse_foreign(actor, locked)
    locked.author, locked.version = actor, locked.version + 1
    locked.save()
    return locked


@transaction.atomic
def send(broadcast: Broadcast, *, actor: Any, seen: int) -> bool:
    """Begin to send, or hand it to a second person where it reaches many; False when that was said before.

    What the author sent to others without a second person since midnight counts too. Raises NotYours, BroadcastChanged,
    NobodyToReach, IllegalTransition.
    """
    locked = _lock(broadcast, actor)
    if locked.state in (State.PROPOSED, State.SENDING, State.SENT):
        return False
    if locked.version != seen:
        raise BroadcastChanged
    count = people_of(locked).count() + contacts_of(locked).count()
    if count == 0:
        raise NobodyToReach
    # Two messages of one author that are sent at once count each other.
    _hold_author(locked)
    if count + _sent_alone(locked) > settings.BROADCAST_ALONE_AT_MOST:
        tell_second_persons(locked)
        return _move(locked, State.PROPOSED, actor=actor)
    return _begin(locked, actor=actor)


@transaction.atomic
def approve(broadcast: Broadcast, *, actor: Any, seen: int) -> bool:
    """Let a message go that waits for a second person; False when it has gone already.

    Raises NotYours, NeedsAnother, BroadcastChanged, NobodyToReach, IllegalTransition.
    """
    locked = _lock(broadcast, actor)
    if locked.state in (State.SENDING, State.SENT):
        return False
    if locked.state != State.PROPOSED:
        raise IllegalTransition(locked, locked.state, State.SENDING)
    if locked.author_id == actor.pk:
        raise NeedsAnother
    if locked.version != seen:
        raise BroadcastChanged
    return _begin(locked, actor=actor, approved_by=actor)


@transaction.atomic
def take_back(broadcast: Broadcast, *, actor: Any, reason: str = "") -> bool:
    """Make a draft of a message that waits for a second person; False when it is one. Raises NotYours, IllegalTransition."""
    return _move(_lock(broadcast, actor), State.DRAFT, actor=actor, reason=reason)


@transaction.atomic
def stop(broadcast: Broadcast, *, actor: Any, reason: str = "") -> bool:
    """Queue nothing more of it; what is queued goes out. False when it was stopped. Raises NotYours, IllegalTransition."""
    return _move(_lock(broadcast, actor), State.STOPPED, actor=actor, reason=reason)


def _begin(locked: Broadcast, *, actor: Any, approved_by: Any = None) -> bool:
    """Fix the audience and hand the message to the worker."""
    # Whoever wrote it must still be allowed to: the audience is never wider than the author's places of today.
    _refuse_foreign(locked.author, locked)
    people = _insert(
        people_of(locked).order_by("pk"), locked, vendor=memberships_of(locked).filter(user=OuterRef("pk"))
    )
    contacts = _insert(contacts_of(locked).order_by("pk"), locked)
    if people + contacts == 0:
        raise NobodyToReach
    enqueue(RUN, broadcast_pk=locked.pk)
    also = {
        "started_at": timezone.now(),
        "person_count": people + contacts,
        "group_count": groups_reached(locked).count(),
        "approved_by": approved_by,
    }
    return _move(locked, State.SENDING, actor=actor, also=also)


def _insert(rows: QuerySet[Any], broadcast: Broadcast, *, vendor: QuerySet[Any] | None = None) -> int:
    """Write readers in one statement, in their order; returns how many. vendor: memberships, for people."""
    values: dict[str, Any] = {
        "to_broadcast": Value(broadcast.pk),
        "as_state": Value(BroadcastRecipient.State.WAITING, output_field=CharField()),
    }
    columns = "broadcast_id, state, person_id, vendor_id"
    names = ["to_broadcast", "as_state", "pk"]
    if vendor is None:
        columns = "broadcast_id, state, vendor_id"
    else:
        values["by_group"] = Subquery(vendor.order_by("pk").values("vendor")[:1])
        names.append("by_group")
    try:
        words, params = rows.annotate(**values).values_list(*names).query.sql_with_params()
    except EmptyResultSet:
        return 0
    table = BroadcastRecipient._meta.db_table
    with connection.cursor() as cursor:
        # Every value travels as a parameter; the rest is written by Django.
        cursor.execute(f"INSERT INTO {table} ({columns}) {words}", params)
        return int(cursor.rowcount)


def _hold_author(broadcast: Broadcast) -> None:
    User.objects.select_for_update(no_key=True).get(pk=broadcast.author_id)


def _sent_alone(broadcast: Broadcast) -> int:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    alone = Broadcast.objects.filter(author=broadcast.author, approved_by=None, started_at__gte=midnight)
    return int(alone.aggregate(found=Sum("person_count"))["found"] or 0)


def _lock(broadcast: Broadcast, actor: Any) -> Broadcast:
    rows = Broadcast.objects.select_for_update(of=("self",), no_key=True).select_related("author", "region")
    locked: Broadcast = rows.get(pk=broadcast.pk)
    _refuse_foreign(actor, locked)
    return locked


def _refuse_foreign(actor: Any, broadcast: Broadcast) -> None:
    if not can_work_on(actor, broadcast):
        raise NotYours


def _move(locked: Broadcast, target: str, **values: Any) -> bool:
    return move(
        locked, target, moves=Broadcast.MOVES, event=BroadcastEvent, subject_field="broadcast", **values
    )
