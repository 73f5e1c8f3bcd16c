"""The sweepers: payments whose browser never came back, and reservations whose time is over."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils import timezone

from orders.models import Order
from orders.services.releasing import expire, lock_order
from payments.models import BankReceipt, PaymentAttempt
from payments.services.attempts import close_attempt, look_up
from payments.services.providers import BANK_TRANSFER, CASH_ON_DELIVERY, get_provider
from payments.services.settling import Outcome, settle

logger = logging.getLogger(__name__)

State = PaymentAttempt.State
# Younger attempts are left to the buyer and the provider's event.
SWEEP_AFTER = timedelta(minutes=3)
BATCH = 500


def sweep_attempts() -> int:
    """Settle the attempts nobody told us about, oldest first, a batch of each kind; returns how many were released.

    Transfers that wait for their money, and cash that waits for its goods, stay open for days and are not asked
    about: by their number they would keep the cards from their turn.
    """
    released = 0
    for pk in [*_cards_to_sweep(), *_receipts_to_sweep(), *_cash_to_sweep()]:
        try:
            released += settle(pk) == Outcome.RELEASED
        except Exception:
            # The outer edge: whatever is wrong with one attempt must not hold up the others.
            logger.exception("attempt not swept", extra={"attempt": pk})
    return released


def _cards_to_sweep() -> list[int]:
    old = PaymentAttempt.objects.unfinished().filter(created_at__lte=timezone.now() - SWEEP_AFTER)
    cards = old.exclude(provider__in=(BANK_TRANSFER, CASH_ON_DELIVERY))
    return list(cards.order_by("created_at").values_list("pk", flat=True)[:BATCH])


def _receipts_to_sweep() -> list[int]:
    """Transfers that were matched by somebody who was stopped before they were settled."""
    matched = Sum("receipts__amount", filter=Q(receipts__state=BankReceipt.State.MATCHED))
    transfers = PaymentAttempt.objects.filter(provider=BANK_TRANSFER).annotate(matched=matched)
    unsettled = transfers.filter(matched__gt=F("amount_received")).exclude(
        state__in=PaymentAttempt.OPEN_STATES, matched__lt=F("amount")
    )
    return list(unsettled.order_by("created_at").values_list("pk", flat=True)[:BATCH])


def _cash_to_sweep() -> list[int]:
    """Orders to be paid at the door that were not handed to their groups yet."""
    old = PaymentAttempt.objects.unfinished().filter(created_at__lte=timezone.now() - SWEEP_AFTER)
    cash = old.filter(provider=CASH_ON_DELIVERY).exclude(order__status=Order.Status.PAY_ON_DELIVERY)
    return list(cash.order_by("created_at").values_list("pk", flat=True)[:BATCH])


def expire_orders() -> int:
    """Give up the orders whose reservation has ended, at most one batch; returns how many were given up.

    Before stock goes back, the payment page is closed at the provider; money found there settles the order instead.
    """
    over = Order.objects.unpaid_since(timezone.now()).order_by("reserved_until")
    expired = 0
    for order in list(over[:BATCH]):
        try:
            expired += _expire_order(order)
        except Exception:
            # The outer edge, as above. The stock stays held: better late than sold twice.
            logger.exception("order not expired", extra={"order": order.pk})
    return expired


def _expire_order(order: Order) -> bool:
    for attempt in order.attempts.unfinished():
        _close_page(attempt)
    with transaction.atomic():
        locked = lock_order(order.pk)
        is_over = locked.status == Order.Status.AWAITING_PAYMENT and locked.reserved_until <= timezone.now()
        if not is_over or locked.attempts.unfinished().exists():
            return False
        return expire(locked)


def _close_page(attempt: PaymentAttempt) -> None:
    """Make sure that nobody can pay this attempt any more; settle it when somebody has."""
    remote = look_up(attempt)
    if remote is None:
        close_attempt(attempt, State.EXPIRED, remark="never reached the provider")
        return
    if remote.session_status == "open":
        remote = get_provider(attempt.provider).expire_payment(remote.session_id)
    settle(attempt.pk)
