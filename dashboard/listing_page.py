"""What the page of one listing shows its group, and the form of its draft or of its change."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.forms import Form
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalogue.domain.seasons import ends
from catalogue.models import ListingChange, Product, ProductImage, ProposedPhoto
from catalogue.policies import can_work_on
from catalogue.selectors.changes import field_diffs, field_words
from catalogue.selectors.gaps import Gap, gaps
from catalogue.selectors.lapsed import lapsed
from catalogue.selectors.listings import Picture, picture_of
from catalogue.selectors.snapshots import TEXTS, TRANSLATED, Snapshot, photo_key, snapshot
from catalogue.services.changes import merged
from catalogue.services.listings import EDITABLE_STATES
from dashboard.desk import Desk
from dashboard.drafts import products_of
from dashboard.forms import PriceForm, StockForm
from dashboard.listing_forms import NEW_SIZE, ListingForm, NewSizeForm, SizeForm
from dashboard.listing_rows import ListingRow, StockRow, listed, listing_rows
from dashboard.receives import receives
from orders.selectors.rates import SaleRates, sale_rates
from regions.models import Region
from vendors.models import StockRecord

State = Product.State
HEADLINES = {
    State.DRAFT: _("Draft, seen by nobody else. You can stop and go on later, also on another phone."),
    State.SUBMITTED: _("The office looks at it. You are told when it is on sale."),
    State.RETURNED: _("Came back from the office. Change it and send it again."),
    State.LIVE: _("On sale. Price and number change at once; everything else when the office has seen it."),
    State.REJECTED: _("Refused by the office."),
    State.WITHDRAWN: _("Taken from sale. Send it to the office to sell it again."),
}
CHANGE_WORDS = {
    ListingChange.State.DRAFT: _("Your change is saved and not sent yet. Shoppers see the old one."),
    ListingChange.State.SUBMITTED: _(
        "Your change is at the office. Shoppers see the old one until it is approved."
    ),
    ListingChange.State.RETURNED: _(
        "Your change came back. Correct it and send it again; the old one sells on."
    ),
}
# Where the page has the field that a gap or a note is about.
PAGES = {"licence": "dashboard-certificates", "address": "dashboard-group-facts"}
# Fields of gaps that open by themselves on a listing on sale.
LAPSING = frozenset({"licence", "title", "description", *TRANSLATED})
ANCHORS = {"photos": "photos", "sizes": "sizes", "categories": "id_category", "price": "id_price"}


@dataclass(frozen=True)
class Offer:
    """One size with the forms for its price and its number. share: what the group gets of one sold now."""

    row: StockRow
    share: Decimal
    price_form: PriceForm
    stock_form: StockForm


@dataclass(frozen=True)
class PhotoRow:
    """A photo of the form: its key there, the picture, and whether shoppers do not see it yet."""

    key: str
    picture: Picture
    is_waiting: bool = False


@dataclass(frozen=True)
class Link:
    """Words that lead to a field of the page, or to another page of the desk."""

    anchor: str
    words: str | Promise
    page: str = ""

    @property
    def url(self) -> str:
        """Where they lead."""
        return reverse(self.page) if self.page else f"#{self.anchor}"


@dataclass(frozen=True)
class Forms:
    """The form of a listing and those of its sizes: (key of the size, form); None for a size to be added."""

    main: ListingForm
    sizes: Sequence[tuple[int | None, SizeForm]]

    def is_valid(self) -> bool:
        """Whether all are; every one is asked, so that every error is shown."""
        return all([self.main.is_valid(), *(form.is_valid() for _pk, form in self.sizes)])

    @property
    def has_errors(self) -> bool:
        """Whether one of them was refused."""
        return bool(self.main.errors) or any(form.errors for _pk, form in self.sizes)

    def typed_sizes(self) -> list[dict[str, Any]]:
        """Sizes as in a snapshot; all forms must be valid."""
        return [
            form.values(pk)
            for pk, form in self.sizes
            if not (isinstance(form, NewSizeForm) and form.is_empty)
        ]


def new_forms(desk: Desk, data: Any = None, files: Any = None) -> Forms:
    """The forms of a new listing of the group."""
    home, currency = desk.vendor.home_region, settings.CHARGE_CURRENCY
    main = ListingForm(
        data,
        files,
        currency=currency,
        offered=[home],
        products=products_of(_said_place(data) or home),
        initial={
            "region": home.pk,
            "units": 0,
            "token": secrets.token_urlsafe(16),
            "words_language": get_language() or settings.LANGUAGE_CODE,
        },
    )
    return Forms(main, [(None, NewSizeForm(data, prefix=NEW_SIZE, currency=currency))])


def listing_forms(listing: Product, data: Any = None, files: Any = None) -> Forms:
    """The forms of a draft, or of the change of a listing on sale. Read with home region and region, and their parents."""
    record = only_record(listing) if listing.state != State.LIVE else None
    values = merged(snapshot(listing), open_change_of(listing))
    has_offer = listing.state != State.LIVE and listing.structure != Product.PARENT
    currency = listing.price_currency or settings.CHARGE_CURRENCY
    region = _said_place(data) or Region.objects.select_related("parent__parent").get(pk=values["region"])
    main = ListingForm(
        data,
        files,
        currency=currency,
        offered=list({place.pk: place for place in (region, listing.vendor.home_region)}.values()),
        products=products_of(region, held=_held_products(listing, values)),
        has_offer=has_offer,
        initial=_initial(listing, values, record),
    )
    return Forms(main, _size_forms(data, values["sizes"], currency=currency, has_offer=has_offer))


def _held_products(listing: Product, values: Snapshot) -> list[int]:
    """What the listing has, and what its open change gives it."""
    return [key for key in (listing.identified_product_id, values["identified_product"]) if key]


def open_change_of(listing: Product) -> ListingChange | None:
    """The change that waits, to be read."""
    return ListingChange.objects.open().filter(listing=listing).first()


def only_record(listing: Product) -> StockRecord | None:
    """The stock record of a listing of one size; None when it has several, or none."""
    found: StockRecord | None = StockRecord.objects.filter(product=listing).first()
    return found


def listing_values(
    desk: Desk,
    listing: Product,
    *,
    forms: Forms | None = None,
    offer_forms: Mapping[int, Form] | None = None,
) -> dict[str, Any]:
    """Values of the template. forms: those that were refused; offer_forms: refused forms by stock record."""
    may_write = can_work_on(desk.user, listing)
    rates = sale_rates([listing])
    is_editable = may_write and listing.state in EDITABLE_STATES
    change = open_change_of(listing)
    row = listing_rows(listed(Product.objects.filter(pk=listing.pk)))[0]
    if may_write and forms is None and (is_editable or listing.state == State.LIVE):
        forms = listing_forms(listing)
    noted = change.noted_fields if change else listing.noted_fields
    # A form that was refused keeps what was typed, also when the listing has been sent to the office meanwhile.
    has_offers = forms is None or not forms.main.has_offer or bool(offer_forms)
    return {
        "listing": listing,
        "row": row,
        "headline": CHANGE_WORDS[ListingChange.State(change.state)]
        if change
        else HEADLINES[State(listing.state)],
        "change": change,
        "diffs": field_diffs(change) if change else [],
        "note": _note(change) if change else row.note,
        "noted": [Link(_anchor(name), words) for name, words in zip(noted, field_words(noted), strict=False)],
        "photos": photo_rows(listing, change),
        "forms": forms,
        "form": forms.main if forms else None,
        "share": receives(listing, row.stock[0].price, rates) if len(row.stock) == 1 else None,
        "gaps": _gaps(listing, is_editable=is_editable) if may_write else [],
        "offers": _offers(listing, row, rates, offer_forms or {}) if has_offers else [],
        "copy_token": secrets.token_urlsafe(16),
        "may_write": may_write,
        "may_take_back": may_write and listing.state == State.SUBMITTED,
        "may_withdraw": may_write and State.WITHDRAWN in Product.MOVES[State(listing.state)],
    }


def photo_rows(listing: Product, change: ListingChange | None) -> list[PhotoRow]:
    """Photos in the order shown, as they will be after the open change; at most three queries."""
    shown = ProductImage.objects.filter(product=listing).order_by("display_order", "pk")
    rows = {str(photo.pk): PhotoRow(str(photo.pk), picture_of(photo)) for photo in shown}
    if change is None or "photos" not in change.proposed:
        return list(rows.values())
    for photo in change.photos.all():
        rows[f"n{photo.pk}"] = PhotoRow(f"n{photo.pk}", _waiting_picture(photo), is_waiting=True)
    found = []
    for entry in change.proposed["photos"]:
        row = rows.get(photo_key(entry))
        if row is not None:
            found.append(PhotoRow(row.key, _with_alt(row.picture, entry["alt"]), row.is_waiting))
    return found


def plain_price(price: Decimal) -> str:
    """A price as one types it: "280" or "280.50"."""
    return f"{price:.0f}" if price == price.to_integral_value() else f"{price:.2f}"


def _waiting_picture(photo: ProposedPhoto) -> Picture:
    url = reverse("proposed-photo", args=[photo.pk])
    return Picture(url, "", photo.width, photo.height, "", url)


def _with_alt(picture: Picture, alt: str) -> Picture:
    return Picture(picture.url, picture.srcset, picture.width, picture.height, alt, picture.large)


def _note(change: ListingChange) -> str:
    if change.state != ListingChange.State.RETURNED:
        return ""
    return change.events.filter(to_state=ListingChange.State.RETURNED).latest("pk").reason


def _gaps(listing: Product, *, is_editable: bool) -> list[Link]:
    """What a draft lacks; of a listing on sale what it lacks since a certificate or licence is over."""
    if is_editable:
        return [_gap(gap) for gap in gaps(listing)]
    is_lapsed = lapsed(Product.objects.filter(pk=listing.pk))
    return [_gap(gap) for gap in gaps(listing) if gap.field in LAPSING] if is_lapsed else []


def _gap(gap: Gap) -> Link:
    return Link(_anchor(gap.field), gap.words, PAGES.get(gap.field, ""))


def _anchor(field: str) -> str:
    return ANCHORS.get(field, f"id_{field}")


def _said_place(data: Any) -> Region | None:
    """The place that a sent form says, so that its products can be chosen."""
    if data is None:
        return None
    probe = ListingForm.base_fields["region"].widget.value_from_datadict(data, {}, "region")
    if probe.words and probe.words != probe.shown_for:
        return None
    found = Region.objects.select_related("parent__parent")
    return (
        found.filter(pk=int(probe.chosen)).first()
        if probe.chosen.isdecimal() and len(probe.chosen) < 10
        else None
    )


def _initial(listing: Product, values: Snapshot, record: StockRecord | None) -> dict[str, Any]:
    offer: dict[str, Any] = {"units": 0}
    if record is not None:
        offer = {
            "price": plain_price(record.price),
            "units": record.num_in_stock,
            "seen": record.num_in_stock,
        }
    return {
        **{name: values[name] for name in TEXTS},
        **offer,
        "size_label": listing.size_label,
        "net_quantity": listing.net_quantity.normalize() if listing.net_quantity else None,
        "net_unit": listing.net_unit,
        "weight_grams": listing.weight_grams,
        "is_perishable": values["is_perishable"],
        "words_language": values["words_language"],
        **dict(zip(("season_from", "season_until"), ends(values["season"]) or (None, None), strict=True)),
        "region": values["region"],
        "identified_product": values["identified_product"],
        "category": values["categories"][0] if values["categories"] else None,
    }


def _size_forms(
    data: Any, sizes: Sequence[Mapping[str, Any]], *, currency: str, has_offer: bool
) -> list[tuple[int | None, SizeForm]]:
    forms: list[tuple[int | None, SizeForm]] = []
    waiting = [size for size in sizes if size["pk"] is None]
    for size in sizes:
        if size["pk"] is not None and not has_offer:
            initial = {
                "size_label": size["label"],
                "net_quantity": size["net_quantity"],
                "net_unit": size["net_unit"],
                "weight_grams": size.get("weight_grams"),
            }
            forms.append((size["pk"], SizeForm(data, prefix=f"s{size['pk']}", initial=initial)))
    for place, size in enumerate(waiting):
        initial = {
            "size_label": size["label"],
            "net_quantity": size["net_quantity"],
            "net_unit": size["net_unit"],
            "weight_grams": size.get("weight_grams"),
            "price": plain_price(Decimal(size["price"])),
            "units": size["units"],
        }
        kept = {"currency": currency, "sku": size.get("sku", "")}
        forms.append((None, NewSizeForm(data, prefix=f"n{place}", initial=initial, **kept)))
    return [*forms, (None, NewSizeForm(data, prefix=NEW_SIZE, currency=currency))]


def _offers(listing: Product, row: ListingRow, rates: SaleRates, refused: Mapping[int, Form]) -> list[Offer]:
    return [
        _offer(stock, receives(listing, stock.price, rates), refused.get(stock.pk)) for stock in row.stock
    ]


def _offer(stock: StockRow, share: Decimal, refused: Form | None) -> Offer:
    ids = f"id_{stock.pk}_%s"
    price = PriceForm(auto_id=ids, currency=stock.currency, initial={"price": plain_price(stock.price)})
    count = StockForm(auto_id=ids, initial={"units": stock.in_store, "seen": stock.in_store})
    if isinstance(refused, PriceForm):
        price = refused
    if isinstance(refused, StockForm):
        count = refused
    return Offer(stock, share, price, count)
