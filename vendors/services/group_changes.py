"""Changes of the page of a group in the shop: what is new waits until a moderator has read it, the old is shown meanwhile.

Words wait as data in the open GroupChange; photos and people as rows that wait. Locks: the group, then its change.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from marketplace.lib.addresses import public_link
from marketplace.lib.photos import rendition_name
from marketplace.lib.states import IllegalTransition, move
from marketplace.lib.stored_photos import RENDITION_WIDTHS
from vendors.errors import GroupChangeMoved, GroupChangeOutdated, ReasonMissing
from vendors.models import GroupChange, GroupChangeEvent, GroupPerson, GroupPhoto, Partner
from vendors.selectors.group_changes import ALT, WORDS, words_now
from vendors.services.applications import lock_group
from vendors.services.group_words import write_group_words
from vendors.services.requirements import refuse_own_group
from vendors.services.telling import tell_members
from vendors.services.uploads import delete_own

State = GroupChange.State
# Whoever has applied is read as a whole; from then on, piece by piece.
READ_BEFORE = (Partner.State.APPROVED, Partner.State.SUSPENDED)
KINDS = {
    State.APPROVED: "group_change_approved",
    State.RETURNED: "group_change_returned",
    State.REJECTED: "group_change_rejected",
}


def is_read_first(vendor: Partner) -> bool:
    """Whether what this group changes waits until somebody has read it."""
    return vendor.state in READ_BEFORE


def put_forward(
    locked: Partner, *, actor: Any, words: Mapping[str, str] | None = None, has_rows: bool = False
) -> None:
    """Note in the group's open change what it wants; the caller holds the group's row.

    words: fields of GroupChange.proposed, those left out stay as they are. has_rows: photos or people have been added,
    changed or taken away. The same words twice change nothing; what asks for nothing any more is withdrawn.
    """
    change = GroupChange.objects.select_for_update(of=("self",)).open().filter(vendor=locked).first()
    wanted = {**(change.proposed if change else {}), **(words or {})}
    now = words_now(locked, wanted)
    proposed = {name: wanted[name] for name in wanted if name in now and wanted[name] != now[name]}
    base = {name: now[name] for name in proposed}
    is_empty = not proposed and not _has_waiting_rows(locked)
    if change is None:
        if not is_empty:
            GroupChange.objects.create(
                vendor=locked, proposed=proposed, base=base, submitted_at=timezone.now()
            )
        return
    if not has_rows and (proposed, base) == (change.proposed, change.base):
        return
    change.proposed, change.base, change.version = proposed, base, change.version + 1
    change.save(update_fields=["proposed", "base", "version"])
    if is_empty:
        _move(change, State.WITHDRAWN, actor=actor)
    else:
        _move(change, State.WAITING, actor=actor, also={"submitted_at": timezone.now()})


@transaction.atomic
def approve(change: GroupChange, actor: Any, *, version: int, reason: str = "") -> bool:
    """Show what was read, in one transaction.

    version: of the change that the moderator has read. Raises GroupChangeMoved when the group has changed it meanwhile,
    GroupChangeOutdated when the words that it replaces are others now, OwnGroup, NotNow, IllegalTransition.
    """
    vendor, locked = _lock(change, State.APPROVED, actor=actor, version=version)
    if words_now(vendor, locked.base) != locked.base:
        raise GroupChangeOutdated
    words = {name: locked.proposed[name] for name in WORDS if name in locked.proposed}
    if words:
        write_group_words(vendor, words, actor=None)
    for name, text in locked.proposed.items():
        if name.startswith(ALT):
            GroupPhoto.objects.filter(vendor=vendor, pk=name.removeprefix(ALT)).update(alt_text=text)
    vendor.photos.filter(waits=True).update(waits=False)
    for person in _waiting_people(vendor):
        _delete_later(person.files - {person.portrait})
        person.waits, person.shown = False, None
        person.save(update_fields=["waits", "shown"])
    return _decide(locked, State.APPROVED, actor=actor, reason=reason)


@transaction.atomic
def ask_for_changes(change: GroupChange, actor: Any, reason: str, *, version: int) -> bool:
    """Send it back to the group; the old stays. Raises ReasonMissing besides what approve raises."""
    if not reason.strip():
        raise ReasonMissing
    _vendor, locked = _lock(change, State.RETURNED, actor=actor, version=version)
    return _decide(locked, State.RETURNED, actor=actor, reason=reason)


@transaction.atomic
def reject(change: GroupChange, actor: Any, reason: str, *, version: int) -> bool:
    """Refuse it for good: new photos and people are taken away. Raises ReasonMissing besides what approve raises."""
    if not reason.strip():
        raise ReasonMissing
    vendor, locked = _lock(change, State.REJECTED, actor=actor, version=version)
    _drop_rows(vendor)
    return _decide(locked, State.REJECTED, actor=actor, reason=reason)


def withdraw_open(locked: Partner, *, actor: Any, reason: str) -> None:
    """End the open change of a group that leaves the shop for good; the caller holds the group's row."""
    change = GroupChange.objects.select_for_update(of=("self",)).open().filter(vendor=locked).first()
    if change is not None:
        _drop_rows(locked)
        _move(change, State.WITHDRAWN, actor=actor, reason=reason)


