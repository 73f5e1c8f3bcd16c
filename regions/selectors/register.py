"""What became of places: by a code or name of before, and which ones have the land of a place that ended."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q

from regions.models import Region, RegionAlias, RegionChange, RegionQuerySet


def place_by_code(code: str) -> Region | None:
    """The place that has this code, had it, or has it as another name ("IN-CG"); None when it is nobody's, or several's.

    Read with the places above it; one query for a code of today, up to three for any other.
    """
    rows = Region.objects.select_related("parent__parent")
    word = code.strip().replace("\0", "")
    found = rows.filter(code=word.upper()).first()
    if found is not None or not word:
        return found
    former = RegionChange.objects.filter(code_before=word.upper()).order_by("-on", "-pk")
    if (pk := former.values_list("place", flat=True).first()) is not None:
        return rows.get(pk=pk)
    named = RegionAlias.objects.filter(Q(alias__iexact=word) | Q(alias__iexact=word.replace("-", " ")))
    keys = set(named.filter(region__ended_on__isnull=True).values_list("region", flat=True))
    return rows.get(pk=keys.pop()) if len(keys) == 1 else None


def successors_of(place: Region) -> Sequence[Region]:
    """Standing places that have the land of one that ended, by name; nothing when none is known.

    Also for a place that goes on, after it gave land away: those that have it. A query for each step.
    """
    found: dict[int, Region] = {}
    seen = {place.pk}
    asked = [place.pk]
    while asked:
        rows = RegionChange.objects.filter(place__in=asked, successor__isnull=False)
        after = Region.objects.filter(pk__in=rows.values("successor")).exclude(pk__in=seen)
        asked = []
        for each in after.select_related("parent__parent"):
            seen.add(each.pk)
            if each.ended_on is None:
                found[each.pk] = each
            else:
                asked.append(each.pk)
    return sorted(found.values(), key=lambda each: (each.name, each.pk))


def successor_of(place: Region) -> Region | None:
    """The one standing place that a place became part of; None while it stands, and after a split."""
    step, seen = place, {place.pk}
    while step.ended_on is not None:
        change = (
            RegionChange.objects.filter(place=step, kind=RegionChange.Kind.MERGED)
            .select_related("successor__parent__parent")
            .first()
        )
        if change is None or change.successor is None or change.successor.pk in seen:
            return None
        step = change.successor
        seen.add(step.pk)
    return step if step is not place else None


def addressed_place(country_code: str, *, state: str, town: str = "") -> Region | None:
    """The standing place that an address means, as deep as its words are known; None where no state is; one query.

    state, town: as people write them, also as the place was called before. The name of today goes before a former one;
    a former name that two places share, as after a split, means neither.
    """
    places = Region.objects.standing().filter(path__startswith=f"{country_code}/")
    first, second = _called(places.filter(depth=1), state), _called(places.filter(depth=2), town)
    found = list((first | second).annotate(is_so_called=_is_name(state) | _is_name(town)))
    above = _only(place for place in found if place.depth == 1)
    if above is None:
        return None
    return _only(place for place in found if place.depth == 2 and place.parent_id == above.pk) or above


def _is_name(words: str) -> Q:
    return Q(name__iexact=words.strip()) | Q(local_name=words.strip(), local_name__gt="")


def _called(places: RegionQuerySet, words: str) -> RegionQuerySet:
    if not words.strip():
        return places.none()
    former = RegionAlias.objects.filter(region=OuterRef("pk"), alias__iexact=words.strip())
    return places.filter(_is_name(words) | Exists(former))


def _only(places: Iterable[Any]) -> Region | None:
    found = list(places)
    best = [place for place in found if place.is_so_called] or found
    return best[0] if len(best) == 1 else None
