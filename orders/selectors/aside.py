"""What a person has saved for later out of the basket, as it stands today."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from catalogue.models import Product
from catalogue.selectors.licences import unlicensed
from orders.basket.models import SetAside
from vendors.models import Partner, StockRecord


@dataclass(frozen=True)
class AsideLine:
    """One thing set aside. price in currency, None where nobody sells it any more; why_not: it cannot be bought now, or empty.

    is_sold_out: no unit of it is left. What is not shown any more is called by its name of then, and leads nowhere.
    """

    product: Product
    listing: Product
    title: str
    quantity: int
    price: Decimal | None
    currency: str
    why_not: str
    is_sold_out: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether shoppers may see it today."""
        return self.price is not None


def set_aside_by(person: Any) -> list[AsideLine]:
    """What a person has set aside, the newest first; one query where there is nothing, else six."""
    rows = SetAside.objects.visible_to(person).select_related(
        "product__parent__vendor", "product__vendor__home_region"
    )
    stock = Prefetch("product__stockrecords", StockRecord.objects.order_by("pk"))
    found = list(rows.prefetch_related(stock, "product__images", "product__parent__images"))
    if not found:
        return []
    without = unlicensed({row.product.parent_id or row.product_id for row in found})
    return [_line(row, without) for row in found]


def _line(row: SetAside, without: set[int]) -> AsideLine:
    product = row.product
    listing = product.parent or product
    record = next(iter(product.stockrecords.all()), None)
    if record is None or not (product.is_live and listing.is_live):
        return AsideLine(product, listing, row.title, row.quantity, None, "", _("No longer sold"))
    left = record.num_in_stock - record.num_allocated
    why_not = _why_not(product.vendor, left=left)
    if not why_not and listing.pk in without:
        why_not = _("Not for sale at present")
    return AsideLine(
        product,
        listing,
        listing.said("title"),
        row.quantity,
        record.price,
        record.price_currency,
        why_not,
        is_sold_out=left <= 0,
    )


def _why_not(vendor: Partner, *, left: int) -> str:
    if vendor.closed_until and vendor.is_closed_on(vendor.today):
        return _("Closed until %(day)s") % {"day": date_format(vendor.closed_until, "j F")}
    return "" if left > 0 else _("Sold out")
