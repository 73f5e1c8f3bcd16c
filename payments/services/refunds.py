"""Refunds: a row with its key first, then the call; repeated with the same key until the provider has answered."""

import uuid
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from marketplace.lib.queue import enqueue
from orders.models import Order
from orders.services.releasing import lock_order
from payments.models import Dispute, PaymentAttempt, Refund
from payments.providers.base import (
    PaymentDeclined,
    ProviderRequestRejected,
    ProviderUnavailable,
    RemoteRefund,
)
from payments.services import ledger
from payments.services.alerts import alert_finance
from payments.services.draining import drain
from payments.services.ended_refunds import end_by_bank, owed_again
from payments.services.given_back import MOVING_STATES, SURPLUS_REASONS, is_disputed, recount
from payments.services.providers import STRIPE, get_provider
from payments.services.transfers import is_key_old, pause_after

State = Refund.State
LEASE = timedelta(minutes=3)
# A bank takes days: a refund on its way is asked about so often, and events come in between.
ASK_AGAIN = timedelta(hours=6)
DISPUTED = "charge_disputed"


def queue_whole_refund(attempt: PaymentAttempt, reason: Refund.Reason, *, currency: str) -> Refund:
    """Note, in the caller's transaction, that all money of an attempt goes back; asked again it changes nothing.

    currency: of the money that came, which is not always the one we asked for. What somebody refunded at the provider
    does not stand for it.
    """
    refund, created = Refund.objects.get_or_create(
        attempt=attempt,
        again_for=None,
        reason__in=SURPLUS_REASONS,
        defaults={
            "key": f"refund:{uuid.uuid4()}",
            "amount": attempt.amount_received,
            "currency": currency,
            "reason": reason,
            "next_try_at": timezone.now(),
        },
    )
    if created:
        attempt.amount_given_back = F("amount_given_back") + refund.amount
        attempt.save(update_fields=["amount_given_back"])
        ledger.post_refund(refund)
        enqueue("payments.make_refund", refund_pk=refund.pk)
    return refund


def queue_refund_of_excess(attempt: PaymentAttempt, excess: Decimal) -> Refund:
    """Note, in the caller's transaction, that what came beyond an attempt's amount goes back.

    excess: in the attempt's currency, above zero, counted in amount_received already. The caller holds the lock of
    the order and asks once for each sum, since one attempt may be overpaid more than once.
    """
    refund = Refund.objects.create(
        attempt=attempt,
        key=f"refund:{uuid.uuid4()}",
        amount=excess,
        currency=attempt.currency,
        reason=Refund.Reason.PAID_OVER,
        next_try_at=timezone.now(),
    )
    PaymentAttempt.objects.filter(pk=attempt.pk).update(amount_given_back=F("amount_given_back") + excess)
    ledger.post_refund(refund)
    enqueue("payments.make_refund", refund_pk=refund.pk)
    return refund


def make_refund(refund_pk: int) -> bool:
    """Ask the provider for one refund that is due; True when it was asked and answered by this call.

    While the payment is disputed it waits: the provider would refuse, and repeat its refusal under the key.
    """
    refund = _lease(refund_pk)
    if refund is None:
        return False
    try:
        remote = _ask(refund)
    except ProviderUnavailable as error:
        Refund.objects.filter(pk=refund.pk, state=State.WAITING).update(
            next_try_at=timezone.now() + pause_after(refund.tries),
            last_error=f"no answer {error.code}".strip()[:200],
        )
        return False
    except (PaymentDeclined, ProviderRequestRejected) as error:
        if error.code == DISPUTED and not _was_lost(refund):
            _wait_for_the_bank(refund)
        else:
            _note_refusal(refund, error.code)
        return True
    note_remote(refund.pk, remote)
    return True


def make_waiting_refunds() -> int:
    """Ask for the refunds that are due, as many as there is time for; returns how many were answered."""
    return drain(Refund.objects.filter(state=State.WAITING), make_refund)


def ask_about_pending_refunds() -> int:
    """Ask what became of the refunds that banks are carrying out; returns how many came to an end."""
    pending = Refund.objects.filter(state=State.PENDING, attempt__provider=STRIPE)
    return drain(pending, _ask_about)


@transaction.atomic
def note_remote(refund_pk: int, remote: RemoteRefund) -> bool:
    """Bring a refund to where the provider has it, whoever told us and however often; True when it changed.

    A refund may fail days after it succeeded; one that failed never comes back.
    """
    known = Refund.objects.select_related("attempt").get(pk=refund_pk)
    order = lock_order(known.attempt.order_id)
    attempt = PaymentAttempt.objects.select_for_update().get(pk=known.attempt_id)
    refund = Refund.objects.select_for_update().get(pk=refund_pk)
    if refund.state not in MOVING_STATES:
        return False
    before = refund.state
    refund.provider_id = remote.id
    if remote.status in ("failed", "canceled"):
        _fail(order, attempt, refund, why=remote.failure_reason)
        return True
    if before != State.SUCCEEDED:
        refund.state = State.SUCCEEDED if remote.status == "succeeded" else State.PENDING
        refund.next_try_at = timezone.now() + ASK_AGAIN
        refund.last_error = ""
    refund.save(update_fields=["provider_id", "state", "next_try_at", "last_error"])
    return refund.state != before


