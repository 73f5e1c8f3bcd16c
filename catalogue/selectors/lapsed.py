"""Listings on sale that would not be put on sale today: a certificate or licence of their group has ended or was withdrawn."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from catalogue.models import Product
from catalogue.selectors.licences import is_unlicensed
from regions.domain.protected_names import uses
from regions.models import GeographicalIndication
from vendors.models import Certificate


@dataclass(frozen=True)
class Lapse:
    """One listing, and what it lacks: the protected name that it uses, or empty for a food licence."""

    pk: int
    title: str
    name: str


def lapsed(rows: QuerySet[Product]) -> list[Lapse]:
    """Those of these listings that are on sale and lack what they needed to get there; at most five queries.

    A certificate counts as gone while no other one of the group for the same name holds. What a name that is registered
    anew would hold is found when a listing is handed in or changed.
    """
    live = rows.filter(state=Product.State.LIVE).exclude(structure=Product.CHILD).order_by("pk")
    food = live.filter(is_unlicensed()).values_list("pk", "title")
    return [*(Lapse(pk, title, "") for pk, title in food), *_named(live)]


def _named(live: QuerySet[Product]) -> Iterator[Lapse]:
    held = Certificate.objects.filter(kind=Certificate.Kind.GI, vendor__in=live.order_by().values("vendor"))
    begun = held.filter(verified_at__isnull=False) & Certificate.objects.begun()
    valid = set((held & Certificate.objects.valid_now()).values_list("vendor", "gi"))
    gone: dict[int, set[int]] = defaultdict(set)
    may_use: dict[int, list[int]] = defaultdict(list)
    for vendor, gi in valid:
        may_use[vendor].append(gi)
    for vendor, gi in begun.values_list("vendor", "gi"):
        if gi is not None and (vendor, gi) not in valid:
            gone[vendor].add(gi)
    if not gone:
        return
    names = dict(GeographicalIndication.objects.values_list("pk", "name"))
    texts = live.filter(vendor__in=gone).values_list("pk", "vendor", "title", "description")
    for pk, vendor, title, description in texts:
        near = {key: names[key] for key in {*gone[vendor], *may_use[vendor]}}
        found = [use.name for text in (title, description) for use in uses(text, near, free=may_use[vendor])]
        if found:
            yield Lapse(pk, title, found[0])
