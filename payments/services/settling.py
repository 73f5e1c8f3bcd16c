"""settle(): the only way from money to a released order. Source: docs/architecture.md, "A sale"."""

import logging
from decimal import Decimal
from enum import StrEnum

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone

from marketplace.lib.locks import is_busy
from orders.errors import OfferGone
from orders.models import Order
from orders.services.notifying import tell_buyer
from orders.services.releasing import lock_order, release, release_unpaid
from payments.models import PaymentAttempt, Refund
from payments.providers.base import ProviderError, RemotePayment
from payments.services import ledger
from payments.services.alerts import alert_finance
from payments.services.attempts import close_attempt, look_up
from payments.services.books import bank_received
from payments.services.providers import BANK_TRANSFER
from payments.services.refunds import queue_refund_of_excess, queue_whole_refund
from vendors.errors import InsufficientStock

logger = logging.getLogger(__name__)

State = PaymentAttempt.State
SETTLED_STATES = (State.SUCCEEDED, State.SURPLUS)


class Outcome(StrEnum):
    """What settling found."""

    RELEASED = "released"
    SURPLUS = "surplus"
    ALREADY = "already"
    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


def settle(attempt_pk: int) -> Outcome:
    """Ask the provider what became of an attempt and act on it, once, whoever calls and however often.

    Called by the event task, the return page, the sweeper, a matched receipt and an operator's replay, safe beside
    itself. Raises ProviderUnavailable when there is no answer; nothing has changed then.
    """
    attempt = PaymentAttempt.objects.get(pk=attempt_pk)
    # More may come to a bank account after a payment was settled; a card is charged once.
    if attempt.state in SETTLED_STATES and attempt.provider != BANK_TRANSFER:
        return Outcome.ALREADY
    remote = look_up(attempt)
    if remote is None:
        return Outcome.UNKNOWN
    if remote.payment_status == "no_payment_required":
        return _hand_over_unpaid(attempt)
    has_short_money = remote.session_status == "expired" and remote.amount_received > 0
    if remote.payment_status == "paid" or has_short_money:
        return _apply(attempt, remote)
    if remote.session_status == "expired":
        close_attempt(attempt, State.EXPIRED, remark=remote.failure_message)
        return Outcome.CLOSED
    if remote.session_status == "complete" and remote.failure_message:
        # A bank that is asked after the page has closed said no: nobody can pay on that page again.
        close_attempt(attempt, State.FAILED, remark=remote.failure_message)
        return Outcome.CLOSED
    return Outcome.OPEN


def settle_order(order: Order) -> Outcome:
    """Settle the newest attempt of an order, for the page that a buyer returns to.

    A provider that does not help, or a twin that holds the order, is no error here: the event or the sweeper
    settles it later.
    """
    attempt = order.attempts.first()
    if attempt is None:
        return Outcome.UNKNOWN
    try:
        return settle(attempt.pk)
    except ProviderError:
        logger.warning("return page could not ask the provider", extra={"attempt": attempt.pk}, exc_info=True)
    except OperationalError as error:
        if not is_busy(error):
            raise
    return Outcome.UNKNOWN


@transaction.atomic
def _hand_over_unpaid(attempt: PaymentAttempt) -> Outcome:
    """Hand an order to its groups that is paid at the door; the attempt stays open until they have the money."""
    order = lock_order(attempt.order_id)
    locked = PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)
    if locked.state not in PaymentAttempt.OPEN_STATES:
        return Outcome.CLOSED
    if release_unpaid(order):
        return Outcome.RELEASED
    if order.status == Order.Status.PAY_ON_DELIVERY:
        return Outcome.ALREADY
    close_attempt(locked, State.FAILED, remark="the order waits for no payment any more")
    return Outcome.CLOSED


@transaction.atomic
def _apply(attempt: PaymentAttempt, remote: RemotePayment) -> Outcome:
    order = lock_order(attempt.order_id)
    locked = PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)
    if locked.state in SETTLED_STATES:
        _take_more(order, locked, remote)
        return Outcome.ALREADY
    if locked.provider == BANK_TRANSFER and bank_received(locked) < remote.amount_received:
        # A receipt was taken away between the question and the lock: asked again, it is counted no more.
        return Outcome.OPEN
    locked.payment_intent_id = remote.payment_intent_id
    locked.charge_id = remote.charge_id
    locked.amount_received = remote.amount_received
    locked.settled_at = timezone.now()
    reason = _reason_to_refuse(order, locked, remote)
    if reason is None:
        try:
            release(order)
        except (InsufficientStock, OfferGone):
            reason = Refund.Reason.GOODS_GONE
    locked.state = State.SURPLUS if reason else State.SUCCEEDED
    locked.save()
    if locked.provider != BANK_TRANSFER:
        # Money on our bank account is in the ledger since its receipt was entered.
        ledger.post_captured(locked, currency=remote.currency)
    if reason:
        _give_back(order, locked, reason, currency=remote.currency)
        return Outcome.SURPLUS
    ledger.post_released(order)
    if locked.amount_received > locked.amount:
        _give_excess_back(order, locked, locked.amount_received - locked.amount)
    return Outcome.RELEASED


def _take_more(order: Order, attempt: PaymentAttempt, remote: RemotePayment) -> None:
    """Count what came after a bank transfer was settled; all of it goes back."""
    more = remote.amount_received - attempt.amount_received
    if attempt.provider != BANK_TRANSFER or more <= 0:
        return
    attempt.amount_received = remote.amount_received
    attempt.save(update_fields=["amount_received"])
    _give_excess_back(order, attempt, more)


def _reason_to_refuse(order: Order, attempt: PaymentAttempt, remote: RemotePayment) -> Refund.Reason | None:
    is_any_amount = attempt.provider == BANK_TRANSFER
    is_ours = (
        remote.is_live == settings.STRIPE_LIVE_MODE
        and (remote.amount_received == attempt.amount or is_any_amount)
        and remote.currency == attempt.currency
        and remote.metadata.get("attempt") == str(attempt.reference)
        and remote.metadata.get("order") == order.number
    )
    if not is_ours:
        return Refund.Reason.MISMATCH
    if remote.amount_received < attempt.amount:
        return Refund.Reason.PAID_SHORT
    if order.status not in (Order.Status.AWAITING_PAYMENT, Order.Status.EXPIRED):
        return Refund.Reason.PAID_TWICE
    return None


def _give_back(order: Order, attempt: PaymentAttempt, reason: Refund.Reason, *, currency: str) -> None:
    # In the currency that came, which may be the very thing that did not match.
    if attempt.amount_received > 0:
        queue_whole_refund(attempt, reason, currency=currency)
        amount = str(attempt.amount_received)
        tell_buyer(order, "payment_returned", about=str(attempt.pk), amount=amount, currency=currency)
    alert_finance(
        f"attempt:{attempt.pk}:surplus",
        subject=f"payment for order {order.number} is refunded whole",
        detail=f"attempt {attempt.pk}: {reason.label}",
    )


def _give_excess_back(order: Order, attempt: PaymentAttempt, excess: Decimal) -> None:
    refund = queue_refund_of_excess(attempt, excess)
    tell_buyer(order, "payment_over", about=str(refund.pk), amount=str(excess), currency=attempt.currency)
    alert_finance(
        f"refund:{refund.pk}:excess",
        subject=f"more than was owed came for order {order.number}: {attempt.currency} {excess} goes back",
        detail=f"attempt {attempt.pk}, refund {refund.pk}",
    )
