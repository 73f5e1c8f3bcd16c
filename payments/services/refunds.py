"""Refunds: a row with its key first, then the call; repeated with the same key until the provider has answered."""

import logging
import uuid
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from marketplace.lib.queue import enqueue
from payments.models import PaymentAttempt, Refund
from payments.providers.base import (
    PaymentDeclined,
    ProviderRequestRejected,
    ProviderUnavailable,
    RemoteRefund,
)
from payments.services import ledger
from payments.services.alerts import alert_finance
from payments.services.providers import get_provider

logger = logging.getLogger(__name__)

State = Refund.State
LEASE = timedelta(minutes=3)
BATCH = 500


def queue_whole_refund(attempt: PaymentAttempt, reason: Refund.Reason, *, currency: str) -> Refund:
    """Note, in the caller's transaction, that all money of an attempt goes back; asked again it changes nothing.

    currency: of the money that came, which is not always the one we asked for.
    """
    refund, created = Refund.objects.get_or_create(
        attempt=attempt,
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
    """Ask the provider for one refund that is due; True when it was asked and answered by this call."""
    refund = _lease(refund_pk)
    if refund is None:
        return False
    try:
        remote = get_provider(refund.attempt.provider).refund_payment(
            key=refund.key,
            payment_intent_id=refund.attempt.payment_intent_id,
            amount=refund.amount,
            currency=refund.currency,
            reason=refund.reason,
            metadata={"order": refund.attempt.order.number, "refund": str(refund.pk)},
        )
    except ProviderUnavailable as error:
        Refund.objects.filter(pk=refund.pk).update(
            next_try_at=timezone.now() + timedelta(seconds=30 * 2 ** min(refund.tries, 8)),
            last_error=f"no answer {error.code}".strip()[:200],
        )
        return False
    except (PaymentDeclined, ProviderRequestRejected) as error:
        _fail(refund, error.code)
        return True
    _note_answer(refund, remote)
    return True


def make_waiting_refunds() -> int:
    """Ask for the refunds that are due, at most one batch; returns how many were answered."""
    due = Refund.objects.filter(state=State.WAITING, next_try_at__lte=timezone.now()).order_by("next_try_at")
    answered = 0
    for pk in list(due.values_list("pk", flat=True)[:BATCH]):
        try:
            answered += make_refund(pk)
        except Exception:
            # The outer edge: one refund that nobody foresaw must not hold up the others; it is tried again.
            logger.exception("refund not made", extra={"refund": pk})
    return answered


@transaction.atomic
def _lease(refund_pk: int) -> Refund | None:
    now = timezone.now()
    due = Refund.objects.filter(pk=refund_pk, state=State.WAITING, next_try_at__lte=now)
    refund = due.select_for_update(skip_locked=True, of=("self",)).select_related("attempt__order").first()
    if refund is None:
        return None
    refund.tries += 1
    refund.next_try_at = now + LEASE
    refund.save(update_fields=["tries", "next_try_at"])
    if refund.tries == settings.EVENT_MAX_TRIES:
        # It is tried on, since the money is owed; but by now a person should know.
        alert_finance(
            f"refund:{refund.pk}:late",
            subject=f"refund {refund.pk} has been tried {refund.tries} times without an answer",
            detail=f"order {refund.attempt.order.number}, last error {refund.last_error or 'none'}",
        )
    return refund


@transaction.atomic
def _note_answer(refund: Refund, remote: RemoteRefund) -> None:
    locked = Refund.objects.select_for_update().get(pk=refund.pk)
    if locked.state != State.WAITING:
        return
    locked.provider_id = remote.id
    if remote.status in ("failed", "canceled"):
        locked.save(update_fields=["provider_id"])
        _fail(locked, remote.failure_reason)
        return
    locked.state = State.SUCCEEDED if remote.status == "succeeded" else State.PENDING
    locked.save(update_fields=["provider_id", "state"])


@transaction.atomic
def _fail(refund: Refund, why: str) -> None:
    Refund.objects.filter(pk=refund.pk).update(state=State.FAILED, last_error=why[:200])
    PaymentAttempt.objects.filter(pk=refund.attempt_id).update(
        amount_given_back=F("amount_given_back") - refund.amount
    )
    ledger.post_refund_failed(refund)
    alert_finance(
        f"refund:{refund.pk}:failed",
        subject=f"refund {refund.pk} failed: the buyer is owed {refund.currency} {refund.amount}",
        detail=f"order {refund.attempt.order.number}, code {why or 'none'}",
    )
