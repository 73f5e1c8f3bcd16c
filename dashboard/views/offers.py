"""Price and number of one size, changed at once whatever the listing's state."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalogue.errors import PriceOutOfRange
from catalogue.policies import can_work_on
from catalogue.services.prices import set_price
from dashboard.desk import Desk, member_page, move_to
from dashboard.forms import PriceForm, StockForm
from dashboard.listing_rows import own_stock
from dashboard.views.listings import count_refused, listing_page, own_listing
from vendors.models import StockRecord
from vendors.policies import can_count_stock
from vendors.services.stock import CountRefused, set_in_stock

LISTS = {"home": "dashboard-home", "list": "dashboard-listing-list"}


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def stock_change(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Write how many units lie in the store. A number that moved meanwhile is said and not overwritten.

    back: "home" or "list" when the buttons of those pages were pressed; otherwise the listing's page answers.
    """
    record = _own_record(desk, pk)
    if request.method != "POST":
        return redirect(_listing_url(record))
    if not can_count_stock(desk.user, record.partner):
        raise PermissionDenied
    form = StockForm(request.POST, auto_id=f"id_{record.pk}_%s")
    if form.is_valid():
        try:
            units, seen = form.cleaned_data["units"], form.cleaned_data["seen"]
            set_in_stock(record.pk, units, seen=seen, actor=desk.user)
        except CountRefused as refused:
            form.add_error("units", count_refused(refused, seen=form.cleaned_data["seen"]))
            form.data = {"units": request.POST["units"], "seen": str(refused.in_stock)}
        else:
            said = _("%(title)s: %(count)d in the store now.")
            count = form.cleaned_data["units"]
            messages.success(request, said % {"title": record.product.get_title(), "count": count})
            return redirect(_back(request, record))
    if request.POST.get("back") in LISTS:
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        # Without the place on the page: the message stands at its top.
        return redirect(_back(request, record).partition("#")[0])
    return _refused(request, desk, record, form)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def price_change(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Write a new price; orders placed before keep theirs. 403: the packer."""
    record = _own_record(desk, pk)
    if request.method != "POST":
        return redirect(_listing_url(record))
    if not can_work_on(desk.user, record.product):
        raise PermissionDenied
    form = PriceForm(request.POST, currency=record.price_currency, auto_id=f"id_{record.pk}_%s")
    if form.is_valid():
        try:
            set_price(record, form.cleaned_data["price"])
        except PriceOutOfRange as error:
            form.add_error("price", str(error.message))
        else:
            messages.success(request, _("The new price holds from now on."))
            return redirect(_listing_url(record))
    return _refused(request, desk, record, form)


def _own_record(desk: Desk, pk: int) -> StockRecord:
    records = own_stock(desk.user).select_related("product__parent", "partner")
    return get_object_or_404(records, pk=pk)


def _refused(
    request: HttpRequest, desk: Desk, record: StockRecord, form: PriceForm | StockForm
) -> HttpResponse:
    listing = own_listing(desk, record.product.parent_id or record.product_id)
    desk = move_to(request, desk, listing.vendor_id)
    return listing_page(request, desk, listing, offer_forms={record.pk: form})


def _back(request: HttpRequest, record: StockRecord) -> str:
    route = LISTS.get(request.POST.get("back", ""))
    return f"{reverse(route)}#stock-{record.pk}" if route else _listing_url(record)


def _listing_url(record: StockRecord) -> str:
    return reverse("dashboard-listing-detail", args=[record.product.parent_id or record.product_id])
