"""Why a change that staff enter cannot be, field by field, in words that say what to do."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from marketplace.lib.dates import today_in
from marketplace.lib.words import is_blank
from regions.domain.place_codes import EXAMPLE_CODES, code_fits, folded, level_below
from regions.domain.scripts import local_language
from regions.models import EnteredChange, Region, RegionChange
from regions.services.holders import HOLDERS

Kind = RegionChange.Kind
_FARTHEST = timedelta(days=731)
_LONGEST_CODE, _LONGEST_PATH = 40, 120


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field of the form; field: its name, or "" for all of it."""

    field: str
    words: str


class ChangeRefused(Exception):
    """A change cannot be entered or carried out so; nothing was changed. faults: all that is wrong."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(fault.words for fault in faults))
        self.faults = list(faults)


def faults_of(entry: EnteredChange) -> list[Fault]:
    """All that is wrong with an unsaved or a waiting change, seen from the register of now; [] when it may be."""
    found = [*_about_place(entry), *_about_day(entry)]
    # With no place that may change there is nothing to look at further.
    if not any(fault.field in ("place", "other") for fault in found):
        found += _RULES[entry.kind](entry)
    return found


def places_of(entry: EnteredChange) -> list[Region]:
    """The places of today that a change names."""
    codes = [piece["code"] for piece in entry.pieces]
    return [*filter(None, (entry.place, entry.other)), *Region.objects.coded(codes).order_by("code")]


def new_level(entry: EnteredChange) -> str:
    """The level of a place that is created or moved; "" where nothing lies below the place above it."""
    above = entry.other
    return level_below(above.level, above.country_code) if above else ""


def _about_place(entry: EnteredChange) -> Iterator[Fault]:
    for field, place in (("place", entry.place), ("other", entry.other)):
        if place is None:
            continue
        if place.ended_on is not None:
            words = _("%(place)s ended on %(day)s; nothing more can happen to it.")
            yield Fault(field, words % {"place": place.name, "day": _day(place.ended_on)})
    if entry.place and entry.place.level == Region.Level.COUNTRY:
        yield Fault("place", _("A country stays as it is."))
    if entry.place and entry.other:
        if entry.place.pk == entry.other.pk:
            yield Fault("other", _("Choose another place: nothing becomes part of itself."))
        elif entry.place.country_code != entry.other.country_code:
            yield Fault("other", _("%(place)s lies in another country.") % {"place": entry.other.name})


def _about_day(entry: EnteredChange) -> Iterator[Fault]:
    if entry.on > today_in(entry.country) + _FARTHEST:
        yield Fault("on", _("This lies more than two years ahead; look at the year."))
    carried = _carried_along(entry)
    for place in [*places_of(entry), *carried]:
        rows = RegionChange.objects.filter(Q(place=place) | Q(successor=place))
        latest = rows.aggregate(latest=Max("on"))["latest"]
        if latest is not None and entry.on < latest:
            words = _("The latest change of %(place)s was on %(day)s; choose that day or a later one.")
            yield Fault("on", words % {"place": place.name, "day": _day(latest)})
    # A place is renamed, moved and split once on a day: what came first would be lost.
    once = [(place, str(Kind.MOVED)) for place in carried]
    if entry.place is not None and entry.kind in (Kind.RENAMED, Kind.MOVED, Kind.SPLIT):
        once.append((entry.place, entry.kind))
    for place, kind in once:
        if RegionChange.objects.filter(kind=kind, on=entry.on, place=place).exists():
            words = _("%(place)s has such a change on this day already. Choose another day.")
            yield Fault("on", words % {"place": place.name})
    if entry.place is not None:
        waiting = EnteredChange.objects.waiting().exclude(pk=entry.pk)
        there = waiting.filter(kind=entry.kind, on=entry.on, place=entry.place).first()
        if there is not None:
            words = _("This is entered for that day already, by %(person)s.")
            yield Fault("", words % {"person": there.entered_by})


def _carried_along(entry: EnteredChange) -> Sequence[Region]:
    """What lies in a place that becomes part of another, and so is moved with it."""
    if entry.kind != Kind.MERGED:
        return ()
    return list(_place(entry).children.standing().order_by("code"))


def _renamed(entry: EnteredChange) -> Iterator[Fault]:
    place = _place(entry)
    if is_blank(entry.name):
        yield Fault("name", _("Write the name that it has from that day on."))
    elif entry.name == place.name and not entry.code:
        yield Fault("name", _("It is called so already."))
    yield from _about_name(entry.name, place.parent, place=place, local_name=entry.local_name)
    if entry.code:
        yield from _about_code(entry.code, place.level, above=place.parent, entry=entry)


def _moved(entry: EnteredChange) -> Iterator[Fault]:
    place, above = _place(entry), _other(entry)
    level = new_level(entry)
    if above.path.startswith(place.path):
        words = _("%(other)s lies in %(place)s; a place cannot lie in what lies in it.")
        yield Fault("other", words % {"other": above.name, "place": place.name})
        return
    if place.parent_id == above.pk:
        yield Fault("other", _("It lies there already."))
    if not level:
        words = _("Nothing lies below a %(level)s. Choose a place one level above.")
        yield Fault("other", words % {"level": above.get_level_display()})
        return
    if level != place.level:
        yield from _about_rise(entry, place, level)
    yield from _about_name(place.name, above, place=place)
    if entry.code:
        yield from _about_code(entry.code, level, above=above, entry=entry)
    elif len(f"{above.path}{place.code}/") > _LONGEST_PATH:
        yield Fault("code", _("The code is too long there. Give it a shorter one."))


def _about_rise(entry: EnteredChange, place: Region, level: str) -> Iterator[Fault]:
    values = {"level": Region.Level(level).label, "example": EXAMPLE_CODES[level]}
    if not entry.code:
        words = _("There it becomes a %(level)s. Write the code that it has then, such as %(example)s.")
        yield Fault("code", words % values)
    if Region.DEPTHS[level] > place.depth and place.children.exists():
        words = _("There it becomes a %(level)s, and places lie in it. Move those first.")
        yield Fault("other", words % values)


def _split(entry: EnteredChange) -> Iterator[Fault]:
    place = _place(entry)
    if len(entry.pieces) + entry.goes_on < 2:
        yield Fault("pieces", _("Name two places at least, or one when the place itself goes on."))
    if not entry.goes_on:
        yield from _about_children(place)
    held = {region.code: region for region in Region.objects.coded(p["code"] for p in entry.pieces)}
    seen: set[str] = set()
    for number, piece in enumerate(entry.pieces, start=1):
        field, known = f"code_{number}", held.get(piece["code"])
        if piece["code"] in seen:
            yield Fault(field, _("This code stands above already."))
        seen.add(piece["code"])
        if known is not None:
            yield from _about_known_piece(entry, place, known, piece, number=number)
            continue
        if is_blank(piece["name"]):
            yield Fault(
                f"name_{number}",
                _("No place has this code. Write the name of the new place, or correct the code."),
            )
        yield from _about_code(piece["code"], place.level, above=place.parent, entry=entry, field=field)
        others = [each["name"] for each in entry.pieces if each is not piece]
        yield from _about_name(
            piece["name"],
            place.parent,
            # The name is free when the place itself ends on that day.
            place=None if entry.goes_on else place,
            local_name=piece["local_name"],
            beside=others,
            number=number,
        )


def _about_known_piece(
    entry: EnteredChange, place: Region, known: Region, piece: Mapping[str, str], *, number: int
) -> Iterator[Fault]:
    field, values = f"code_{number}", {"place": known.name, "code": known.code}
    if known.pk == place.pk:
        yield Fault(field, _("This is the place itself. Tick that it goes on instead."))
    elif known.ended_on is not None:
        words = _("%(place)s ended on %(day)s; nothing more can happen to it.")
        yield Fault(field, words % {**values, "day": _day(known.ended_on)})
    elif known.country_code != place.country_code or known.level != place.level:
        yield Fault(field, _wrong_level(known, place))
    elif piece["name"] and folded(piece["name"]) != folded(known.name):
        words = _("%(code)s is the code of %(place)s. Leave the name empty, or write another code.")
        yield Fault(field, words % values)
    same = RegionChange.objects.filter(kind=Kind.SPLIT, on=entry.on, place=place, successor=known)
    if same.exists():
        yield Fault(field, _("%(place)s has land of it from this day already.") % values)


def _merged(entry: EnteredChange) -> Iterator[Fault]:
    place, other = _place(entry), _other(entry)
    if other.level != place.level:
        yield Fault("other", _wrong_level(other, place))
        return
    names = {folded(child.name) for child in other.children.standing()}
    for child in place.children.standing().order_by("name"):
        if folded(child.name) in names:
            words = _("Both have a place called %(name)s. Rename one of them first.")
            yield Fault("other", words % {"name": child.name})


def _created(entry: EnteredChange) -> Iterator[Fault]:
    above, level = _other(entry), new_level(entry)
    if not level:
        words = _("Nothing lies below a %(level)s. Choose a place one level above.")
        yield Fault("other", words % {"level": above.get_level_display()})
        return
    if is_blank(entry.name):
        yield Fault("name", _("Write the name of the new place."))
    yield from _about_name(entry.name, above, local_name=entry.local_name)
    if not entry.code:
        words = _("Write the code of the new place, such as %(example)s.")
        yield Fault("code", words % {"example": EXAMPLE_CODES[level]})
    else:
        yield from _about_code(entry.code, level, above=above, entry=entry)


def _abolished(entry: EnteredChange) -> Iterator[Fault]:
    place = _place(entry)
    yield from _about_children(place)
    # What a list once named for it, and who works there, may stay as they were.
    kinds = [holder for holder in HOLDERS.values() if holder.kind not in ("product", "role")]
    there = [(holder.label, holder.rows(place).count()) for holder in kinds]
    if standing := ", ".join(f"{label}: {count}" for label, count in there if count):
        words = _(
            "Something stands there (%(what)s). Say which place has its land: split, or part of another."
        )
        yield Fault("place", words % {"what": standing})


_RULES: Mapping[str, Callable[[EnteredChange], Iterator[Fault]]] = {
    Kind.RENAMED: _renamed,
    Kind.MOVED: _moved,
    Kind.SPLIT: _split,
    Kind.MERGED: _merged,
    Kind.CREATED: _created,
    Kind.ABOLISHED: _abolished,
}


def _about_children(place: Region) -> Iterator[Fault]:
    if count := place.children.standing().count():
        words = _("%(count)d places lie in %(place)s. Move them under another place first.")
        yield Fault("place", words % {"count": count, "place": place.name})


def _about_name(
    name: str,
    above: Region | None,
    *,
    place: Region | None = None,
    local_name: str = "",
    beside: Sequence[str] = (),
    number: int = 0,
) -> Iterator[Fault]:
    """place: the one that is called so. beside: names that come with it. number: of the piece, 0 for none."""
    end = f"_{number}" if number else ""
    siblings = above.children.standing().exclude(pk=place.pk if place else 0) if above else ()
    taken = [*(each.name for each in siblings), *beside]
    if name and folded(name) in {folded(each) for each in taken if each}:
        words = _("There is a place called %(name)s in %(above)s already.")
        yield Fault(f"name{end}", words % {"name": name, "above": above.name if above else ""})
    if local_name and above is not None:
        try:
            local_language(local_name, above.code)
        except ValueError:
            yield Fault(f"local_name{end}", _("Write it in one script of the country, or leave it empty."))


def _about_code(
    code: str, level: str, *, above: Region | None, entry: EnteredChange, field: str = "code"
) -> Iterator[Fault]:
    values = {"code": code, "example": EXAMPLE_CODES[level], "level": Region.Level(level).label}
    if not code_fits(code, level):
        words = _("This is not a %(level)s code, such as %(example)s.")
        yield Fault(field, words % values)
    elif above and not code.startswith(f"{above.code}-"):
        words = _("The code must begin with that of the place above it: %(begin)s")
        yield Fault(field, words % {"begin": f"{above.code}-"})
    if len(code) > _LONGEST_CODE or (above and len(f"{above.path}{code}/") > _LONGEST_PATH):
        yield Fault(field, _("This code is too long."))
    held = Region.objects.filter(code=code).first()
    former = RegionChange.objects.filter(code_before=code).select_related("place").first()
    if held is not None:
        yield Fault(field, _("%(place)s has this code.") % {"place": held.name})
    elif former is not None:
        words = _("%(place)s had this code once, and its old addresses lead there. Choose another.")
        yield Fault(field, words % {"place": former.place.name})
    waiting = EnteredChange.objects.waiting().exclude(pk=entry.pk)
    there = waiting.filter(Q(code=code) | Q(pieces__contains=[{"code": code}])).first()
    if there is not None:
        words = _("A change that waits for %(day)s gives this code to a place.")
        yield Fault(field, words % {"day": _day(there.on)})


def _wrong_level(other: Region, place: Region) -> str:
    values = {"other": other.name, "is": other.get_level_display(), "level": place.get_level_display()}
    return _("%(other)s is a %(is)s. Choose a %(level)s of the same country.") % values


def _place(entry: EnteredChange) -> Region:
    return _given(entry.place)


def _other(entry: EnteredChange) -> Region:
    return _given(entry.other)


def _given(place: Any) -> Region:
    if not isinstance(place, Region):
        raise TypeError("a change without its place")
    return place


def _day(day: date) -> str:
    return date_format(day, "j F Y")
