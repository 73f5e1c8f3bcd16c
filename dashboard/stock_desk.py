"""The stock screen: every size of the group with its number, price and the number at which the group is told."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.errors import PriceOutOfRange
from catalogue.models import Product, ProductImage
from catalogue.services.prices import set_price
from dashboard.desk import Desk
from dashboard.forms import UNIT_ERRORS, PlainForm, PriceForm, StockForm
from dashboard.listing_page import plain_price
from dashboard.listing_rows import StockRow, low, own_stock, row_of, with_low_at
from vendors.domain.sku import sku_key
from vendors.models import StockRecord
from vendors.services.low_stock import set_threshold
from vendors.services.stock import CountRefused, change_by, set_in_stock

MOST_STEP = 1000


class StepForm(PlainForm):
    """Some more or less. token: of the row as it was shown, so that pressing twice counts once."""

    units = forms.IntegerField(min_value=-MOST_STEP, max_value=MOST_STEP)
    token = forms.CharField(max_length=40)


class NoticeForm(PlainForm):
    """At which number the group is told; empty: at the group's own number."""

    threshold = forms.IntegerField(
        label=gettext_lazy("Tell us when this many are left for sale"),
        required=False,
        min_value=0,
        max_value=100_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=UNIT_ERRORS,
    )


@dataclass
class StockLine:
    """One size on the screen. state: of its listing, in words, empty while it is on sale; said: what was done."""

    row: StockRow
    sku: str
    state: str
    token: str
    low_at: int
    count: StockForm
    price: PriceForm
    notice: NoticeForm
    said: str = ""
    problem: str = ""

    @property
    def is_low(self) -> bool:
        """Whether no more is left than the number at which the group is told."""
        return self.row.for_sale <= self.low_at

    @property
    def may_take(self) -> bool:
        """Whether a unit is there that nobody has bought."""
        return self.row.for_sale > 0


def stock_rows(desk: Desk) -> QuerySet[StockRecord]:
    """Stock of the chosen group with all that lines need: three queries however many they are."""
    photos = ProductImage.objects.order_by("display_order", "pk")
    own = own_stock(desk.user).filter(partner=desk.vendor).exclude(product__state=Product.State.REJECTED)
    found: QuerySet[StockRecord] = (
        with_low_at(own)
        .annotate(name=Coalesce("product__parent__title", "product__title"))
        .select_related("product__parent")
        .prefetch_related(Prefetch("product__images", photos), Prefetch("product__parent__images", photos))
        .order_by("name", "product__parent_id", "pk")
    )
    return found


def chosen(rows: Any, *, show: str, words: str) -> Any:
    """Those that were asked for. show: "", "low" or "out"; words: of name, size or short name."""
    if words:
        rows = rows.filter(
            Q(product__title__icontains=words)
            | Q(product__parent__title__icontains=words)
            | Q(product__size_label__icontains=words)
            | Q(sku_key=sku_key(words))
        )
    if show == "low":
        return low(rows)
    if show == "out":
        return rows.filter(num_in_stock__lte=F("num_allocated"))
    return rows


def line_of(record: Any) -> StockLine:
    """The line of a record that came from stock_rows; no query."""
    row, ids = row_of(record), f"id_{record.pk}_%s"
    listing: Product = record.product.parent or record.product
    return StockLine(
        row=row,
        sku=record.partner_sku,
        state="" if listing.state == Product.State.LIVE else str(listing.get_state_display()),
        token=secrets.token_urlsafe(12),
        low_at=record.low_at,
        count=StockForm(auto_id=ids, initial={"units": row.in_store, "seen": row.in_store}),
        price=PriceForm(auto_id=ids, currency=row.currency, initial={"price": plain_price(row.price)}),
        notice=NoticeForm(auto_id=ids, initial={"threshold": record.low_stock_threshold}),
    )


def act(desk: Desk, record: StockRecord, sent: Any) -> Callable[[StockLine], None]:
    """Do what a line's form asks for; returns what is to be shown on the line as it is afterwards.

    Raises PermissionDenied for what the member's role does not allow.
    """
    asked = sent.get("do", "")
    if asked == "step":
        return _step(desk, record, sent)
    if asked == "count":
        return _count(desk, record, sent)
    if not desk.writes_listings:
        raise PermissionDenied
    return _set_price(record, sent) if asked == "price" else _set_notice(record, sent)


def count_words(refused: CountRefused, seen: int | None) -> str:
    """Why a number could not be written, and what to do. seen: the number that stood on the page."""
    if seen is None or refused.in_stock == seen:
        return _("%(reserved)d are sold and not yet sent, so there must be at least %(reserved)d.") % {
            "reserved": refused.reserved
        }
    return _(
        "The number has changed meanwhile: %(in_store)d are there now, %(reserved)d of them sold and not yet "
        "sent. Count again."
    ) % {"in_store": refused.in_stock, "reserved": refused.reserved}


def _step(desk: Desk, record: StockRecord, sent: Any) -> Callable[[StockLine], None]:
    form = StepForm(sent)
    if not form.is_valid() or not form.cleaned_data["units"]:
        return _problem(_("Press the button again."))
    try:
        change_by(record.pk, form.cleaned_data["units"], token=form.cleaned_data["token"], actor=desk.user)
    except CountRefused as refused:
        return _problem(count_words(refused, None))
    return _said(_("Counted."))


def _count(desk: Desk, record: StockRecord, sent: Any) -> Callable[[StockLine], None]:
    form = StockForm(sent, auto_id=f"id_{record.pk}_%s")
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            set_in_stock(record.pk, form.cleaned_data["units"], seen=seen, actor=desk.user)
        except CountRefused as refused:
            form.add_error("units", count_words(refused, seen))
            # What was typed stays; it is compared with the number that the message names.
            form.data = {"units": sent["units"], "seen": str(refused.in_stock)}
        else:
            return _said(_("Saved."))

    def show(line: StockLine) -> None:
        line.count = form

    return show


def _set_price(record: StockRecord, sent: Any) -> Callable[[StockLine], None]:
    form = PriceForm(sent, currency=record.price_currency, auto_id=f"id_{record.pk}_%s")
    if form.is_valid():
        try:
            set_price(record, form.cleaned_data["price"])
        except PriceOutOfRange as error:
            form.add_error("price", str(error.message))
        else:
            return _said(_("The new price holds from now on."))

    def show(line: StockLine) -> None:
        line.price = form

    return show


def _set_notice(record: StockRecord, sent: Any) -> Callable[[StockLine], None]:
    form = NoticeForm(sent, auto_id=f"id_{record.pk}_%s")
    if form.is_valid():
        set_threshold(record.pk, form.cleaned_data["threshold"])
        return _said(_("Saved."))

    def show(line: StockLine) -> None:
        line.notice = form

    return show


def _said(text: str) -> Callable[[StockLine], None]:
    def show(line: StockLine) -> None:
        line.said = text

    return show


def _problem(text: str) -> Callable[[StockLine], None]:
    def show(line: StockLine) -> None:
        line.problem = text

    return show
