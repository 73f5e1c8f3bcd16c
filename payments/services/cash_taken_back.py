"""Cash noted by mistake: taken back by the finance officers, and to be noted again."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from orders.models import Order, VendorOrder
from orders.services.notifying import tell_group
from orders.services.releasing import lock_order, note_cash_taken_back
from payments.errors import CashReasonMissing, CashStays
from payments.models import CashCollection, Dispute, PaymentAttempt, PayoutItem, Refund
from payments.policies import can_take_back_cash, needs_second_person
from payments.services import ledger
from payments.services.alerts import alert_finance
from payments.services.second_person import VALID_FOR, done_or_waiting
from people.models import User
from vendors.models import Partner

State = PaymentAttempt.State
STANDING = (VendorOrder.State.DELIVERED, VendorOrder.State.COMPLETED)


def take_back_cash(collection: CashCollection, *, actor: User, reason: str) -> bool:
    """Take the note of a group's cash back: its posting is undone and the order is to be paid at hand-over again.

    The goods stay delivered, and the cash may be noted again. actor: a finance officer. False when it was done before.
    Raises CashReasonMissing, PermissionDenied, CashStays once anything was built on the cash, and SecondPersonWaited above the limit
    until another officer says the same.
    """
    said = reason.strip()[:200]
    if not said:
        raise CashReasonMissing
    if not can_take_back_cash(actor):
        raise PermissionDenied
    return done_or_waiting(_take_back(collection, actor=actor, reason=said))


@transaction.atomic
def _take_back(collection: CashCollection, *, actor: User, reason: str) -> bool | None:
    """Whether it was taken back now; None while a second person is waited for."""
    order = lock_order(collection.part.order_id)
    part = VendorOrder.objects.select_for_update(of=("self",)).get(pk=collection.part.pk)
    attempt = PaymentAttempt.objects.select_for_update().get(pk=collection.attempt_id)
    row = CashCollection.objects.select_for_update().get(pk=collection.pk)
    if row.taken_back_at is not None:
        return False
    # A payout run that gathers the group's entries waits here, or is waited for.
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=part.vendor_id)
    if not _is_untouched(row, order, part):
        raise CashStays
    if not _may_now(row, actor):
        return None
    _undo(row, part, actor=actor, reason=reason)
    attempt.amount_received -= row.amount
    attempt.state, attempt.settled_at = State.SESSION_OPEN, None
    attempt.save(update_fields=["amount_received", "state", "settled_at"])
    ledger.post_cash_taken_back(row)
    note_cash_taken_back(order, actor=actor, reason=reason)
    tell_group(
        part,
        "cash_taken_back",
        about=str(row.pk),
        amount=str(row.amount),
        vendor=part.vendor.name,
        reason=reason,
    )
    return True


def _undo(row: CashCollection, part: VendorOrder, *, actor: User, reason: str) -> None:
    row.vendor_order, row.taken_back_from = None, part
    row.taken_back_by, row.taken_back_at, row.taken_back_reason = actor, timezone.now(), reason
    row.save()


def _is_untouched(row: CashCollection, order: Order, part: VendorOrder) -> bool:
    """Whether nothing rests on the cash; everything that could is locked by the caller."""
    is_standing = part.state in STANDING and order.status in (Order.Status.PAID, Order.Status.PAY_ON_DELIVERY)
    refunds = Refund.objects.filter(attempt__order=order).exclude(state=Refund.State.REJECTED)
    paid_out = PayoutItem.objects.filter(
        entry__posting__source_type="collection", entry__posting__source_id=row.pk, is_void=False
    )
    return is_standing and not (
        refunds.exists()
        or Dispute.objects.filter(attempt__order=order).exists()
        or part.lines.filter(returned_quantity__gt=F("unpaid_quantity")).exists()
        or paid_out.exists()
    )


def _may_now(row: CashCollection, actor: User) -> bool:
    """Below the limit, or when another officer said the same lately; else it is noted once, and the officers hear."""
    if not needs_second_person(row.amount, row.currency):
        row.take_back_asked_by = row.take_back_asked_at = None
        return True
    first, asked_at = row.take_back_asked_by, row.take_back_asked_at
    is_fresh = asked_at is not None and asked_at >= timezone.now() - VALID_FOR
    if first is not None and is_fresh and can_take_back_cash(first):
        return first.pk != actor.pk
    row.take_back_asked_by, row.take_back_asked_at = actor, timezone.now()
    row.save(update_fields=["take_back_asked_by", "take_back_asked_at"])
    alert_finance(
        f"collection:{row.pk}:take-back:{row.take_back_asked_at:%Y%m%d%H%M%S}",
        subject=f"taking back cash of {row.currency} {row.amount} for {row.part.number} waits for a second person",
        detail="look at it in admin; it is done when another officer decides the same",
    )
    return False
