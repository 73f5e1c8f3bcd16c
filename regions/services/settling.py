"""What every change of the register does before and after: one at a time, and all that hangs on places follows."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection

from regions.models import GeographicalIndication, Region, RegionChange
from regions.services import placing, register_rows

_LOCK = 7_013_001  # advisory lock: loads of files and changes by staff wait for each other


def take_lock() -> None:
    """Change the register alone until the transaction ends; waits as long as a page waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def share_lock() -> None:
    """Let nobody change the register until the transaction ends; many hold this at once. Taken before any row is locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])


@contextmanager
def settling(*, at: Region | None = None) -> Iterator[None]:
    """Change places inside: afterwards paths, protected names, rows of merged places and copies of names are true.

    at: the place that the change is about; raises PlacingError for what cannot go where its land goes. Must run in a
    transaction. Safe to repeat.
    """
    take_lock()
    before = register_rows.names_held()
    yield
    register_rows.mend_paths()
    link_protected_names()
    placing.follow_mergers(at=at)
    register_rows.tell_of_names(before)


def standing_keys() -> Mapping[int, int]:
    """Key of each place that ended -> key of the one standing place that has its land; not after a split in several."""
    after: dict[int, set[int]] = {}
    rows = RegionChange.objects.filter(successor__isnull=False, place__ended_on__isnull=False)
    for place, successor in rows.values_list("place", "successor"):
        after.setdefault(place, set()).add(successor)
    ended = set(Region.objects.filter(ended_on__isnull=False).values_list("pk", flat=True))

    def standing(pk: int, seen: frozenset[int]) -> set[int]:
        if pk not in ended:
            return {pk}
        found: set[int] = set()
        for each in after.get(pk, set()) - seen:
            found |= standing(each, seen | {pk})
        return found

    found = {pk: standing(pk, frozenset()) for pk in after}
    return {pk: keys.pop() for pk, keys in found.items() if len(keys) == 1}


def link_protected_names() -> int:
    """Let protected names of a place that became part of another name that one; returns how many links were changed."""
    link, changed = GeographicalIndication.regions.through, 0
    for old, new in standing_keys().items():
        rows = link.objects.filter(region_id=old)
        known = link.objects.filter(region_id=new).values("geographicalindication_id")
        rows.filter(geographicalindication_id__in=known).delete()
        changed += rows.update(region_id=new)
    return changed
