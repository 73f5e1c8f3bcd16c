"""Refunds whose money reached the buyer another way: taken by the bank in a lost dispute, or given by hand."""

import uuid
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from payments.models import Dispute, PaymentAttempt, Refund, RefundItem
from payments.models.refunds import SaleShare
from payments.services import ledger
from payments.services.alerts import alert_finance
from payments.services.given_back import ZERO

State = Refund.State
Reason = Refund.Reason


def owed_again(attempt: PaymentAttempt) -> QuerySet[Refund]:
    """Refunds of an attempt that failed, whose money is the buyer's and was given back in no other way."""
    items = RefundItem.objects.filter(refund=OuterRef("pk"))
    is_owed = ~Q(reason=Reason.FOREIGN) | Q(again_for__isnull=False) | Exists(items)
    return attempt.refunds.filter(is_owed, state=State.FAILED, successor=None)


def end_by_bank(attempt: PaymentAttempt) -> None:
    """Let what lost disputes took beyond their items end refunds of a locked attempt that wait or failed.

    The buyer has that money: asking again, or sending it by bank, would pay twice.
    """
    for dispute in attempt.disputes.filter(state=Dispute.State.LOST).order_by("pk"):
        ended = dispute.taken_refunds.filter(state=State.SUCCEEDED)
        left = dispute.amount - _total(dispute.items.all()) - _total(ended)
        waiting = attempt.refunds.filter(state=State.WAITING)
        pks = [*waiting.values_list("pk", flat=True), *owed_again(attempt).values_list("pk", flat=True)]
        for refund in Refund.objects.select_for_update().filter(pk__in=pks).order_by("pk"):
            taken = min(left, refund.amount)
            if taken > 0:
                _take(refund, dispute, taken)
                left -= taken


def owe_again(dispute: Dispute) -> None:
    """The bank gave back what it took in a dispute: refunds that it had ended are owed again."""
    ended = dispute.taken_refunds.select_for_update().filter(state=State.SUCCEEDED)
    for refund in ended.order_by("pk"):
        refund.state = State.FAILED
        refund.last_error = f"the bank gave back what it took in {dispute.provider_id}"[:200]
        refund.save(update_fields=["state", "last_error"])
        ledger.post_refund_left_by_dispute(refund)
        _tell(refund)


def leave_rest(failed: Refund, given: Decimal) -> None:
    """Keep, as a refund that failed too, what of a failed one is still owed after a part was given."""
    rest = _successor(failed, failed.amount - given, state=State.FAILED)
    ledger.post_refund(rest)
    ledger.post_refund_failed(rest)
    _tell(rest)


def _take(refund: Refund, dispute: Dispute, taken: Decimal) -> None:
    ended = refund
    if refund.state == State.WAITING and taken < refund.amount:
        refund.state = State.FAILED
        refund.save(update_fields=["state"])
        ledger.post_refund_failed(refund)
    if refund.state == State.FAILED:
        ended = _successor(refund, taken, state=State.SUCCEEDED, taken_in=dispute)
        ledger.post_refund(ended)
        if taken < refund.amount:
            leave_rest(refund, taken)
    ended.state = State.SUCCEEDED
    ended.taken_in = dispute
    ended.last_error = f"given back by the bank in {dispute.provider_id}"[:200]
    ended.save(update_fields=["state", "taken_in", "last_error"])
    ledger.post_refund_by_dispute(ended)


def _successor(
    failed: Refund, amount: Decimal, *, state: Refund.State, taken_in: Dispute | None = None
) -> Refund:
    return Refund.objects.create(
        attempt_id=failed.attempt_id,
        again_for=failed,
        key=f"refund:{uuid.uuid4()}",
        amount=amount,
        currency=failed.currency,
        reason=Reason.AGAIN,
        state=state,
        taken_in=taken_in,
        next_try_at=timezone.now(),
    )


def _tell(refund: Refund) -> None:
    alert_finance(
        f"refund:{refund.pk}:owed",
        subject=f"the buyer of order {refund.attempt.order.number} is owed {refund.currency} {refund.amount}",
        detail=f"refund {refund.pk}; ask again, or send it by bank",
    )


def _total(rows: QuerySet[Refund] | QuerySet[SaleShare]) -> Decimal:
    total: Decimal | None = rows.aggregate(total=Sum("amount"))["total"]
    return total or ZERO
