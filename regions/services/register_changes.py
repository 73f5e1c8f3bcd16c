"""Changes of places by staff: entered, carried out on their day, withdrawn; one function for each kind."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.lib.audit import noting
from marketplace.lib.dates import today_in
from marketplace.lib.locks import is_busy
from regions.domain.scripts import local_language
from regions.models import EnteredChange, Region, RegionAlias, RegionChange
from regions.policies import can_change_register
from regions.services.placing import PlacingError, follow_mergers
from regions.services.register_checks import ChangeRefused, Fault, faults_of, new_level
from regions.services.settling import settling, take_lock
from regions.services.waiting import places_left

logger = logging.getLogger(__name__)
Kind, State = RegionChange.Kind, EnteredChange.State
_ASKED = (
    "kind",
    "on",
    "other_id",
    "code",
    "name",
    "local_name",
    "pieces",
    "goes_on",
    "source",
    "note",
)


@transaction.atomic
def enter(entry: EnteredChange, *, actor: Any, form_key: str) -> EnteredChange:
    """Carry out a change when its day has come in its country, else keep it until then. entry: unsaved, without its person.

    The same form sent again gives the change that it made. Raises ChangeRefused, and then nothing has changed.
    """
    if not can_change_register(actor):
        raise ChangeRefused([Fault("", _("You may not change the register of places."))])
    # From here on nobody else changes the register, so that what is found right stays right.
    take_lock()
    there = EnteredChange.objects.filter(entered_by=actor, form_key=form_key).first()
    if there is not None:
        if not is_same(there, entry):
            words = _(
                "This form was sent before, with other words. Open it anew, and enter this change there."
            )
            raise ChangeRefused([Fault("", words)])
        return there
    _read_anew(entry)
    if faults := faults_of(entry):
        raise ChangeRefused(faults)
    entry.entered_by, entry.form_key, entry.state = actor, form_key, State.WAITING
    with noting(person=actor.pk, reason=entry.reason):
        entry.save(force_insert=True)
        if entry.on <= today_in(entry.country):
            try:
                _carry_out(entry)
            except PlacingError as error:
                # Something of the place cannot go where its land goes; all of it is undone.
                raise ChangeRefused([Fault("other", str(error.message))]) from None
    return entry


@transaction.atomic
def withdraw(pk: int, *, actor: Any, reason: str) -> bool:
    """Take back a change that has not been carried out; False, and nothing, when it has, or was taken back before.

    Raises ChangeRefused.
    """
    if not can_change_register(actor):
        raise ChangeRefused([Fault("", _("You may not change the register of places."))])
    if not reason.strip():
        raise ChangeRefused([Fault("reason", _("Say why it is taken back."))])
    rows = EnteredChange.objects.filter(pk=pk, state__in=(State.WAITING, State.FAILED))
    with noting(person=actor.pk, reason=reason.strip()):
        return rows.update(state=State.WITHDRAWN, refusal="", ended_at=timezone.now()) == 1


def is_same(one: EnteredChange, other: EnteredChange) -> bool:
    """Whether two forms ask for the same; one is what was entered, other the form that comes again."""
    if any(getattr(one, name) != getattr(other, name) for name in _ASKED):
        return False
    # A place that was created stands on the first alone, and one that ended may be found by the other's name.
    after = one.other_id if one.kind == Kind.MERGED else one.place_id
    return one.kind == Kind.CREATED or other.place_id in (one.place_id, after)


def carry_out_due() -> int:
    """Carry out what waits and whose day has begun in its country; returns how many were. Safe to repeat and beside a twin.

    One that cannot be any more is marked with the reason, for staff; what finds the register busy stays for the next time.
    """
    done = 0
    for pk in list(EnteredChange.objects.due().values_list("pk", flat=True)):
        try:
            done += _carry_out_one(pk)
        except OperationalError as error:
            if not is_busy(error):
                raise
            logger.warning("register is busy", extra={"entered_change": pk})
        except PlacingError as error:
            _give_up(pk, str(error.message))
        except Exception:
            # The outer edge: one change that nobody foresaw must not keep the others from their day.
            logger.exception("change of a place not carried out", extra={"entered_change": pk})
            words = _(
                "It could not be carried out. Take it back and enter it again; if that does not help, tell the"
                " operator its number: %(number)d."
            )
            _give_up(pk, words % {"number": pk})
    return done


def _give_up(pk: int, why: str) -> None:
    EnteredChange.objects.waiting().filter(pk=pk).update(state=State.FAILED, refusal=why[:400])


@transaction.atomic
def follow_late() -> int:
    """Take along what was written at a place while it became part of another; returns how many rows were moved."""
    if not places_left().exists():
        return 0
    take_lock()
    return follow_mergers()


@transaction.atomic
def _carry_out_one(pk: int) -> bool:
    take_lock()
    rows = EnteredChange.objects.due().select_related("place__parent", "other", "entered_by")
    entry = rows.filter(pk=pk).select_for_update(of=("self",)).first()
    if entry is None:
        return False
    with noting(person=entry.entered_by_id, reason=entry.reason):
        if faults := faults_of(entry):
            entry.refusal = " ".join(fault.words for fault in faults)[:400]
            entry.state = State.FAILED
            entry.save(update_fields=["state", "refusal"])
            return False
        _carry_out(entry)
    return True


def _carry_out(entry: EnteredChange) -> None:
    with settling(at=entry.place):
        _KINDS[entry.kind](entry)
    entry.state, entry.ended_at = State.DONE, timezone.now()
    entry.save(update_fields=["state", "ended_at", "place"])


def _read_anew(entry: EnteredChange) -> None:
    """What the form was filled in from may have changed before the lock was ours."""
    rows = Region.objects.select_related("parent")
    entry.place = rows.get(pk=entry.place_id) if entry.place_id else None
    entry.other = rows.get(pk=entry.other_id) if entry.other_id else None


def _rename(entry: EnteredChange) -> None:
    place = _place(entry)
    code, name, place.name = place.code, place.name, entry.name
    _know_as(place, name, f"name until {entry.on}")
    if entry.local_name:
        place.local_name = entry.local_name
        place.local_language = local_language(entry.local_name, place.code)
    _recode(place, entry)
    place.save()
    _write_down(entry, place, code_before=code if entry.code else "", name_before=name)


def _move(entry: EnteredChange) -> None:
    place, above, level = _place(entry), entry.other, new_level(entry)
    before, code = place.parent, place.code
    place.parent, place.level, place.depth = above, level, Region.DEPTHS[level]
    _recode(place, entry)
    place.save()
    _write_down(entry, place, code_before=code if entry.code else "", parent_before=before)


def _split(entry: EnteredChange) -> None:
    place = _place(entry)
    held = {region.code: region for region in Region.objects.coded(p["code"] for p in entry.pieces)}
    pieces = [
        held.get(piece["code"]) or _make(piece, place.parent, place.level, entry=entry)
        for piece in entry.pieces
    ]
    for piece in [*pieces, place] if entry.goes_on else pieces:
        _write_down(entry, place, successor=piece)
    if not entry.goes_on:
        _end(place, entry)
        for piece in pieces:
            _know_as(piece, place.name, f"place of its land until {entry.on}")


def _merge(entry: EnteredChange) -> None:
    place, other = _place(entry), entry.other
    if other is None:
        raise TypeError("a merger without the other place")
    # What lies in it goes on, in the place that has the land now.
    for child in place.children.standing().order_by("code"):
        child.parent = other
        child.save(update_fields=["parent"])
        _write_down(entry, child, kind=Kind.MOVED, parent_before=place)
    _write_down(entry, place, successor=other)
    _end(place, entry)
    # So do the names under which it was known for land of others.
    for alias in list(place.aliases.all()):
        _know_as(other, alias.alias, alias.kind)
    _know_as(other, place.name, f"place of its land until {entry.on}")


def _create(entry: EnteredChange) -> None:
    words = {"code": entry.code, "name": entry.name, "local_name": entry.local_name}
    entry.place = _make(words, entry.other, new_level(entry), entry=entry)
    _write_down(entry, entry.place)
    entry.place_id = entry.place.pk


def _abolish(entry: EnteredChange) -> None:
    place = _place(entry)
    _write_down(entry, place)
    _end(place, entry)


_KINDS: Mapping[str, Callable[[EnteredChange], None]] = {
    Kind.RENAMED: _rename,
    Kind.MOVED: _move,
    Kind.SPLIT: _split,
    Kind.MERGED: _merge,
    Kind.CREATED: _create,
    Kind.ABOLISHED: _abolish,
}


def _place(entry: EnteredChange) -> Region:
    if entry.place is None:
        raise TypeError("a change without its place")
    return entry.place


def _recode(place: Region, entry: EnteredChange) -> None:
    """The new code, where one is given; the path follows with all the others."""
    if entry.code:
        code, place.code = place.code, entry.code
        _know_as(place, code, f"code until {entry.on}")
    above = place.parent.path if place.parent else ""
    place.path = f"{above}{place.code}/"


def _make(words: Mapping[str, str], above: Region | None, level: str, *, entry: EnteredChange) -> Region:
    code, local_name = words["code"], words["local_name"]
    return Region.objects.create(
        code=code,
        name=words["name"],
        local_name=local_name,
        local_language=local_language(local_name, code) if local_name else "",
        parent=above,
        level=level,
        depth=Region.DEPTHS[level],
        path=f"{above.path if above else ''}{code}/",
        name_source=entry.source[:255],
    )


def _end(place: Region, entry: EnteredChange) -> None:
    place.ended_on = entry.on
    place.save(update_fields=["ended_on"])


def _know_as(place: Region, name: str, kind: str) -> None:
    if name not in (place.name, place.code):
        RegionAlias.objects.get_or_create(region=place, alias=name, defaults={"kind": kind[:60]})


def _write_down(entry: EnteredChange, place: Region, **values: Any) -> None:
    RegionChange.objects.create(
        **{"kind": entry.kind, **values},
        on=entry.on,
        place=place,
        source=entry.source,
        note=entry.note,
        entered_by=entry.entered_by,
    )
