"""The page on which an officer picks things of an order, sees what they are worth, and then confirms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from marketplace.lib.money import format_money
from orders.models import Order
from payments.forms.picking import PickForm
from payments.models import PaymentAttempt
from payments.refund_errors import RefundError
from payments.services.shares import OrderShares, Share

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Picking:
    """What is picked and what for. confirm: carries it out and returns where to go; it may raise RefundError."""

    title: str
    order: Order
    attempt: PaymentAttempt
    shares: OrderShares
    confirm: Callable[[PickForm], str]
    has_reason: bool = False
    hint: str = ""


def pick(request: HttpRequest, context: dict[str, Any], picking: Picking) -> HttpResponse:
    """Show the form; sent to look, show what the things are worth; sent to confirm what was shown, do it."""
    data = request.POST if request.method == "POST" else None
    form = PickForm(data, shares=picking.shares, has_reason=picking.has_reason)
    worth: Sequence[Share] = []
    refusal: RefundError | None = None
    if data is not None and form.is_valid():
        try:
            worth = picking.shares.of(form.asked())
        except RefundError as error:
            refusal = error
        if "confirm" in data and not refusal and data.get("shown") == str(_total(worth)):
            try:
                return HttpResponseRedirect(picking.confirm(form))
            except RefundError as error:
                refusal = error
        if refusal:
            level = messages.WARNING if getattr(refusal, "is_noted", False) else messages.ERROR
            messages.add_message(request, level, str(refusal.message))
    currency = picking.attempt.currency
    total = _total(worth)
    context.update(
        title=picking.title,
        order=picking.order,
        hint=picking.hint,
        form=form,
        worth=[_row(share, currency) for share in worth],
        total=format_money(total, currency) if total else "",
        shown=str(total),
    )
    return TemplateResponse(request, "admin/payments/pick.html", context)


def _total(worth: Sequence[Share]) -> Decimal:
    return sum((share.amount for share in worth), ZERO)


def _row(share: Share, currency: str) -> dict[str, str]:
    goods = f"{share.quantity} x {share.line.title}" if share.line else share.vendor_order.delivery_name
    return {
        "group": share.vendor_order.vendor.name,
        "goods": goods,
        "amount": format_money(share.amount, currency),
        "share": format_money(share.share, currency),
        "commission": format_money(share.commission + share.commission_tax, currency),
    }
