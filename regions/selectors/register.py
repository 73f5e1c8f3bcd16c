"""What became of places: by a code or name of before, and which ones have the land of a place that ended."""

from collections.abc import Sequence

from django.db.models import Q

from regions.models import Region, RegionAlias, RegionChange


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
