"""Cash that groups take at hand-over: noted once for each part, until an order has no part left to be paid."""

import logging
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import DecimalField, Exists, ExpressionWrapper, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from orders.domain.parts import part_of
from orders.models import Line, Order, VendorOrder
from orders.services.notifying import tell_buyer
from orders.services.releasing import deliver_part, lock_order, note_cash_complete, note_nothing_delivered
from payments.errors import CashNotDue
from payments.models import CashCollection, PaymentAttempt
from payments.services import ledger
from payments.services.alerts import alert_finance
from payments.services.attempts import close_attempt
from payments.services.given_back import note_order
from payments.services.shares import worth_of_lines
from people.models import User

logger = logging.getLogger(__name__)

State = VendorOrder.State
COLLECTABLE = (State.SHIPPED, State.DELIVERED, State.COMPLETED)
# Parts for which no money will come any more.
ENDED = (State.CANCELLED, State.RETURNED)
BATCH = 500
ZERO = Decimal("0.00")
# More than what rounding may leave between an amount reckoned roughly and the exact one.
SURE = Decimal("1.00")


@dataclass(frozen=True)
class CashOwed:
    """What a buyer owes at the door for one part, and what of it the group owes the programme; in its currency.

    promotion: what the programme owes the group, as its part of a discount.
    """

    amount: Decimal
    promotion: Decimal
    commission: Decimal
    commission_tax: Decimal


def cash_owed(vendor_order: VendorOrder) -> CashOwed:
    """What is to be taken for a part now: units that were not supplied, or came back, are not owed. Two queries.

    The discount goes with the goods, as in a refund of them: it is never taken off what is left of others.
    """
    if vendor_order.state in ENDED:
        return CashOwed(ZERO, ZERO, ZERO, ZERO)
    lines = list(vendor_order.lines.all())
    worth = dict(worth_of_lines(vendor_order))
    goods = sum((_left(line, worth[line.pk]) for line in lines), ZERO)
    return CashOwed(
        goods + vendor_order.delivery_price,
        sum((_left(line, line.promotion) for line in lines), ZERO),
        sum((_left(line, line.commission) for line in lines), ZERO),
        sum((_left(line, line.commission_tax) for line in lines), ZERO),
    )


@transaction.atomic
def collect_cash(vendor_order: VendorOrder, *, actor: User) -> bool:
    """Note that the group took what is owed for its part; the goods count as delivered. False when it was noted.

    The group keeps the cash and owes the commission from then on. With the last part the order is paid.
    Also of a part that was counted as delivered or completed before its cash was noted.
    Raises CashNotDue before the goods have left, for a part that was cancelled, and for an order paid otherwise.
    """
    order = lock_order(vendor_order.order_id)
    part = (
        VendorOrder.objects.select_for_update(of=("self",)).select_related("vendor").get(pk=vendor_order.pk)
    )
    if CashCollection.objects.filter(vendor_order=part).exists():
        return False
    attempt = _lock_attempt(order)
    owed = cash_owed(part)
    if attempt is None or part.state not in COLLECTABLE or owed.amount <= 0:
        raise CashNotDue
    collection = CashCollection.objects.create(
        vendor_order=part,
        attempt=attempt,
        amount=owed.amount,
        currency=part.currency,
        recorded_by=actor,
        collected_at=timezone.now(),
    )
    # Nobody pays for what has come back already, so that nobody is owed for it either.
    part.lines.filter(returned_quantity__gt=0).update(unpaid_quantity=F("returned_quantity"))
    attempt.amount_received += owed.amount
    attempt.save(update_fields=["amount_received"])
    ledger.post_cash_collected(
        collection, promotion=owed.promotion, commission=owed.commission, commission_tax=owed.commission_tax
    )
    deliver_part(part, actor=actor)
    tell_buyer(order, "cash_taken", about=part.number, amount=str(owed.amount), vendor=part.vendor.name)
    _close_if_done(order, attempt)
    return True


