"""Money that orders have recorded as owed: found by query, and given back without anybody asking."""

import logging
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import DecimalField, F, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from orders.models import Line, VendorOrder
from orders.services.releasing import lock_order
from payments.models import Dispute, DisputeItem, PaymentAttempt, Refund, RefundItem
from payments.refund_errors import NothingToRefund, OverRefund
from payments.services.alerts import alert_finance
from payments.services.deciding import write_owed
from payments.services.given_back import is_disputed, lock_paid_attempt
from payments.services.shares import OrderShares, Share

logger = logging.getLogger(__name__)

BATCH = 500
CASH = PaymentAttempt.Provider.CASH_ON_DELIVERY


def refund_owed(order_pk: int) -> int:
    """Give back what the parts of an order record as owed; returns how many refunds were decided.

    One refund for each part. Nothing is owed where no money came. It waits while a dispute is open, and while nobody
    has said what a refund made at the provider was for. Called by task and sweeper, safe beside itself.
    """
    try:
        return _refund_owed(order_pk)
    except OverRefund:
        alert_finance(
            f"order:{order_pk}:owed",
            subject="a refund that is owed would be more than came in",
            detail=f"order with id {order_pk}; look at its refunds, and explain those made at the provider",
        )
        return 0


def refund_what_is_owed() -> int:
    """The sweeper: refund whatever orders record as owed, at most one batch; returns how many refunds were decided."""
    decided = 0
    for pk in orders_owing():
        try:
            decided += refund_owed(pk)
        except Exception:
            # The outer edge: one order that nobody foresaw must not hold up the others.
            logger.exception("owed refund not decided", extra={"order": pk})
    return decided


def orders_owing() -> Sequence[int]:
    """Ids of paid orders with units that were not supplied or came back and were not refunded, at most one batch.

    With them those of cancelled parts whose delivery was not refunded, though their goods may have been before.
    """
    refunded = RefundItem.objects.exclude(refund__state=Refund.State.REJECTED)
    lost = DisputeItem.objects.filter(dispute__state=Dispute.State.LOST)
    gone = Line.objects.filter(Q(cancelled_quantity__gt=0) | Q(returned_quantity__gt=0))
    lines = gone.annotate(back=_units(refunded) + _units(lost))
    paid = PaymentAttempt.objects.filter(state=PaymentAttempt.State.SUCCEEDED).exclude(provider=CASH)
    by_card = lines.filter(
        order__in=paid.values("order"), back__lt=F("cancelled_quantity") + F("returned_quantity")
    )
    # What was not supplied, or came back before, is not paid for at the door.
    paid_for = F("returned_quantity") - F("unpaid_quantity")
    in_cash = lines.filter(vendor_order__cash_collection__isnull=False, back__lt=paid_for)
    disputed = Dispute.objects.filter(state=Dispute.State.OPEN).values("attempt__order")
    found = (by_card | in_cash).exclude(order__in=disputed)
    cancelled = VendorOrder.objects.filter(state=VendorOrder.State.CANCELLED, order__in=paid.values("order"))
    undelivered = cancelled.exclude(order__in=disputed).annotate(
        back=_delivery_money(refunded) + _delivery_money(lost)
    )
    undelivered = undelivered.filter(back__lt=F("delivery_price"))
    ids = found.order_by().values_list("order_id", flat=True)
    both = ids.union(undelivered.order_by().values_list("order_id", flat=True))
    return sorted(both[:BATCH])


@transaction.atomic
def _refund_owed(order_pk: int) -> int:
    order = lock_order(order_pk)
    try:
        attempt = lock_paid_attempt(order)
    except NothingToRefund:
        return 0
    if is_disputed(attempt):
        return 0
    shares = OrderShares(order, attempt)
    found = [(part, shares.owed(part)) for part in shares.parts]
    due = [(part, owed) for part, owed in found if any(share.amount for share in owed)]
    if due and _is_unexplained(attempt):
        # It may have been for the same goods: nobody is paid twice.
        alert_finance(
            f"order:{order.pk}:owed",
            subject=f"a refund of order {order.number} waits until one made at the provider is explained",
            detail="say in admin what that one was for; what is still owed then goes back by itself",
        )
        return 0
    # Each posting locks its group's key; in the order in which whole groups are locked.
    for part, owed in sorted(due, key=lambda pair: pair[0].vendor_id):
        write_owed(order, attempt, owed, reason=_reason(part, owed))
    return len(due)


def _is_unexplained(attempt: PaymentAttempt) -> bool:
    foreign = attempt.refunds.filter(reason=Refund.Reason.FOREIGN, requested_by=None)
    return foreign.exclude(state=Refund.State.FAILED).exists()


def _reason(part: VendorOrder, owed: Sequence[Share]) -> Refund.Reason:
    if part.state == VendorOrder.State.CANCELLED:
        return Refund.Reason.CANCELLED
    is_return = any(share.line and share.line.returned_quantity for share in owed)
    return Refund.Reason.RETURNED if is_return else Refund.Reason.NOT_SUPPLIED


def _delivery_money(items: object) -> Coalesce:
    own = items.filter(vendor_order=OuterRef("pk"), line=None).order_by().values("vendor_order")  # type: ignore[attr-defined]
    summed = own.annotate(money=Sum("amount")).values("money")
    return Coalesce(Subquery(summed), Decimal(0), output_field=DecimalField())


def _units(items: object) -> Coalesce:
    own = items.filter(line=OuterRef("pk")).order_by().values("line")  # type: ignore[attr-defined]
    summed = own.annotate(units=Sum("quantity")).values("units")
    return Coalesce(Subquery(summed, output_field=IntegerField()), 0)
