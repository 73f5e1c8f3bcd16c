"""Which places a scheme has reached: identified product, group, live listing, sale of the last days."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import models
from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalogue.models import Product
from catalogue.selectors.places import paths_above
from marketplace.lib.dates import local_day, zone_of
from orders.models import Line, VendorOrder
from payments.models import Refund, RefundItem
from regions.models import IdentifiedProduct, Region, Scheme
from regions.policies import Reach
from vendors.models import Partner

SALE_WITHIN = timedelta(days=90)


class Gap(models.TextChoices):
    """What a place lacks first, in the order in which a programme closes gaps; COVERED for nothing."""

    PRODUCT = "product", _("no identified product")
    GROUP = "group", _("no group")
    LISTING = "listing", _("no live listing")
    SALE = "sale", _("no sale in 90 days")
    COVERED = "covered", _("covered")


@dataclass(frozen=True)
class Place:
    """One place with what it and everything below it has.

    sales: lines of orders handed to groups today or on the 90 days before, in days of the country, and neither cancelled
    nor refunded whole. region is read with the place above it.
    """

    region: Region
    products: int
    groups: int
    listings: int
    sales: int

    @property
    def gap(self) -> Gap:
        """What is missing first."""
        if not self.products:
            return Gap.PRODUCT
        if not self.groups:
            return Gap.GROUP
        if not self.listings:
            return Gap.LISTING
        return Gap.COVERED if self.sales else Gap.SALE


@dataclass(frozen=True)
class Coverage:
    """The places of one level under one scheme, in the order of the tree. at: when it was counted."""

    scheme: Scheme
    level: Region.Level
    places: Sequence[Place]
    at: datetime

    @property
    def totals(self) -> Mapping[Gap, int]:
        """Number of places by what they lack first; every gap has its number."""
        found = Counter(place.gap for place in self.places)
        return {gap: found[gap] for gap in Gap}

    def lacking(self, gap: Gap | None) -> Sequence[Place]:
        """Places whose first gap this is; all of them without one."""
        return [place for place in self.places if gap in (None, place.gap)]


def levels_of(scheme: Scheme) -> Sequence[Region.Level]:
    """Levels at which a scheme can be looked at, the smallest places first."""
    return scheme.levels


def coverage(
    scheme: Scheme,
    level: Region.Level,
    *,
    within: Region | None = None,
    reach: Reach | None = None,
    now: datetime | None = None,
) -> Coverage:
    """Count what each place of a level has; five queries, whatever the size.

    A product counts if this scheme names it. within: this place and what lies below it only; reach: places in which a
    person works only. What a scheme names for a dzongkhag as a whole counts for the dzongkhag, not for each of its gewogs.
    """
    at = now or timezone.now()
    regions = Region.objects.at(level).standing().within(within or scheme.country).select_related("parent")
    if reach is not None:
        regions = regions.filter(reach.rows("path"))
    live = Product.objects.live().whole()
    products = _by_place(IdentifiedProduct.objects.filter(scheme=scheme).standing(), "region__path")
    groups = _by_place(Partner.objects.filter(state=Partner.State.APPROVED), "home_region__path")
    listings = _by_place(live, "region__path")
    sales = _by_place(_sold(at, scheme.country.code), "product__region__path")
    places = [
        Place(
            region,
            products[region.path],
            groups[region.path],
            listings[region.path],
            sales[region.path],
        )
        for region in regions.order_by("path")
    ]
    return Coverage(scheme, level, places, at)


def _sold(at: datetime, country_code: str) -> QuerySet[Line]:
    """Lines of the last 90 days whose goods were not taken back or paid back, every unit of them."""
    first = datetime.combine(local_day(at, country_code) - SALE_WITHIN, time.min, zone_of(country_code))
    back = RefundItem.objects.filter(line=OuterRef("pk"), refund__state=Refund.State.SUCCEEDED)
    units = back.order_by().values("line").annotate(units=Sum("quantity"))
    sold = Line.objects.filter(vendor_order__released_at__gte=first, vendor_order__released_at__lte=at)
    return sold.exclude(vendor_order__state=VendorOrder.State.CANCELLED).exclude(
        Exists(units.filter(units__gte=OuterRef("quantity")))
    )


def _by_place(rows: QuerySet, path: str) -> Counter[str]:
    """How many rows each place has, those of the places below it included; by path."""
    own: Iterable[tuple[str | None, int]] = (
        rows.order_by().values(path).annotate(found=Count("pk")).values_list(path, "found")
    )
    total: Counter[str] = Counter()
    for own_path, found in own:
        for above in paths_above(own_path or ""):
            total[above] += found
    return total
