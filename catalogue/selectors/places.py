"""What is on sale where."""

from collections import Counter
from collections.abc import Mapping

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from catalogue.models import ListingTally, Product
from regions.models import IdentifiedProduct, Region


def counts_by_path() -> Mapping[str, int]:
    """Live listings per place, those below it included; path of the place -> number, 0 for any other path.

    One query of sums that are kept; no listing is read.
    """
    own = (
        ListingTally.objects.filter(root="")
        .order_by()
        .values_list("region__path")
        .annotate(found=Sum("change"))
        .filter(found__gt=0)
    )
    total: Counter[str] = Counter()
    for path, found in own:
        for above in paths_above(path):
            total[above] += found
    return total


def paths_above(path: str) -> list[str]:
    """The path itself and those of all places above it: "BT/BT-11/" gives "BT/" and "BT/BT-11/"."""
    codes = path.rstrip("/").split("/")
    return ["/".join(codes[: depth + 1]) + "/" for depth in range(len(codes))]


def known_products(region: Region) -> QuerySet[IdentifiedProduct]:
    """Identified products of a place and of what lies below it, with their number of live listings; one query."""
    live = Q(
        listings__state=Product.State.LIVE,
        listings__vendor__state="approved",
        listings__structure__in=(Product.STANDALONE, Product.PARENT),
    )
    return (
        IdentifiedProduct.objects.filter(region__path__startswith=region.path)
        .standing()
        .select_related("region", "scheme__country", "listed_for")
        .annotate(live_listings=Count("listings", filter=live))
        .order_by("-live_listings", "region__path", "name")
    )


def products_named_earlier(region: Region) -> QuerySet[IdentifiedProduct]:
    """Identified products of a place and of what lies below it that have ended, the latest end first; one query."""
    return (
        IdentifiedProduct.objects.filter(region__path__startswith=region.path)
        .ended()
        .select_related("region", "scheme", "listed_for", "replaced_by")
        .order_by("-ended_on", "region__path", "name")
    )


def products_without_seller() -> QuerySet[IdentifiedProduct]:
    """Identified products of which no live listing exists."""
    sold = Product.objects.live().filter(identified_product=OuterRef("pk"))
    return (
        IdentifiedProduct.objects.standing()
        .filter(~Exists(sold))
        .select_related("region__parent", "scheme", "listed_for")
    )
