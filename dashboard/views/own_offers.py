"""Offers that the own group gives and pays: what runs, a new one, and stopping one. Another group's is not found."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.desk import Desk, frame, member_page
from dashboard.offer_forms import OwnOfferForm
from orders.documents.code_files import codes_file
from orders.errors import CodesFetched, OfferError
from orders.offers.models import ConditionalOffer
from orders.selectors.code_sets import CodeSetState, code_sets
from orders.selectors.offers import benefit_words, first_day, last_day
from orders.services.code_sets import fetch_codes
from orders.services.offers import make_offer, stop_offer
from orders.vouchers.models import Voucher, VoucherSet
from vendors.domain.rights import Right
from vendors.models import StockRecord

SHOWN = 50


@dataclass(frozen=True)
class OfferRow:
    """One offer of the group. how: how it stands; is_open: whether it can be stopped."""

    pk: int
    title: str
    gives: str
    goods: str
    days: str
    code: str
    how: str
    uses: int
    money: object
    currency: str
    is_open: bool
    codes: CodeSetState | None


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def offer_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The group's offers with what they were used for, and the form of a new one. 404: who may not give any."""
    _may(desk)
    form = OwnOfferForm(request.POST if request.method == "POST" else None, vendor=desk.vendor)
    if request.method == "POST" and form.is_valid():
        terms = form.terms(_currency(desk))
        try:
            offer = make_offer(terms, actor=desk.user, key=form.cleaned_data["form_key"])
        except OfferError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            words = _("“%(title)s” is there. Buyers have it from %(day)s on.")
            messages.success(request, words % {"title": offer.title, "day": first_day(offer)})
            return redirect("dashboard-offer-list")
    one_code = Prefetch("vouchers", Voucher.objects.filter(voucher_set=None))
    own = ConditionalOffer.objects.filter(payer=desk.vendor).in_full().prefetch_related(one_code)
    found = list(own.running_first()[:SHOWN])
    sets = code_sets(found)
    context = {
        **frame(desk, "group"),
        "form": form,
        "rows": [_row(offer, sets.get(offer.pk)) for offer in found],
        "currency": _currency(desk),
    }
    return render(request, "dashboard/offer_list.html", context)


@require_POST
@member_page
def offer_stop(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Stop an offer of the group; sent twice it is stopped once. 404: of another group, or of the programme."""
    _may(desk)
    offer = get_object_or_404(ConditionalOffer, pk=pk, payer=desk.vendor)
    stop_offer(offer, actor=desk.user, reason="stopped by the group")
    messages.success(
        request, _("“%(title)s” is stopped. Orders that have it keep it.") % {"title": offer.title}
    )
    return redirect("dashboard-offer-list")


@require_POST
@member_page
def offer_codes(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The file of an offer's codes for one order each, once. 404: of another group, or without such codes."""
    _may(desk)
    codes = get_object_or_404(VoucherSet, offer=pk, offer__payer=desk.vendor)
    try:
        return codes_file(fetch_codes(codes), codes.offer_id)
    except CodesFetched as error:
        messages.error(request, str(error.message))
        return redirect("dashboard-offer-list")


def _may(desk: Desk) -> None:
    if not desk.may(Right.GIVE_OFFERS):
        raise Http404


def _currency(desk: Desk) -> str:
    """In which the group's goods are priced, the newest one's; the programme's where it has none."""
    own = StockRecord.objects.filter(partner=desk.vendor).order_by("-pk")
    return own.values_list("price_currency", flat=True).first() or settings.CHARGE_CURRENCY


def _row(offer: ConditionalOffer, codes: CodeSetState | None) -> OfferRow:
    days = {"first": first_day(offer), "last": last_day(offer)}
    return OfferRow(
        offer.pk,
        offer.title,
        benefit_words(offer),
        _goods_words(offer),
        _("%(first)s to %(last)s") % days,
        ", ".join(voucher.code for voucher in offer.vouchers.all()),
        _how(offer),
        offer.num_applications,
        offer.total_discount,
        offer.currency,
        is_open=offer.state == ConditionalOffer.State.OPEN and offer.end_datetime > timezone.now(),
        codes=codes,
    )


def _goods_words(offer: ConditionalOffer) -> str:
    """Which goods it is for. The group knows its own name: only chosen listings are named."""
    titles = [product.title for product in offer.condition.range.included_products.all()]
    return ", ".join(titles) or _("all goods")


def _how(offer: ConditionalOffer) -> str:
    if offer.state == ConditionalOffer.State.STOPPED:
        return _("Stopped")
    now = timezone.now()
    if offer.end_datetime <= now:
        return _("Over")
    return _("Runs now") if offer.start_datetime <= now else _("Not begun yet")
