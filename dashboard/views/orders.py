"""Orders of the group: lists, one order, accepting and handing over."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.desk import Desk, frame, member_page, move_to
from dashboard.forms import ShipForm
from dashboard.steps import steps
from marketplace.lib.states import IllegalTransition
from orders.errors import OrderError
from orders.models import Order, VendorOrder
from orders.policies import can_accept, can_ship
from orders.selectors.vendor_orders import (
    SENT,
    TO_SEND,
    listed,
    own_vendor_orders,
    vendor_order_page,
    vendor_order_rows,
)
from orders.services import fulfilment
from payments.errors import PaymentError
from payments.models import CashCollection
from payments.policies import can_collect_cash
from payments.selectors.promises import payout_promise
from payments.services.cash import COLLECTABLE, ENDED, cash_owed, collect_cash

State = VendorOrder.State
PAGE_SIZE = 20
SHOWN = {
    "new": (State.NEW,),
    "send": TO_SEND,
    "sent": SENT,
    "ended": (State.CANCELLED, State.RETURNED),
}


@dataclass(frozen=True)
class Tab:
    """One way to narrow the list: its word in the address, how many there are."""

    name: str
    words: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class CashBox:
    """Cash of one part: the amount in its currency, when it was taken, and whether it may be noted now."""

    amount: Decimal
    taken_at: datetime | None
    may_take: bool


@require_safe
@member_page
def order_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Paid orders of the group, newest first; what waits comes oldest first. A constant number of queries."""
    values = frame(desk, "orders")
    show = request.GET.get("show", "")
    rows = desk.vendor_orders
    if show in SHOWN:
        rows = rows.filter(state__in=SHOWN[show])
    order = ("order__released_at", "pk") if show in ("new", "send") else ("-order__released_at", "-pk")
    paginator = Paginator(listed(rows).order_by(*order), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    values |= {
        "tabs": _tabs(values["order_counts"], show),
        "rows": vendor_order_rows(page.object_list),
        "page": page,
        "page_numbers": [
            number if isinstance(number, int) else None
            for number in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        ],
    }
    return render(request, "dashboard/order_list.html", values)


@require_safe
@member_page
def order_detail(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """One order of a group of this person. 404: of another group, not paid yet, or no such number."""
    row = _own_order(desk, number)
    return _order_page(request, move_to(request, desk, row.vendor_id), row, form=None)


@require_POST
@member_page
def order_accept(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Say yes. Said twice it is said once; too late, a message says how the order stands."""
    row = _own_order(desk, number)
    if not can_accept(desk.user, row):
        raise PermissionDenied
    try:
        is_new = fulfilment.accept(row, actor=desk.user)
    except IllegalTransition as refusal:
        messages.error(request, _too_late(refusal.current))
    else:
        said = _("Accepted. Pack it now, then hand it over.") if is_new else _("You had accepted it already.")
        messages.success(request, said)
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def order_ship(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Hand the goods over. What is missing is named beside its field, and nothing typed is lost."""
    row = _own_order(desk, number)
    if request.method != "POST":
        return redirect(row)
    if not can_ship(desk.user, row):
        raise PermissionDenied
    desk = move_to(request, desk, row.vendor_id)
    form = ShipForm(request.POST)
    if not form.is_valid():
        return _order_page(request, desk, row, form=form)
    try:
        is_new = fulfilment.ship(row, form.shipment(), actor=desk.user)
    except OrderError as error:
        form.add_error(None, str(error.message))
        return _order_page(request, desk, row, form=form)
    except IllegalTransition as refusal:
        messages.error(request, _too_late(refusal.current))
    else:
        said = _("Handed over. The buyer is told.") if is_new else _("You had handed it over already.")
        messages.success(request, said)
    return redirect(row)


@require_POST
@member_page
def order_cash(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Note the cash taken at hand-over. Said twice it is noted once; where none is due, a message says so."""
    row = _own_order(desk, number)
    if not can_collect_cash(desk.user, row):
        raise PermissionDenied
    try:
        is_new = collect_cash(row, actor=desk.user)
    except PaymentError as error:
        messages.error(request, str(error.message))
    else:
        said = _("Noted. The buyer is told.") if is_new else _("You had noted it already.")
        messages.success(request, said)
    return redirect(row)


def _own_order(desk: Desk, number: str) -> VendorOrder:
    rows = own_vendor_orders(desk.user).select_related(
        "order__user", "order__shipping_address__country", "vendor", "cash_collection"
    )
    return get_object_or_404(rows, number=number)


def _order_page(request: HttpRequest, desk: Desk, row: VendorOrder, *, form: ShipForm | None) -> HttpResponse:
    page = vendor_order_page(row)
    may_ship = row.state in TO_SEND and can_ship(desk.user, row)
    if may_ship and form is None:
        form = ShipForm(initial={"carrier": page.carrier})
    values: dict[str, Any] = {
        **frame(desk, "orders"),
        "page": page,
        "row": row,
        "steps": steps(page),
        "cash": _cash(row),
        "promise": payout_promise(row) if desk.keeps_books else None,
        "may_accept": row.state == State.NEW and can_accept(desk.user, row),
        # A form that was refused keeps what was typed, however the order stands by now.
        "ship_form": form,
    }
    return render(request, "dashboard/order_detail.html", values)


def _cash(row: VendorOrder) -> CashBox | None:
    """What is to be taken, or was taken, in cash; None for an order that is paid otherwise."""
    taken: CashCollection | None = getattr(row, "cash_collection", None)
    if taken is not None:
        return CashBox(taken.amount, taken.collected_at, may_take=False)
    if row.order.status != Order.Status.PAY_ON_DELIVERY or row.state in ENDED:
        return None
    return CashBox(cash_owed(row).amount, None, may_take=row.state in COLLECTABLE)


def _tabs(counts: dict[str, int], show: str) -> list[Tab]:
    words = {
        "new": _("To accept"),
        "send": _("To send"),
        "sent": _("Sent"),
        "ended": _("Cancelled or returned"),
    }
    found = {name: sum(counts.get(state, 0) for state in states) for name, states in SHOWN.items()}
    every = Tab("", _("All"), sum(counts.values()), show not in SHOWN)
    return [every, *(Tab(name, words[name], found[name], name == show) for name in SHOWN)]


def _too_late(current: str) -> str:
    if current == State.NEW:
        return _("Accept the order first, then hand it over. Nothing has been changed.")
    words = str(State(current).label) if current in State.values else current
    return _("The order is %(state)s by now, so this cannot be done. Nothing has been changed.") % {
        "state": words
    }
