"""What the page of one listing shows its group, and the form of its draft."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.forms import Form
from django.utils.translation import gettext_lazy as _

from catalogue.models import Product, ProductImage
from catalogue.policies import can_work_on
from catalogue.selectors.listings import picture_of
from catalogue.services.listings import EDITABLE_STATES
from catalogue.services.review import missing_parts
from dashboard.desk import Desk
from dashboard.drafts import places_around, products_around
from dashboard.forms import ListingForm, PriceForm, StockForm
from dashboard.listing_rows import ListingRow, StockRow, listed, listing_rows
from orders.domain.commission import commission_on
from orders.selectors.rates import sale_rates
from vendors.models import StockRecord

State = Product.State
HEADLINES = {
    State.DRAFT: _("Draft, seen by nobody else. You can stop and go on later, also on another phone."),
    State.SUBMITTED: _("The office looks at it. You are told when it is on sale."),
    State.RETURNED: _("Came back from the office. Change it and send it again."),
    State.LIVE: _(
        "On sale. Price and number change at once; for its words and photos take it from sale first."
    ),
    State.REJECTED: _("Refused by the office."),
    State.WITHDRAWN: _("Taken from sale. Send it to the office to sell it again."),
}


@dataclass(frozen=True)
class Offer:
    """One size with the forms for its price and its number. share: what the group gets of one sold now."""

    row: StockRow
    share: Decimal
    price_form: PriceForm
    stock_form: StockForm


def new_form(desk: Desk, data: Any = None, files: Any = None) -> ListingForm:
    """The form of a new listing of the group."""
    home = desk.vendor.home_region
    return ListingForm(
        data,
        files,
        currency=settings.CHARGE_CURRENCY,
        places=places_around(home),
        products=products_around(home),
        initial={"region": home.pk, "units": 0, "token": secrets.token_urlsafe(16)},
    )


def draft_form(listing: Product, data: Any = None, files: Any = None) -> ListingForm:
    """The form of a draft. Read with home region and region, and their parents."""
    homes = (listing.vendor.home_region, listing.region)
    record = only_record(listing)
    offer = {}
    if record is not None:
        offer = {
            "price": plain_price(record.price),
            "units": record.num_in_stock,
            "seen": record.num_in_stock,
        }
    category = listing.categories.first()
    return ListingForm(
        data,
        files,
        currency=record.price_currency if record else settings.CHARGE_CURRENCY,
        places=places_around(*homes),
        products=products_around(*homes),
        has_offer=record is not None,
        initial={
            **{name: getattr(listing, name) for name in _TEXTS},
            **offer,
            "net_quantity": listing.net_quantity.normalize() if listing.net_quantity else None,
            "region": listing.region_id,
            "identified_product": listing.identified_product_id,
            "category": category.pk if category else None,
        },
    )


_TEXTS = ("title", "description", "ingredients", "storage", "lot_rule", "net_unit")


def plain_price(price: Decimal) -> str:
    """A price as one types it: "280" or "280.50"."""
    return f"{price:.0f}" if price == price.to_integral_value() else f"{price:.2f}"


def share_of(price: Decimal, rate: Decimal) -> Decimal:
    """What the group gets of one unit sold at this price now."""
    return price - commission_on(price, rate)


def only_record(listing: Product) -> StockRecord | None:
    """The stock record of a listing of one size; None when it has several, or none."""
    found: StockRecord | None = StockRecord.objects.filter(product=listing).first()
    return found


def listing_values(
    desk: Desk,
    listing: Product,
    *,
    form: ListingForm | None = None,
    offer_forms: Mapping[int, Form] | None = None,
) -> dict[str, Any]:
    """Values of the template. form: a draft that was refused; offer_forms: refused forms by stock record."""
    may_write = can_work_on(desk.user, listing)
    rate = sale_rates([listing]).commission(listing.vendor, listing).rate
    is_editable = may_write and listing.state in EDITABLE_STATES
    row = listing_rows(listed(Product.objects.filter(pk=listing.pk)))[0]
    photos = ProductImage.objects.filter(product=listing).order_by("display_order", "pk")
    if is_editable and form is None:
        form = draft_form(listing)
    # A form that was refused keeps what was typed, also when the listing has been sent to the office meanwhile.
    has_offers = form is None or not form.has_offer or bool(offer_forms)
    return {
        "listing": listing,
        "row": row,
        "headline": HEADLINES[State(listing.state)],
        "photos": [(photo.pk, picture_of(photo)) for photo in photos],
        "form": form,
        "share": share_of(row.stock[0].price, rate) if len(row.stock) == 1 else None,
        "gaps": missing_parts(listing) if is_editable else [],
        "offers": _offers(row, rate, offer_forms or {}) if has_offers else [],
        "may_write": may_write,
        "may_take_back": may_write and listing.state == State.SUBMITTED,
        "may_withdraw": may_write and State.WITHDRAWN in Product.MOVES[State(listing.state)],
    }


def _offers(row: ListingRow, rate: Decimal, refused: Mapping[int, Form]) -> list[Offer]:
    return [_offer(stock, rate, refused.get(stock.pk)) for stock in row.stock]


def _offer(stock: StockRow, rate: Decimal, refused: Form | None) -> Offer:
    ids = f"id_{stock.pk}_%s"
    price = PriceForm(auto_id=ids, currency=stock.currency, initial={"price": plain_price(stock.price)})
    count = StockForm(auto_id=ids, initial={"units": stock.in_store, "seen": stock.in_store})
    if isinstance(refused, PriceForm):
        price = refused
    if isinstance(refused, StockForm):
        count = refused
    return Offer(stock, share_of(stock.price, rate), price, count)
