"""Listings on sale that would not be put on sale today: a certificate or licence has ended, was withdrawn or corrected."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet

from catalogue.models import Product
from catalogue.selectors.claims import covering
from catalogue.selectors.licences import is_unlicensed
from regions.domain.protected_names import uses, uses_across
from regions.models import GeographicalIndication
from vendors.models import Certificate


@dataclass(frozen=True)
class Lapse:
    """One listing, and what it lacks: the protected name that it uses, or empty for a food licence.

    is_out_of_scope: the group may use the name, and its certificate does not cover this listing any more.
    """

    pk: int
    title: str
    name: str
    is_out_of_scope: bool = False


def lapsed(rows: QuerySet[Product]) -> list[Lapse]:
    """Those of these listings that are on sale and lack what they needed to get there; at most five queries.

    A certificate counts as gone while no other one of the group for the same name holds; one that was corrected must cover
    the title still. What a name that is registered
    anew would hold is found when a listing is handed in or changed.
    """
    live = rows.filter(state=Product.State.LIVE).exclude(structure=Product.CHILD).order_by("pk")
    food = live.filter(is_unlicensed()).values_list("pk", "title")
    return [*(Lapse(pk, title, "") for pk, title in food), *_named(live)]


def _named(live: QuerySet[Product]) -> Iterator[Lapse]:
    held = Certificate.objects.filter(kind=Certificate.Kind.GI, vendor__in=live.order_by().values("vendor"))
    begun = held.filter(verified_at__isnull=False) & Certificate.objects.begun()
    valid = set((held & Certificate.objects.valid_now()).values_list("vendor", "gi"))
    # Names that may have been lost: the certificate is gone, or was corrected since a listing was approved with it.
    lost: dict[int, set[int]] = defaultdict(set)
    may_use: dict[int, set[int]] = defaultdict(set)
    for vendor, gi in valid:
        may_use[vendor].add(gi)
    for vendor, gi, version in begun.values_list("vendor", "gi", "version"):
        if gi is not None and ((vendor, gi) not in valid or version > 1):
            lost[vendor].add(gi)
    if not lost:
        return
    names = dict(GeographicalIndication.objects.values_list("pk", "name"))
    covered = covering().filter(kind=Certificate.Kind.GI).values("gi")
    texts = live.filter(vendor__in=lost).annotate(covered=ArraySubquery(covered))
    for pk, vendor, title, description, covers in texts.values_list(
        "pk", "vendor", "title", "description", "covered"
    ):
        near = {key: names[key] for key in {*lost[vendor], *may_use[vendor]}}
        # As in catalogue.selectors.protected_names: the title must be covered, the story may name what else is made.
        in_title = {*covers, *(may_use[vendor] - lost[vendor])}
        found = [
            *uses(title, near, free=in_title, is_title=True),
            *uses(description, near, free=may_use[vendor]),
            *uses_across(title, description, near, free=in_title),
        ]
        if found:
            name = found[0].name
            yield Lapse(pk, title, name, is_out_of_scope=name in {names[key] for key in may_use[vendor]})