def _ask(refund: Refund) -> RemoteRefund:
    """The refund at the provider, found or made. Raises what the provider raises."""
    attempt = refund.attempt
    provider = get_provider(attempt.provider)
    payment = attempt.payment_intent_id or attempt.session_id or ""
    if is_key_old(refund.asked_at):
        found = provider.find_refund(str(refund.pk), payment)
        if found is not None:
            return found
    try:
        return provider.refund_payment(
            key=refund.key,
            payment_intent_id=payment,
            amount=refund.amount,
            currency=refund.currency,
            reason=refund.reason,
            metadata={"order": attempt.order.number, "refund": str(refund.pk)},
        )
    except ProviderRequestRejected:
        # A refusal after a call without an answer says nothing about that first call.
        found = provider.find_refund(str(refund.pk), payment) if refund.tries > 1 else None
        if found is None:
            raise
        return found


def _ask_about(refund_pk: int) -> bool:
    refund = Refund.objects.select_related("attempt").get(pk=refund_pk)
    # Put off first: whatever this one answers, the others get their turn.
    Refund.objects.filter(pk=refund_pk).update(next_try_at=timezone.now() + ASK_AGAIN)
    try:
        remote = get_provider(refund.attempt.provider).retrieve_refund(refund.provider_id)
    except ProviderUnavailable:
        return False
    return note_remote(refund_pk, remote)


@transaction.atomic
def _lease(refund_pk: int) -> Refund | None:
    now = timezone.now()
    due = Refund.objects.filter(pk=refund_pk, state=State.WAITING, next_try_at__lte=now)
    refund = due.select_for_update(skip_locked=True, of=("self",)).select_related("attempt__order").first()
    if refund is None:
        return None
    if is_disputed(refund.attempt):
        refund.next_try_at = now + ASK_AGAIN
        refund.save(update_fields=["next_try_at"])
        return None
    refund.tries += 1
    refund.next_try_at = now + LEASE
    refund.save(update_fields=["tries", "next_try_at"])
    # The key's age counts from the first call: this one is the first where nothing was stored yet.
    Refund.objects.filter(pk=refund.pk, asked_at=None).update(asked_at=now)
    if refund.tries == settings.EVENT_MAX_TRIES:
        # It is tried on, since the money is owed; but by now a person should know.
        alert_finance(
            f"refund:{refund.pk}:late",
            subject=f"refund {refund.pk} has been tried {refund.tries} times without an answer",
            detail=f"order {refund.attempt.order.number}, last error {refund.last_error or 'none'}",
        )
    return refund


def _was_lost(refund: Refund) -> bool:
    """Whether a bank has decided against us: the provider refunds nothing of such a payment any more."""
    return refund.attempt.disputes.filter(state=Dispute.State.LOST).exists()


@transaction.atomic
def _wait_for_the_bank(refund: Refund) -> None:
    """The payment is disputed, which we have not heard of yet. The refusal is stored under the key: take another."""
    Refund.objects.filter(pk=refund.pk, state=State.WAITING).update(
        key=f"refund:{uuid.uuid4()}",
        asked_at=None,
        next_try_at=timezone.now() + ASK_AGAIN,
        last_error=DISPUTED,
    )


@transaction.atomic
def _note_refusal(refund: Refund, why: str) -> None:
    order = lock_order(refund.attempt.order_id)
    attempt = PaymentAttempt.objects.select_for_update().get(pk=refund.attempt_id)
    locked = Refund.objects.select_for_update().get(pk=refund.pk)
    if locked.state == State.WAITING:
        _fail(order, attempt, locked, why=why)


def _fail(order: Order, attempt: PaymentAttempt, refund: Refund, *, why: str) -> None:
    """The money is the customer's and still with us; a person decides how it goes back."""
    refund.state = State.FAILED
    refund.last_error = why[:200]
    refund.save(update_fields=["provider_id", "state", "last_error"])
    recount(attempt, is_fact=True)
    ledger.post_refund_failed(refund)
    end_by_bank(attempt)
    if not owed_again(attempt).filter(pk=refund.pk).exists():
        return
    alert_finance(
        f"refund:{refund.pk}:failed",
        subject=f"refund {refund.pk} failed: the buyer is owed {refund.currency} {refund.amount}",
        detail=f"order {order.number}, code {why or 'none'}; ask again, or send it by bank",
    )