def files_of(photo: GroupPhoto) -> set[str]:
    """Files of a photo in the storage, its smaller ones too."""
    return {photo.original, *(rendition_name(photo.original, width) for width in RENDITION_WIDTHS)}


def _has_waiting_rows(vendor: Partner) -> bool:
    return vendor.photos.filter(waits=True).exists() or vendor.people.filter(waits=True).exists()


def _waiting_people(vendor: Partner) -> list[GroupPerson]:
    return list(vendor.people.filter(waits=True).order_by("pk"))


def _drop_rows(vendor: Partner) -> None:
    for photo in vendor.photos.filter(waits=True):
        _delete_later(files_of(photo))
    vendor.photos.filter(waits=True).delete()
    for person in _waiting_people(vendor):
        if person.shown is None:
            _delete_later(person.files)
            person.delete()
            continue
        _delete_later(person.files - {person.shown["portrait"]})
        for name in ("name", "work", "portrait"):
            setattr(person, name, person.shown[name])
        person.waits, person.shown = False, None
        person.save(update_fields=["name", "work", "portrait", "waits", "shown"])


def _delete_later(names: Iterable[str]) -> None:
    # Files are no part of a transaction: they go when the rows are gone.
    for name in names:
        transaction.on_commit(partial(delete_own, name))


def _lock(change: GroupChange, target: State, *, actor: Any, version: int) -> tuple[Partner, GroupChange]:
    """The group and its change, which still waits as it was read."""
    vendor = lock_group(change.vendor)
    locked = GroupChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if locked.state != State.WAITING:
        # Also for what somebody else has decided alike: two moderators hear that one of them came late.
        raise IllegalTransition(locked, locked.state, target)
    if locked.version != version:
        raise GroupChangeMoved
    refuse_own_group(vendor, actor)
    return vendor, locked


def _decide(locked: GroupChange, target: State, *, actor: Any, reason: str) -> bool:
    changed = _move(locked, target, actor=actor, reason=reason.strip())
    page = "dashboard-our-group" if target == State.APPROVED else "dashboard-story"
    context = {"note": reason.strip(), "link": public_link(reverse(page))}
    key = f"group-change-event:{locked.events.latest('pk').pk}"
    tell_members(locked.vendor, KINDS[target], key=key, context=context)
    return changed


def _move(
    change: GroupChange,
    target: State,
    *,
    actor: Any,
    reason: str = "",
    also: Mapping[str, Any] | None = None,
) -> bool:
    return move(
        change,
        target,
        moves=GroupChange.MOVES,
        event=GroupChangeEvent,
        subject_field="change",
        actor=actor,
        reason=reason,
        also=also,
    )
