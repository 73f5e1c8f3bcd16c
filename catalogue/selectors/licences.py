"""Food without a licence that holds today: it stays to be seen, and nobody can buy it until the office has verified one.

Computed each time, as claims are: the sale ends by itself the day after a licence, and begins by itself with the next.
Source: PRODUCT, promise 7.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value

from catalogue.models import Product
from catalogue.selectors.claims import Goods, covering, goods_of, in_food
from catalogue.selectors.expressions import ExistsForEach
from regions.models import Region
from vendors.models import Certificate, Partner


def licence_of(listing: Product) -> str:
    """Number of the food licence that covers these goods today, or nothing; at most three queries.

    listing: as it stands in memory, read with its region and group. The number that a group has typed counts until the
    office has verified a licence that has begun: from then on those that are verified count, in their scope and days.
    """
    found = _licences(goods_of(listing, is_food=True)).order_by("-valid_until", "-pk")
    number = found.values_list("number", flat=True).first()
    if number is not None:
        return str(number)
    typed: str = listing.vendor.food_licence.strip()
    return "" if typed and _ever_verified().filter(vendor=listing.vendor_id).exists() else typed


def is_unlicensed() -> Q:
    """What is true of a whole listing of food for which no licence counts today; asked of each of a few rows."""
    food = in_food().filter(product=OuterRef("pk"))
    typed = _who_typed_one().filter(pk=OuterRef("vendor"))
    return Q(ExistsForEach(food)) & ~Q(ExistsForEach(typed)) & ~Q(ExistsForEach(_licences()))


def without_unlicensed(rows: QuerySet[Product]) -> QuerySet[Product]:
    """The same whole listings without those of is_unlicensed; answered at once for all there are, for long lists."""
    licensed = Q(pk__in=_licences_of().values("listing")) | Q(vendor__in=_who_typed_one().values("pk"))
    return rows.filter(~Q(pk__in=in_food().values("product")) | licensed)


def unlicensed(listing_pks: Collection[int]) -> set[int]:
    """Keys of those of these whole listings that cannot be bought for want of a licence; one query."""
    rows = Product.objects.filter(is_unlicensed(), pk__in=listing_pks)
    return set(rows.order_by().values_list("pk", flat=True))


def unlicensed_among(listing_pks: Collection[int]) -> set[int]:
    """The same for many whole listings at once, reading what belongs to them alone; three queries."""
    food = list(in_food().filter(product__in=listing_pks).values_list("product", flat=True))
    rows = Product.objects.filter(pk__in=food)
    held = _licences_of(rows)
    typed = _who_typed_one().filter(listings__in=food).values_list("listings", flat=True)
    return set(food) - set(held.values_list("listing", flat=True)) - set(typed)


def _who_typed_one() -> QuerySet[Partner]:
    """Groups whose typed number still counts."""
    typed = Partner.objects.filter(food_licence__regex=r"\S")
    return typed.exclude(pk__in=_ever_verified().values("vendor"))


def _licences(goods: Goods | None = None) -> QuerySet[Certificate]:
    return covering(goods).filter(kind__in=Certificate.FOOD_LICENCES)


def _licences_of(rows: QuerySet[Product] | None = None) -> QuerySet[Any]:
    """Food licences that hold today, each with the key of every listing that it covers, of these rows or of all."""
    each = "vendor__listings"
    # The path is read for each pair: joined, PostgreSQL may pair all places before it looks at whose certificate it is.
    place = Region.objects.filter(pk=OuterRef(f"{each}__region")).values("path")
    # Named before they are filtered by, so that all are of one join.
    paired = Certificate.objects.alias(
        path=Subquery(place), product=F(f"{each}__identified_product"), title=F(f"{each}__title")
    ).annotate(listing=F(each))
    if rows is not None:
        paired = paired.filter(listing__in=rows.values("pk"))
    goods = Goods(F("vendor"), F("path"), F("product"), F("title"), is_food=Value(True))
    return covering(goods, among=paired).filter(kind__in=Certificate.FOOD_LICENCES)


def _ever_verified() -> QuerySet[Certificate]:
    licences = Certificate.objects.begun().filter(kind__in=Certificate.FOOD_LICENCES)
    return licences.filter(verified_at__isnull=False)
