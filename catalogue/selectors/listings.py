"""Listings as cards and lists show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.files.storage import default_storage
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, JSONObject
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from catalogue.models import PHOTO_WIDTHS, Product, ProductImage
from catalogue.selectors.claims import ON_CARDS, covering, seal_of
from catalogue.selectors.licences import is_unlicensed
from marketplace.lib.money import format_price
from vendors.models import StockRecord

_CENT = Decimal("0.01")
_OF_A_PHOTO = ("original", "width", "height", "alt_text", "has_renditions")


@dataclass(frozen=True)
class Picture:
    """A photo with its renditions: url of the middle one, srcset (may be empty), width and height in pixels."""

    url: str
    srcset: str
    width: int
    height: int
    alt: str
    large: str


@dataclass(frozen=True)
class ListingCard:
    """What a card shows of a listing. title: a Said, in the reader's language where it is known; price is in currency; availability says why it cannot be bought now."""

    pk: int
    title: str
    url: str
    place: str
    place_above: str
    place_code: str
    price: Decimal
    currency: str
    price_note: str
    picture: Picture | None
    is_available: bool
    availability: str
    seal: str = ""
    rating: float | None = None
    reviews: int = 0
    # What it was made of, read by card_rows; none for an example.
    row: Product | None = None


def card_rows(listings: QuerySet[Product]) -> QuerySet[Product]:
    """The same listings with all that cards need: one query."""
    # Subqueries, which PostgreSQL answers for the rows of one page only; a join would count before it cuts.
    free = StockRecord.objects.filter(num_in_stock__gt=F("num_allocated"))
    own_units = free.filter(product=OuterRef("pk"))
    units_of_sizes = free.filter(product__parent=OuterRef("pk"), product__state=Product.State.LIVE)
    sizes = (
        Product.objects.filter(parent=OuterRef("pk"), is_removed=False)
        .order_by()
        .values("parent")
        .annotate(found=Count("pk"))
    )
    photos = ProductImage.objects.filter(product=OuterRef("pk")).order_by("display_order", "pk")
    placed: Any = Product.categories.through.objects.filter(product=OuterRef("pk")).order_by()
    return (
        listings.filter(price_from__isnull=False)
        .select_related("region__parent", "vendor__home_region")
        .annotate(
            is_unlicensed=ExpressionWrapper(is_unlicensed(), output_field=BooleanField()),
            has_units=Exists(own_units) | Exists(units_of_sizes),
            sizes=Coalesce(Subquery(sizes.values("found")), 0),
            claim_kinds=ArraySubquery(covering().filter(kind__in=ON_CARDS).values("kind")),
            first_photo=Subquery(photos.values_list(JSONObject(**{name: name for name in _OF_A_PHOTO}))[:1]),
            category_paths=ArraySubquery(placed.values("category__path")),
        )
    )


def price_to_buy() -> Subquery:
    """For annotate, of listings: the lowest price at which there is something left to buy; null where all is sold out."""
    of_it = Q(product=OuterRef("pk")) | Q(product__parent=OuterRef("pk"), product__state=Product.State.LIVE)
    left = StockRecord.objects.filter(of_it, num_in_stock__gt=F("num_allocated"))
    return Subquery(left.order_by("price", "pk").values("price")[:1])


def cards(rows: Iterable[Product]) -> list[ListingCard]:
    """Cards of rows that came from card_rows; no query for a row. Closures count by the day of the group's country."""
    return [_card(row) for row in rows]


def _card(row: Product) -> ListingCard:
    # The null price is filtered out by card_rows.
    price: Decimal = row.price_from  # type: ignore[assignment]
    availability = _why_not(row)
    above = row.region.parent
    return ListingCard(
        pk=row.pk,
        title=row.said("title"),
        url=row.get_absolute_url(),
        place=row.region.shown_name,
        place_above=above.shown_name if above else "",
        place_code=row.region.code,
        price=price,
        currency=row.price_currency,
        price_note=price_note(row, price, currency=row.price_currency, sizes=row.sizes),
        picture=picture_of(ProductImage(**row.first_photo)) if row.first_photo else None,
        is_available=not availability,
        availability=availability,
        seal=seal_of(row.claim_kinds),
        rating=row.rating,
        reviews=row.rating_count,
        row=row,
    )


def _why_not(row: Product) -> str:
    if row.vendor.is_closed_on(row.vendor.today):
        until = date_format(row.vendor.closed_until, "j F")
        return gettext("closed until %(day)s") % {"day": until}
    if row.is_unlicensed:
        return gettext("not for sale at present")
    if not row.has_units:
        return gettext("sold out")
    return ""


def price_note(row: Product, price: Decimal, *, currency: str, sizes: int = 0) -> str:
    """Words beside a price: its size, and the price per 100 g, 100 ml or piece where that says more."""
    if sizes:
        return ngettext("%(count)d size", "and up, %(count)d sizes", sizes) % {"count": sizes}
    words = (row.size_label or content_words(row), unit_price_words(row, price, currency=currency))
    return " · ".join(word for word in words if word)


def unit_price_words(row: Product, price: Decimal, *, currency: str) -> str:
    """Price per 100 g, 100 ml or piece, such as "₹112 per 100 g"; empty where it says no more than the price."""
    unit = row.unit_price(price)
    if unit is None or unit[0].quantize(_CENT) == price.quantize(_CENT):
        return ""
    amount = unit[0].quantize(Decimal(1) if unit[0] >= 10 else _CENT, rounding=ROUND_HALF_UP)
    return gettext("%(price)s per %(unit)s") % {"price": format_price(amount, currency), "unit": unit[1]}


def content_words(row: Product) -> str:
    """Net content as a label says it, such as "250 g" or "1 kg"; empty when not known."""
    if not row.net_quantity or not row.net_unit:
        return ""
    amount, unit = row.net_quantity.normalize(), row.get_net_unit_display()
    if row.net_unit == Product.Unit.PIECE:
        return ngettext("%(count)s piece", "%(count)s pieces", int(amount)) % {"count": f"{amount:f}"}
    if amount >= 1000 and row.net_unit in (Product.Unit.GRAM, Product.Unit.MILLILITRE):
        amount, unit = (amount / 1000).normalize(), {"g": "kg", "ml": "l"}[str(row.net_unit)]
    return f"{amount:f} {unit}"


def picture_of(photo: ProductImage) -> Picture:
    """Addresses of a photo's renditions; only the original until the worker has made them."""
    width, height = photo.width or 1280, photo.height or 1280
    if not photo.has_renditions:
        url = default_storage.url(str(photo.original.name))
        return Picture(url, "", width, height, photo.alt_text, url)
    srcset = ", ".join(f"{photo.rendition_url(size)} {size}w" for size in PHOTO_WIDTHS)
    return Picture(photo.rendition_url(640), srcset, width, height, photo.alt_text, photo.rendition_url(1280))
