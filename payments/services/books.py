"""What our own rows say about payments that no computer reports: the book of the providers by hand."""

from collections.abc import Callable
from decimal import Decimal

from django.db.models import Sum
from django.urls import reverse

from marketplace.lib.addresses import public_link
from payments.models import BankReceipt, PaymentAttempt, Refund
from payments.providers.base import RemoteRefund
from payments.providers.by_hand import NotedPayment

State = PaymentAttempt.State
_CLOSED = (State.EXPIRED, State.FAILED)


class AttemptBook:
    """Reads the attempts of one provider. received: what has come for an attempt, in its currency.

    page: name of the route that says how to pay, or that settles at once.
    """

    def __init__(
        self, provider: PaymentAttempt.Provider, *, received: Callable[[PaymentAttempt], Decimal], page: str
    ) -> None:
        self._attempts = PaymentAttempt.objects.filter(provider=provider)
        self._received = received
        self._page = page

    def payment(self, reference: str) -> NotedPayment | None:
        """What is noted of an attempt; None for a reference that is not ours."""
        attempt = self._attempts.select_related("order").filter(reference=reference).first()
        if attempt is None:
            return None
        path = reverse(self._page, kwargs={"number": attempt.order.number})
        return NotedPayment(
            reference=str(attempt.reference),
            order_number=attempt.order.number,
            asked=attempt.amount,
            received=self._received(attempt),
            currency=attempt.currency,
            url=public_link(path, language=attempt.order.language),
            is_closed=attempt.state in _CLOSED,
            expires_at=attempt.expires_at,
        )

    def close(self, reference: str) -> None:
        """Ask nobody for this payment any more."""
        self._attempts.unfinished().filter(reference=reference).update(state=State.EXPIRED)

    def refund(self, number: str) -> RemoteRefund | None:
        """A refund by the key of its row."""
        row = Refund.objects.filter(pk=number, attempt__in=self._attempts).select_related("attempt").first()
        return _remote(row) if row else None

    def refunds(self, reference: str) -> list[RemoteRefund]:
        """Refunds of an attempt that were asked for, newest first."""
        rows = Refund.objects.filter(attempt__reference=reference).exclude(provider_id="")
        return [_remote(row) for row in rows.select_related("attempt").order_by("-pk")]


def bank_received(attempt: PaymentAttempt) -> Decimal:
    """What matched receipts have brought for an attempt, in its currency."""
    matched = attempt.receipts.filter(state=BankReceipt.State.MATCHED)
    return matched.aggregate(total=Sum("amount"))["total"] or Decimal("0.00")


def cash_received(attempt: PaymentAttempt) -> Decimal:
    """What groups have taken at hand-over for an attempt, in its currency."""
    return attempt.collections.filter(taken_back_at=None).aggregate(total=Sum("amount"))["total"] or Decimal(
        "0.00"
    )


def _remote(row: Refund) -> RemoteRefund:
    return RemoteRefund(
        id=row.provider_id,
        status="succeeded" if row.state == Refund.State.SUCCEEDED else "requires_action",
        amount=row.amount,
        currency=row.currency,
        payment_intent_id=row.attempt.payment_intent_id,
        created_at=row.created_at,
        metadata={"refund": str(row.pk)},
    )
