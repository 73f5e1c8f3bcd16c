"""The page of one order of the group: what it shows and which steps it offers."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from dashboard.desk import Desk, frame
from dashboard.order_forms import PackForm, ShipForm
from dashboard.steps import steps
from orders.models import Order, VendorOrder
from orders.policies import can_accept, can_decline, can_ship
from orders.selectors.vendor_order_page import VendorOrderPage, vendor_order_page
from orders.selectors.vendor_orders import TO_SEND, own_vendor_orders
from payments.models import CashCollection
from payments.selectors.promises import payout_promise
from payments.services.cash import COLLECTABLE, ENDED, cash_owed

State = VendorOrder.State
MAY_SAY_NO = (State.NEW, *TO_SEND)


@dataclass(frozen=True)
class CashBox:
    """Cash of one part: the amount in its currency, when it was taken, and whether it may be noted now."""

    amount: Decimal
    taken_at: datetime | None
    may_take: bool


def own_order(desk: Desk, number: str) -> VendorOrder:
    """An order of a group of this person. Raises Http404 for any other, and for one that was not paid yet."""
    rows = own_vendor_orders(desk.user).select_related(
        "order__user", "order__shipping_address__country", "vendor__home_region", "cash_collection"
    )
    return get_object_or_404(rows, number=number)


def show_order(
    request: HttpRequest,
    desk: Desk,
    row: VendorOrder,
    *,
    ship_form: ShipForm | None = None,
    pack_form: PackForm | None = None,
) -> HttpResponse:
    """The page of an order. ship_form, pack_form: as they were refused; they keep what was typed, however it stands."""
    page = vendor_order_page(row)
    may_send = row.state in TO_SEND and can_ship(desk.user, row)
    if may_send:
        ship_form = ship_form or ShipForm(
            places=[box.place for box in page.packages],
            initial={
                "carrier": page.carrier,
                "packages": [box.place for box in page.packages],
                "seen": row.last_package,
            },
        )
        if page.units_to_pack:
            pack_form = pack_form or PackForm(lines=page.lines, initial={"seen": row.last_package})
    cash = _cash(row)
    values: dict[str, Any] = {
        **frame(desk, "orders"),
        "page": page,
        "row": row,
        "steps": steps(page),
        "cash": cash,
        "shows_money": desk.keeps_books,
        "promise": payout_promise(row) if desk.keeps_books else None,
        "may_accept": row.state == State.NEW and can_accept(desk.user, row),
        "may_decline": row.state in MAY_SAY_NO and not page.shipments and can_decline(desk.user, row),
        "may_be_short": row.state in MAY_SAY_NO and can_decline(desk.user, row),
        "may_note_delivery": row.state == State.SHIPPED and cash is None and can_ship(desk.user, row),
        "has_left": row.state not in MAY_SAY_NO,
        "ship_form": ship_form,
        "pack_form": pack_form,
        "chosen_packages": _chosen(ship_form),
        "paper_languages": settings.LANGUAGES,
    }
    return render(request, "dashboard/order_detail.html", values)


def ship_form_of(page: VendorOrderPage, data: Any) -> ShipForm:
    """The form of handing over as it was sent; it names packages only where the page that was sent had any."""
    by_package = bool(data.get("by_package"))
    every = [box.place for box in page.every_package]
    return ShipForm(data, places=every if by_package else (), by_package=by_package)


def pack_form_of(page: VendorOrderPage, data: Any) -> PackForm:
    """The form of packing as it was sent; sent twice, it is one that may be answered like the first."""
    last = next((box for box in page.every_package if box.place == page.row.last_package), None)
    return PackForm(data, lines=page.lines, last=last)


def pack_form_again(page: VendorOrderPage, sent: Any, why: str) -> PackForm:
    """The form of packing after it was refused: what was typed, for the packages that there are by now."""
    data = sent.copy()
    data["seen"] = str(page.row.last_package)
    form = PackForm(data, lines=page.lines)
    form.add_error(None, why)
    return form


def ship_form_again(page: VendorOrderPage, sent: Any, why: str) -> ShipForm:
    """The form of handing over after it was refused: what was typed, and those of the chosen packages still there."""
    data, here = sent.copy(), [str(box.place) for box in page.packages]
    data["seen"] = str(page.row.last_package)
    data["by_package"] = "1" if here else ""
    data.setlist("packages", [place for place in sent.getlist("packages") if place in here])
    form = ship_form_of(page, data)
    form.add_error(None, why)
    return form


def too_late(current: str) -> str:
    """What a member is told when the order has moved on, or is not as far yet."""
    if current == State.NEW:
        return _("Accept the order first, then hand it over. Nothing has been changed.")
    words = str(State(current).label) if current in State.values else current
    return _("The order is %(state)s by now, so this cannot be done. Nothing has been changed.") % {
        "state": words
    }


def _chosen(form: ShipForm | None) -> list[str]:
    """Numbers of the packages whose boxes are ticked, as words."""
    value = form["packages"].value() if form is not None else None
    return [str(place) for place in value or ()]


def _cash(row: VendorOrder) -> CashBox | None:
    """What is to be taken, or was taken, in cash; None for an order that is paid otherwise."""
    taken: CashCollection | None = getattr(row, "cash_collection", None)
    if taken is not None:
        return CashBox(taken.amount, taken.collected_at, may_take=False)
    if row.order.status != Order.Status.PAY_ON_DELIVERY or row.state in ENDED:
        return None
    return CashBox(cash_owed(row).amount, None, may_take=row.state in COLLECTABLE)
