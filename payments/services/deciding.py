"""Decisions about refunds: asked for, approved by a second person, asked again.

Whatever is decided is decided in one transaction under the order's lock; the provider is called afterwards.
"""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from marketplace.lib.queue import enqueue
from orders.models import Order
from orders.services.notifying import tell_buyer
from orders.services.releasing import lock_order
from payments.models import PaymentAttempt, Refund, RefundItem
from payments.policies import needs_second_person
from payments.refund_errors import (
    AnotherPerson,
    DisputedOrder,
    NothingToRefund,
    OwnOrder,
    RefundDecided,
    RefundOutdated,
    RemarkMissing,
)
from payments.services import ledger
from payments.services.given_back import (
    MOVING_STATES,
    ZERO,
    is_disputed,
    lock_paid_attempt,
    lock_transfers,
    note_order,
    recount,
    take_transfers_back,
)
from payments.services.second_person import moved_alone
from payments.services.shares import Asked, OrderShares, Share
from people.models import User

State = Refund.State
Reason = Refund.Reason
BY_HAND = (PaymentAttempt.Provider.BANK_TRANSFER, PaymentAttempt.Provider.CASH_ON_DELIVERY)


@transaction.atomic
def request_refund(
    order: Order,
    asked: Asked,
    *,
    reason: Refund.Reason,
    remark: str,
    actor: User,
    token: uuid.UUID | None = None,
) -> Refund:
    """Refund things that an officer names; the amount is computed. Above the limit it waits for a second person.

    The limit counts what this officer has had refunded alone: of the order, and today of all orders in its currency.
    token: of the form, so that a form sent twice is one refund. Raises RemarkMissing, OwnOrder, UnitsTaken,
    NothingToRefund, DisputedOrder, OverRefund.
    """
    if not remark.strip():
        raise RemarkMissing
    locked = lock_order(order.pk)
    if locked.user_id == actor.pk:
        raise OwnOrder
    key = f"refund:{token or uuid.uuid4()}"
    sent_before = asked_with(str(token), locked)
    if sent_before:
        return sent_before
    attempt = lock_paid_attempt(locked)
    if is_disputed(attempt):
        raise DisputedOrder
    shares = OrderShares(locked, attempt).of(asked)
    refund = _write(attempt, shares, key=key, reason=reason, remark=remark.strip(), actor=actor)
    if needs_second_person(moved_alone(attempt, actor) + refund.amount, refund.currency):
        return refund
    decide(locked, attempt, refund)
    return refund


def asked_with(token: str, order: Order) -> Refund | None:
    """The refund of an order that a form with this token has asked for; None when none has."""
    return Refund.objects.filter(key=f"refund:{token.replace(chr(0), '')}", attempt__order=order).first()


@transaction.atomic
def approve_refund(refund: Refund, *, actor: User) -> bool:
    """A second person agrees: the refund is made; False when it was decided so before.

    Raises AnotherPerson, RefundDecided, RefundOutdated when it would be computed otherwise now, DisputedOrder,
    OverRefund.
    """
    order, attempt, locked = lock_refund(refund)
    if locked.state in MOVING_STATES and locked.approved_by_id:
        return False
    if locked.state != State.PROPOSED:
        raise RefundDecided
    if locked.requested_by_id == actor.pk:
        raise AnotherPerson
    if order.user_id == actor.pk:
        raise OwnOrder
    if is_disputed(attempt):
        raise DisputedOrder
    items = list(locked.items.all())
    asked = Asked(
        {item.line_id: item.quantity for item in items if item.line_id},
        [item.vendor_order_id for item in items if not item.line_id],
    )
    if (
        sum((share.amount for share in OrderShares(order, attempt, but=locked).of(asked)), ZERO)
        != locked.amount
    ):
        raise RefundOutdated
    locked.approved_by = actor
    decide(order, attempt, locked)
    return True


@transaction.atomic
def reject_refund(refund: Refund, *, actor: User, reason: str) -> bool:
    """A second person does not agree, or the first one takes it back; False when it was rejected before.

    Raises RemarkMissing, RefundDecided.
    """
    if not reason.strip():
        raise RemarkMissing
    _order, _attempt, locked = lock_refund(refund)
    if locked.state == State.REJECTED:
        return False
    if locked.state != State.PROPOSED:
        raise RefundDecided
    locked.state = State.REJECTED
    locked.approved_by = None if locked.requested_by_id == actor.pk else actor
    locked.last_error = reason.strip()[:200]
    locked.save(update_fields=["state", "approved_by", "last_error"])
    return True


