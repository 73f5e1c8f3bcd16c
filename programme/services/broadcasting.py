"""The worker's part of a message to groups: its readers are queued chunk by chunk, and told by the notices."""

import logging
import time
from collections.abc import Sequence
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet

from marketplace.lib.queue import enqueue
from marketplace.lib.states import move
from notices.errors import GroundsMissing
from notices.services.queueing import Recipient, notify
from notices.services.resending import resend
from programme.models import Broadcast, BroadcastEvent, BroadcastRecipient
from programme.selectors.audiences import contacts_of, people_of
from programme.selectors.deliveries import failed_notices
from programme.services.broadcasts import RUN

Reader = BroadcastRecipient.State
logger = logging.getLogger(__name__)

# One chunk holds the message for about a second: so long a stop waits.
CHUNK = 100
RUN_SECONDS = 40
MOST_AGAIN = 200


def run(broadcast_pk: int) -> None:
    """Go on with a message for at most RUN_SECONDS; what is left is asked for again. Safe to repeat and beside itself."""
    ends = time.monotonic() + RUN_SECONDS
    while _queue_chunk(broadcast_pk):
        if time.monotonic() >= ends:
            enqueue(RUN, broadcast_pk=broadcast_pk)
            return


def run_all() -> int:
    """Go on with messages whose task was lost; returns how many there were."""
    waiting = list(Broadcast.objects.under_way().values_list("pk", flat=True)[:10])
    for pk in waiting:
        try:
            run(pk)
        except Exception:
            # The outer edge: one message must not hold up the others.
            logger.exception("message to groups not queued", extra={"broadcast": pk})
    return len(waiting)


def resend_failed(broadcast: Broadcast, *, actor: Any, reason: str) -> int:
    """Send what failed once more, at most MOST_AGAIN; returns how many. Pressed twice it is one copy of each.

    Readers who could not be queued are tried again too, while the message is not stopped.
    Raises GroundsMissing, and CannotResend for what the notices do not send again.
    """
    if not reason.strip():
        raise GroundsMissing
    mended = _queue_broken(broadcast)
    keys = list(failed_notices(broadcast).values_list("pk", flat=True)[:MOST_AGAIN])
    for pk in keys:
        resend(pk, actor, reason)
    return mended + len(keys)


@transaction.atomic
def _queue_chunk(broadcast_pk: int) -> bool:
    """Queue the next readers together with their notices; False when none are left, or another worker is at it."""
    locked = _take(broadcast_pk)
    if locked is None:
        return False
    if _queue_next(locked, Reader.WAITING, most=CHUNK) == CHUNK:
        return True
    move(
        locked,
        Broadcast.State.SENT,
        moves=Broadcast.MOVES,
        event=BroadcastEvent,
        subject_field="broadcast",
    )
    return False


@transaction.atomic
def _queue_broken(broadcast: Broadcast) -> int:
    """Try those again who could not be queued; returns how many can be now."""
    rows = _whole().select_for_update(of=("self",), no_key=True)
    locked = rows.filter(pk=broadcast.pk, state__in=(Broadcast.State.SENDING, Broadcast.State.SENT)).first()
    if locked is None:
        return 0
    broken = BroadcastRecipient.objects.filter(broadcast=locked, state=Reader.BROKEN)
    before = broken.count()
    _queue_next(locked, Reader.BROKEN, most=MOST_AGAIN)
    return before - broken.count()


def _queue_next(locked: Broadcast, state: str, *, most: int) -> int:
    """Queue the next readers who are in this state; returns how many were looked at."""
    found = BroadcastRecipient.objects.filter(broadcast=locked, state=state).select_related(
        "person", "vendor"
    )
    # People stand before contacts of groups: who shares a number with the group is reached by the own wishes.
    rows = list(found.order_by("pk")[:most])
    still = _still_readers(locked, rows)
    for row in rows:
        row.state = _queue_alone(locked, row) if row.pk in still else Reader.LEFT_OUT
    BroadcastRecipient.objects.bulk_update(rows, ["state"])
    return len(rows)


def _still_readers(broadcast: Broadcast, rows: Sequence[BroadcastRecipient]) -> set[int]:
    """Keys of the rows whom the message is for at this moment too, in the places of its author of today."""
    people = set(
        people_of(broadcast).filter(pk__in=[row.person_id for row in rows]).values_list("pk", flat=True)
    )
    groups = [row.vendor_id for row in rows if row.person_id is None]
    contacts = (
        set(contacts_of(broadcast).filter(pk__in=groups).values_list("pk", flat=True)) if groups else set()
    )
    return {
        row.pk
        for row in rows
        if (row.person_id in people if row.person_id is not None else row.vendor_id in contacts)
    }


def _queue_alone(broadcast: Broadcast, row: BroadcastRecipient) -> str:
    """Queue one reader; what is wrong with one does not hold up the others. A database that is away stops them all."""
    try:
        with transaction.atomic():
            return _queue(broadcast, row)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception(
            "reader of a message to groups not queued", extra={"broadcast": broadcast.pk, "reader": row.pk}
        )
        return Reader.BROKEN


def _whole() -> "QuerySet[Broadcast]":
    """Messages with what says whom they are for."""
    return Broadcast.objects.select_related("author", "region")


def _take(broadcast_pk: int) -> Broadcast | None:
    """The message, held by this worker alone until its chunk is committed."""
    rows = _whole().select_for_update(of=("self",), no_key=True, skip_locked=True)
    return rows.filter(pk=broadcast_pk, state=Broadcast.State.SENDING).first()


def _queue(broadcast: Broadcast, row: BroadcastRecipient) -> str:
    wished = row.person.preferred_language if row.person else row.vendor.language
    language, words = broadcast.words_for(wished)
    to = _recipient(row, language)
    if not (to.email or to.phone):
        return Reader.UNREACHABLE
    notify(broadcast.notice_key, broadcast.notice_kind, to=to, context=words.values)
    return Reader.QUEUED


def _recipient(row: BroadcastRecipient, language: str) -> Recipient:
    if row.person is None:
        return Recipient(email=row.vendor.email, phone=row.vendor.phone, language=language)
    if not row.person.is_active:
        return Recipient(email="", phone="", language=language)
    person = row.person
    return Recipient(email=person.email or "", phone=person.phone or "", language=language, person=person)
