"""Steps of one order: yes, no, fewer, packed, handed over, arrived, paid in cash. Each may be sent twice."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.desk import Desk, frame, member_page, move_to
from dashboard.order_forms import ReasonForm, ShortForm
from dashboard.order_page import (
    MAY_SAY_NO,
    own_order,
    pack_form_again,
    pack_form_of,
    ship_form_again,
    ship_form_of,
    show_order,
    too_late,
)
from marketplace.lib.states import IllegalTransition
from orders.errors import OrderError
from orders.models import VendorOrder
from orders.policies import can_accept, can_decline, can_ship
from orders.selectors.vendor_order_page import vendor_order_page
from orders.selectors.vendor_orders import TO_SEND
from orders.services import cancelling, fulfilment, packing
from payments.errors import PaymentError
from payments.policies import can_collect_cash
from payments.services.cash import collect_cash

State = VendorOrder.State


@require_POST
@member_page
def order_accept(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Say yes. Said twice it is said once; too late, a message says how the order stands."""
    row = own_order(desk, number)
    if not can_accept(desk.user, row):
        raise PermissionDenied
    _do(
        request,
        lambda: fulfilment.accept(row, actor=desk.user),
        done=_("Accepted. Pack it now, then hand it over."),
        before=_("You had accepted it already."),
    )
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def order_decline(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Say no, with the reason that the buyer is told. A page of its own, so that no thumb says it by mistake."""
    row = own_order(desk, number)
    if not can_decline(desk.user, row):
        raise PermissionDenied
    desk = move_to(request, desk, row.vendor_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        _do(
            request,
            lambda: cancelling.cancel(row, actor=desk.user, reason=form.told(row.order.language)),
            done=_(
                "Cancelled. The buyer is told, and the money goes back. Correct your stock if there is none left."
            ),
            before=_("It had been cancelled already."),
        )
        return redirect(row)
    if row.state not in MAY_SAY_NO and not form.is_bound:
        return redirect(row)
    return render(
        request, "dashboard/order_decline.html", {**frame(desk, "orders"), "row": row, "form": form}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def order_short(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Say how many units can be sent. The missing ones are refunded by themselves; with none, the order is cancelled."""
    row = own_order(desk, number)
    if not can_decline(desk.user, row):
        raise PermissionDenied
    desk = move_to(request, desk, row.vendor_id)
    page = vendor_order_page(row)
    form = ShortForm(request.POST if request.method == "POST" else None, lines=page.lines)
    if form.is_bound and form.is_valid():
        is_done = _do(
            request,
            lambda: cancelling.supply_short(
                row, form.missing(), actor=desk.user, reason=form.told(row.order.language)
            ),
            done=_("The buyer is told, and the money for what is missing goes back."),
            before=_("Nothing more is missing than you had said. To change it, write a smaller number."),
        )
        if is_done or row.state not in MAY_SAY_NO:
            return redirect(row)
    elif row.state not in MAY_SAY_NO:
        return redirect(row)
    values = {**frame(desk, "orders"), "row": row, "page": page, "form": form}
    return render(request, "dashboard/order_short.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def order_pack(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Put units into one more package. What does not fit is named beside its field, and nothing typed is lost."""
    row = own_order(desk, number)
    if request.method != "POST":
        return redirect(row)
    if not can_ship(desk.user, row):
        raise PermissionDenied
    desk = move_to(request, desk, row.vendor_id)
    form = pack_form_of(vendor_order_page(row), request.POST)
    if not form.is_valid():
        return show_order(request, desk, row, pack_form=form)
    try:
        is_new = packing.pack(row, form.units(), seen=form.cleaned_data["seen"], actor=desk.user)
    except OrderError as error:
        row = own_order(desk, number)
        page = vendor_order_page(row)
        if row.state in TO_SEND and page.units_to_pack:
            again = pack_form_again(page, request.POST, str(error.message))
            return show_order(request, desk, row, pack_form=again)
        messages.error(request, str(error.message))
    except IllegalTransition as refusal:
        messages.error(request, too_late(refusal.current))
    else:
        _tell(request, is_new, done=_("Packed."), before=_("You had packed it already."))
    return redirect(row)


@require_POST
@member_page
def order_unpack(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Open a package again that has not left."""
    row = own_order(desk, number)
    if not can_ship(desk.user, row):
        raise PermissionDenied
    place = request.POST.get("package", "")
    _do(
        request,
        lambda: packing.unpack(
            row, int(place) if place.isascii() and place.isdigit() and len(place) < 5 else 0, actor=desk.user
        ),
        done=_("Opened. Its goods are to be packed again."),
        before=_("This package has left, or was opened already. Nothing has been changed."),
    )
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def order_ship(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Hand packages over. What is missing is named beside its field, and nothing typed is lost."""
    row = own_order(desk, number)
    if request.method != "POST":
        return redirect(row)
    if not can_ship(desk.user, row):
        raise PermissionDenied
    desk = move_to(request, desk, row.vendor_id)
    form = ship_form_of(vendor_order_page(row), request.POST)
    if not form.is_valid():
        return show_order(request, desk, row, ship_form=form)
    try:
        is_new = fulfilment.ship(
            row,
            form.shipment(),
            actor=desk.user,
            packages=form.cleaned_data["packages"] if form.by_package else None,
            seen=form.cleaned_data["seen"],
        )
    except OrderError as error:
        row = own_order(desk, number)
        if row.state in TO_SEND:
            again = ship_form_again(vendor_order_page(row), request.POST, str(error.message))
            return show_order(request, desk, row, ship_form=again)
        messages.error(request, str(error.message))
    except IllegalTransition as refusal:
        messages.error(request, too_late(refusal.current))
    else:
        told = _("Handed over. The buyer is told.")
        _tell(request, is_new, done=told, before=_("It had been handed over already."))
    return redirect(row)


@require_POST
@member_page
def order_delivered(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Note that the buyer has the goods, by the group's word."""
    row = own_order(desk, number)
    if not can_ship(desk.user, row):
        raise PermissionDenied
    _do(
        request,
        lambda: fulfilment.deliver(row, actor=desk.user),
        done=_("Noted: the buyer has it."),
        before=_("It had been noted already."),
    )
    return redirect(row)


@require_POST
@member_page
def order_cash(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Note the cash taken at hand-over. Said twice it is noted once; where none is due, a message says so."""
    row = own_order(desk, number)
    if not can_collect_cash(desk.user, row):
        raise PermissionDenied
    _do(
        request,
        lambda: collect_cash(row, actor=desk.user),
        done=_("Noted. The buyer is told."),
        before=_("You had noted it already."),
    )
    return redirect(row)


def _do(request: HttpRequest, step: Callable[[], bool], *, done: str, before: str) -> bool:
    """Take one step and say what came of it; False when it was refused or had been taken before."""
    try:
        is_new = step()
    except (OrderError, PaymentError) as error:
        messages.error(request, str(error.message))
    except IllegalTransition as refusal:
        messages.error(request, too_late(refusal.current))
    else:
        _tell(request, is_new, done=done, before=before)
        return is_new
    return False


def _tell(request: HttpRequest, is_new: bool, *, done: str, before: str) -> None:
    (messages.success if is_new else messages.info)(request, done if is_new else before)