@transaction.atomic
def refund_again(refund: Refund, *, actor: User) -> Refund:
    """Ask the provider anew for a refund that failed; asked twice it is one new refund.

    Raises RefundDecided, DisputedOrder, OverRefund.
    """
    order, attempt, locked = lock_refund(refund)
    successor = Refund.objects.filter(again_for=locked, amount=locked.amount, taken_in=None).first()
    if successor and successor.reason == Reason.AGAIN:
        return successor
    if is_disputed(attempt):
        raise DisputedOrder
    successor = succeed(locked, actor=actor)
    decide(order, attempt, successor)
    return successor


def decide(order: Order, attempt: PaymentAttempt, refund: Refund, *, is_asked: bool = True) -> None:
    """Count, post and announce a refund under the locks of order and attempt; is_asked: the provider makes it.

    Raises OverRefund.
    """
    refund.state = State.WAITING
    refund.next_try_at = timezone.now()
    refund.save(update_fields=["state", "approved_by", "next_try_at"])
    recount(attempt)
    ledger.post_refund(refund)
    items = list(refund.items.select_related("vendor_order", "line").order_by("pk"))
    take_transfers_back(items, refund=refund)
    note_order(order, attempt)
    if not refund.again_for_id:
        tell_buyer(
            order,
            "refund_made",
            about=str(refund.pk),
            amount=str(refund.amount),
            currency=refund.currency,
            goods=_words(items),
        )
    if is_asked:
        enqueue("payments.make_refund", refund_pk=refund.pk)


def write_owed(
    order: Order, attempt: PaymentAttempt, shares: Sequence[Share], *, reason: Refund.Reason
) -> Refund:
    """Refund what orders recorded as owed, under the locks of order and attempt. Raises NothingToRefund, OverRefund."""
    key = f"refund:{uuid.uuid4()}"
    refund = _write(attempt, shares, key=key, reason=reason, remark="", actor=None)
    decide(order, attempt, refund)
    return refund


def lock_refund(refund: Refund) -> tuple[Order, PaymentAttempt, Refund]:
    """Order, attempt and refund, locked in this order and read again."""
    order = lock_order(PaymentAttempt.objects.values_list("order_id", flat=True).get(pk=refund.attempt_id))
    lock_transfers(order)
    attempt = PaymentAttempt.objects.select_for_update().get(pk=refund.attempt_id)
    return order, attempt, Refund.objects.select_for_update().get(pk=refund.pk)


def _write(
    attempt: PaymentAttempt,
    shares: Sequence[Share],
    *,
    key: str,
    reason: Refund.Reason,
    remark: str,
    actor: User | None,
) -> Refund:
    amount = sum((share.amount for share in shares), ZERO)
    if amount <= 0:
        raise NothingToRefund
    refund = Refund.objects.create(
        attempt=attempt,
        key=key,
        amount=amount,
        currency=attempt.currency,
        reason=reason,
        remark=remark[:200],
        state=State.PROPOSED,
        requested_by=actor,
        next_try_at=timezone.now(),
    )
    RefundItem.objects.bulk_create(RefundItem(refund=refund, **share.values) for share in shares)
    return refund


def succeed(failed: Refund, *, actor: User | None) -> Refund:
    """A new refund in the place of a locked one that failed, not decided yet. Raises RefundDecided."""
    is_owed = failed.reason != Reason.FOREIGN or failed.again_for_id or failed.items.exists()
    if failed.state != State.FAILED or not is_owed or Refund.objects.filter(again_for=failed).exists():
        raise RefundDecided
    return Refund.objects.create(
        attempt_id=failed.attempt_id,
        again_for=failed,
        key=f"refund:{uuid.uuid4()}",
        amount=failed.amount,
        currency=failed.currency,
        reason=Reason.AGAIN,
        state=State.PROPOSED,
        requested_by=actor,
        next_try_at=timezone.now(),
    )


def _words(items: Sequence[RefundItem]) -> str:
    named = [
        f"{item.quantity} x {item.line.title} {item.line.size_label}".strip()
        if item.line
        else f"{item.vendor_order.delivery_name}"
        for item in items
    ]
    return ", ".join(named)
