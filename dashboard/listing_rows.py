"""Listings and their stock as rows of the dashboard."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, IntegerField, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import ListingChange, ListingEvent, Product, ProductImage
from catalogue.selectors.listings import Picture, content_words, picture_of, unit_price_words
from vendors.models import Membership, Partner, StockRecord

CHANGES = {
    ListingChange.State.DRAFT: gettext_lazy("a change is not sent yet"),
    ListingChange.State.SUBMITTED: gettext_lazy("a change is at the office"),
    ListingChange.State.RETURNED: gettext_lazy("a change came back"),
}
MOST_LOW = 6


@dataclass(frozen=True)
class StockRow:
    """Price and units of one size. in_store counts what lies there, reserved what of it is sold and not yet sent.

    for_sale is what shoppers can still buy. price is in currency; size and per_unit (the price of 100 g, 100 ml or a piece) may be empty.
    """

    pk: int
    title: str
    size: str
    url: str
    picture: Picture | None
    price: Decimal
    currency: str
    in_store: int
    reserved: int
    per_unit: str = ""

    @property
    def for_sale(self) -> int:
        """Units that are neither reserved nor gone."""
        return self.in_store - self.reserved

    @property
    def one_less(self) -> int | None:
        """What the minus button writes; None when only reserved units are left."""
        return self.in_store - 1 if self.in_store > self.reserved else None

    @property
    def one_more(self) -> int:
        """What the plus button writes."""
        return self.in_store + 1


@dataclass(frozen=True)
class ListingRow:
    """One listing of the group; note: why it came back; change: how its open change stands. Both may be empty."""

    pk: int
    title: str
    url: str
    state: str
    state_words: str
    picture: Picture | None
    stock: Sequence[StockRow]
    note: str
    change: str = ""


def own_listings(user: Any) -> QuerySet[Product]:
    """Whole listings of the groups this person belongs to; staff review listings in admin, not here."""
    own = Membership.objects.filter(user=user).values("vendor")
    return Product.objects.visible_to(user).filter(vendor__in=own).whole()


def own_stock(user: Any) -> QuerySet[StockRecord]:
    """Stock records of those listings, sizes that were taken out apart."""
    own = Membership.objects.filter(user=user).values("vendor")
    return StockRecord.objects.filter(
        partner__in=own, product__vendor=F("partner"), product__is_removed=False
    )


def listed(rows: QuerySet[Product]) -> QuerySet[Product]:
    """The same listings with all that rows need: one query, and four more for photos, sizes and stock."""
    returned = ListingEvent.objects.filter(listing=OuterRef("pk"), to_state=Product.State.RETURNED)
    photos = Prefetch("images", ProductImage.objects.order_by("display_order", "pk"))
    sizes = Prefetch(
        "children", Product.objects.filter(is_removed=False).order_by("pk").prefetch_related("stockrecords")
    )
    waiting = ListingChange.objects.open().filter(listing=OuterRef("pk"))
    return rows.annotate(
        note=Subquery(returned.order_by("-created_at").values("reason")[:1]),
        change_state=Subquery(waiting.values("state")[:1]),
    ).prefetch_related(photos, "stockrecords", sizes)


def listing_rows(rows: Iterable[Product]) -> list[ListingRow]:
    """Rows of listings that came from listed; no query for a row."""
    return [_listing_row(row) for row in rows]


def with_low_at(rows: QuerySet[StockRecord]) -> Any:
    """The same records, low_at beside each: at how many for sale it is low, its own number or the group's."""
    return rows.annotate(
        low_at=Coalesce("low_stock_threshold", "partner__low_stock_default", output_field=IntegerField())
    )


def low(rows: Any) -> Any:
    """Those of with_low_at of which no more is left for shoppers than that number."""
    return rows.filter(num_in_stock__lte=F("num_allocated") + F("low_at"))


def low_stock(vendor: Partner) -> list[StockRow]:
    """Sizes on sale of which little is left for shoppers, fewest first; at most three queries."""
    photos = ProductImage.objects.order_by("display_order", "pk")
    records = (
        low(with_low_at(StockRecord.objects.filter(partner=vendor, product__state=Product.State.LIVE)))
        .select_related("product__parent")
        .prefetch_related(Prefetch("product__images", photos), Prefetch("product__parent__images", photos))
        .order_by(F("num_in_stock") - F("num_allocated"), "pk")
    )
    return [row_of(record) for record in records[:MOST_LOW]]


def row_of(record: StockRecord) -> StockRow:
    """Row of a stock record that was read with its product, parent and photos; no query."""
    listing: Product = record.product.parent or record.product
    return _stock_row(record, record.product, listing)


def _listing_row(row: Product) -> ListingRow:
    holders = list(row.children.all()) or [row]
    photos = list(row.images.all())
    came_back = row.state == Product.State.RETURNED
    return ListingRow(
        pk=row.pk,
        title=row.title or _("Without a name"),
        url=listing_url(row),
        state=row.state,
        state_words=str(row.get_state_display()),
        picture=picture_of(photos[0]) if photos else None,
        stock=[_stock_row(record, size, row) for size in holders for record in size.stockrecords.all()],
        note=(row.note or "") if came_back else "",
        change=str(CHANGES.get(row.change_state, "")),
    )


def listing_url(listing: Product) -> str:
    """Address of the page on which the group works on it."""
    return reverse("dashboard-listing-detail", args=[listing.pk])


def _content(size: Product) -> str:
    # "1 piece" tells nobody anything.
    is_one_piece = size.net_unit == Product.Unit.PIECE and size.net_quantity == 1
    return "" if is_one_piece else content_words(size)


def _stock_row(record: StockRecord, size: Product, listing: Product) -> StockRow:
    photos = list(listing.images.all())
    return StockRow(
        pk=record.pk,
        title=listing.title,
        size=size.size_label or _content(size),
        url=listing_url(listing),
        picture=picture_of(photos[0]) if photos else None,
        price=record.price,
        currency=record.price_currency,
        in_store=record.num_in_stock,
        reserved=record.num_allocated,
        per_unit=unit_price_words(size, record.price, currency=record.price_currency),
    )
