"""What will follow from a change of a place, before it is carried out: counts, moves, addresses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from marketplace.lib.dates import today_in
from regions.models import EnteredChange, Region, RegionChange
from regions.services.holders import HOLDERS
from regions.services.register_checks import new_level

Kind = RegionChange.Kind


@dataclass(frozen=True)
class Standing:
    """One kind of rows that stand at the place. becomes: what happens to them."""

    label: str | Promise
    count: int
    becomes: str


@dataclass(frozen=True)
class Foreseen:
    """sentences: what will be. standing: kinds of which there are any. redirects: address of before -> what it does then."""

    sentences: Sequence[str]
    standing: Sequence[Standing]
    redirects: Sequence[tuple[str, str]]
    is_at_once: bool


def foresee(entry: EnteredChange) -> Foreseen:
    """What will follow from a change without faults; a query for each kind of rows, and writes nothing."""
    sentences = _SENTENCES[entry.kind](entry)
    is_at_once = entry.on <= today_in(entry.country)
    if not is_at_once:
        words = _(
            "Until %(day)s nothing changes. It is carried out at the beginning of that day, as it is then."
        )
        sentences = [words % {"day": date_format(entry.on, "j F Y")}, *sentences]
    return Foreseen(sentences, _standing(entry), _redirects(entry), is_at_once)


def _standing(entry: EnteredChange) -> Sequence[Standing]:
    place = entry.place
    if place is None:
        return []
    found = [(holder, holder.rows(place).count()) for holder in HOLDERS.values()]
    return [
        Standing(holder.label, count, _becomes(entry, has_followers=holder.has_followers))
        for holder, count in found
        if count
    ]


def _becomes(entry: EnteredChange, *, has_followers: bool) -> str:
    if entry.kind == Kind.MERGED:
        if has_followers:
            return _("go to %(place)s by themselves") % {"place": _name(entry.other)}
        return _("stay; staff place them")
    if entry.kind == Kind.SPLIT:
        return _("stay until staff place them")
    if entry.kind == Kind.ABOLISHED:
        return _("stay with the place that ended")
    return _("stay with the place")


def _redirects(entry: EnteredChange) -> Sequence[tuple[str, str]]:
    place = entry.place
    if place is None:
        return []
    old, leads = f"/places/{place.code}/", _("leads to %(address)s")
    if entry.kind == Kind.MERGED:
        return [(old, leads % {"address": f"/places/{entry.other.code if entry.other else ''}/"})]
    if entry.code:
        return [(old, leads % {"address": f"/places/{entry.code}/"})]
    if entry.kind == Kind.SPLIT and not entry.goes_on:
        return [(old, _("stays, says that the place ended, and names the places that have its land"))]
    if entry.kind == Kind.ABOLISHED:
        return [(old, _("stays, and says that the place ended"))]
    return [(old, _("stays as it is"))]


def _renamed(entry: EnteredChange) -> list[str]:
    place = _given(entry.place)
    words = [
        _("%(old)s is called %(new)s. It is still found under the old name.")
        % {"old": place.name, "new": entry.name}
    ]
    if entry.code:
        words.append(_code_words(place, entry.code))
    return words


def _moved(entry: EnteredChange) -> list[str]:
    place, above = _given(entry.place), _given(entry.other)
    values = {"place": place.name, "old": _name(place.parent), "new": above.name}
    words = [_("%(place)s lies in %(new)s, no longer in %(old)s; all that lies in it goes along.") % values]
    if (level := new_level(entry)) != place.level:
        said = _("It is a %(new)s then, no longer a %(old)s.")
        words.append(said % {"new": Region.Level(level).label, "old": place.get_level_display()})
    if entry.code:
        words.append(_code_words(place, entry.code))
    return words


def _split(entry: EnteredChange) -> list[str]:
    place = _given(entry.place)
    held = dict(Region.objects.coded(p["code"] for p in entry.pieces).values_list("code", "name"))
    named = [
        _("%(name)s (%(code)s, new)") % piece if piece["code"] not in held else held[piece["code"]]
        for piece in entry.pieces
    ]
    values = {"place": place.name, "pieces": ", ".join(named)}
    if entry.goes_on:
        return [_("%(place)s goes on and gives land to: %(pieces)s.") % values]
    return [_("%(place)s ends. Its land goes to: %(pieces)s.") % values]


def _merged(entry: EnteredChange) -> list[str]:
    place, other = _given(entry.place), _given(entry.other)
    words = [_("%(place)s ends and becomes part of %(other)s.") % {"place": place.name, "other": other.name}]
    if count := place.children.standing().count():
        said = _("%(count)d places that lie in it lie in %(other)s then.")
        words.append(said % {"count": count, "other": other.name})
    return words


def _created(entry: EnteredChange) -> list[str]:
    level = Region.Level(new_level(entry)).label
    values = {"name": entry.name, "code": entry.code, "level": level, "above": _name(entry.other)}
    return [
        _("%(name)s (%(code)s) becomes a %(level)s of %(above)s.") % values,
        _("It has no point on the map yet; write one on its page."),
    ]


def _abolished(entry: EnteredChange) -> list[str]:
    return [_("%(place)s ends. Nobody has its land.") % {"place": _name(entry.place)}]


_SENTENCES: Mapping[str, Callable[[EnteredChange], list[str]]] = {
    Kind.RENAMED: _renamed,
    Kind.MOVED: _moved,
    Kind.SPLIT: _split,
    Kind.MERGED: _merged,
    Kind.CREATED: _created,
    Kind.ABOLISHED: _abolished,
}


def _code_words(place: Region, code: str) -> str:
    return _("Its code is %(new)s, no longer %(old)s.") % {"new": code, "old": place.code}


def _name(place: Region | None) -> str:
    return place.name if place else ""


def _given(place: Any) -> Region:
    if not isinstance(place, Region):
        raise TypeError("a change without its place")
    return place