def close_finished_orders() -> int:
    """End the orders to be paid at hand-over that have no part left to be paid, at most one batch; returns how many.

    A part is cancelled, or its goods come back, in another room, which knows nothing of cash: its order is found here.
    """
    open_orders = Order.objects.filter(status=Order.Status.PAY_ON_DELIVERY)
    sure = _unended().annotate(left=_roughly_owed()).filter(left__gte=SURE)
    done = open_orders.exclude(Exists(sure.filter(order=OuterRef("pk")))).order_by("pk")
    closed = 0
    for pk in list(done.values_list("pk", flat=True)[:BATCH]):
        try:
            closed += _close_order(pk)
        except Exception:
            # The outer edge: one order that nobody foresaw must not hold up the others.
            logger.exception("cash order not closed", extra={"order": pk})
    return closed


def alert_about_overdue_cash(now: datetime) -> int:
    """Tell the finance officers, once for each, of goods that must have come and whose cash nobody noted.

    Returns how many there are, at most one batch.
    """
    unended = _unended().filter(order__status=Order.Status.PAY_ON_DELIVERY)
    overdue = VendorOrder.objects.overdue(now).filter(pk__in=unended.values("pk"))
    found = overdue.select_related("vendor").prefetch_related("lines").order_by("-pk")[:BATCH]
    parts = [part for part in found if cash_owed(part).amount > 0]
    for part in parts:
        alert_finance(
            f"vendor-order:{part.pk}:cash-overdue",
            subject=f"nobody noted the cash for {part.number}, which must have come by now",
            detail=f"ask {part.vendor.name}: note the cash it took, or that the goods came back",
        )
    return len(parts)


@transaction.atomic
def _close_order(order_pk: int) -> bool:
    order = lock_order(order_pk)
    attempt = _lock_attempt(order)
    return attempt is not None and _close_if_done(order, attempt)


def _close_if_done(order: Order, attempt: PaymentAttempt) -> bool:
    unended = _unended().filter(order=order).prefetch_related("lines")
    if any(cash_owed(part).amount > 0 for part in unended):
        return False
    if attempt.amount_received == 0:
        close_attempt(attempt, PaymentAttempt.State.FAILED, remark="nothing was delivered")
        return note_nothing_delivered(order)
    attempt.state = PaymentAttempt.State.SUCCEEDED
    attempt.settled_at = timezone.now()
    attempt.save(update_fields=["state", "settled_at"])
    is_complete = note_cash_complete(order)
    # What came back before the last cash has moved no order yet.
    note_order(order, attempt)
    return is_complete


def _unended() -> QuerySet[VendorOrder]:
    """Parts that have not ended and whose cash was not noted."""
    return VendorOrder.objects.filter(cash_collection__isnull=True).exclude(state__in=ENDED)


def _roughly_owed() -> ExpressionWrapper:
    """What is owed for a part, but for some paisa, to find rows by; cash_owed has the exact amount."""
    gone = F("cancelled_quantity") + F("returned_quantity")
    paid = F("line_price_incl_tax") - F("discount")
    kept = Sum(paid * (F("quantity") - gone) / F("quantity"))
    own = Line.objects.filter(vendor_order=OuterRef("pk")).order_by().values("vendor_order")
    goods = own.annotate(kept=kept).values("kept")
    return ExpressionWrapper(
        Coalesce(Subquery(goods), ZERO) + F("delivery_price"),
        output_field=DecimalField(max_digits=24, decimal_places=6),
    )


def _lock_attempt(order: Order) -> PaymentAttempt | None:
    """The attempt of an order that is to be paid at hand-over, locked; None for any other order."""
    if order.status != Order.Status.PAY_ON_DELIVERY:
        return None
    cash = PaymentAttempt.objects.select_for_update().unfinished().filter(order=order)
    return cash.filter(provider=PaymentAttempt.Provider.CASH_ON_DELIVERY).first()


def _left(line: Line, whole: Decimal) -> Decimal:
    """What of a line's amount belongs to the units that the buyer keeps."""
    gone = line.cancelled_quantity + line.returned_quantity
    return whole - part_of(whole, units=gone, taken=0, quantity=line.quantity)
