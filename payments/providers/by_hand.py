"""Payments that no computer reports: our own books say what people have noted of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import ClassVar, Protocol

from payments.providers.base import (
    PaymentRequest,
    PaymentStatus,
    ProviderRequestRejected,
    RemotePayment,
    RemoteRefund,
    SessionStatus,
)


@dataclass(frozen=True, kw_only=True)
class NotedPayment:
    """What the books hold of one attempt. asked, received: in currency; received is what people have confirmed.

    url: the page that says how to pay. is_closed: nobody is asked to pay it any more.
    """

    reference: str
    order_number: str
    asked: Decimal
    received: Decimal
    currency: str
    url: str
    is_closed: bool
    expires_at: datetime


class Book(Protocol):
    """Our books, handed to a provider, which knows nothing of how they are kept."""

    def payment(self, reference: str) -> NotedPayment | None:
        """What is noted of an attempt; None for a reference that is not ours."""
        ...

    def close(self, reference: str) -> None:
        """Ask nobody for this payment any more; closed twice it is closed once."""
        ...

    def refund(self, number: str) -> RemoteRefund | None:
        """A refund by our own number, succeeded once a person noted that it was sent."""
        ...

    def refunds(self, reference: str) -> list[RemoteRefund]:
        """All refunds of an attempt, newest first."""
        ...


class ByHandProvider:
    """The half of PaymentProvider that is alike at a bank's counter and at the door.

    Nothing here fails for want of an answer, and a key repeated finds what is noted already. A refund waits for a
    person to send it, so it is answered "requires_action".
    """

    prefix: ClassVar[str]
    takes_any_amount = False

    def __init__(self, book: Book, *, is_live: bool) -> None:
        self._book = book
        self._is_live = is_live

    def create_payment(self, request: PaymentRequest) -> RemotePayment:
        """The payment of an attempt that the books hold already. Raises ValueError when the lines do not add up."""
        if sum((line.amount for line in request.lines), Decimal(0)) != request.amount:
            raise ValueError(f"lines do not add up to {request.amount}")
        noted = self._noted(request.attempt_reference)
        if (noted.asked, noted.currency) != (request.amount, request.currency):
            raise ProviderRequestRejected("another amount is noted", code="amount_mismatch")
        return self._payment(noted)

    def retrieve_payment(self, session_id: str) -> RemotePayment:
        """A payment as it is noted now."""
        return self._payment(self._noted(session_id.removeprefix(self.prefix)))

    def expire_payment(self, session_id: str) -> RemotePayment:
        """Close an open payment; one that is complete stays so."""
        payment = self.retrieve_payment(session_id)
        if payment.session_status != "open":
            return payment
        self._book.close(session_id.removeprefix(self.prefix))
        return self.retrieve_payment(session_id)

    def find_payment(self, attempt_reference: str, created_after: datetime) -> RemotePayment | None:
        """The payment of an attempt, whatever its age."""
        noted = self._book.payment(attempt_reference)
        return self._payment(noted) if noted else None

    def refund_payment(
        self,
        *,
        key: str,
        payment_intent_id: str,
        amount: Decimal,
        currency: str,
        reason: str,
        metadata: Mapping[str, str],
    ) -> RemoteRefund:
        """A refund that waits for a person; the same key is the same refund, since metadata names our row."""
        noted = self._noted(payment_intent_id.removeprefix(self.prefix))
        if amount > noted.received or currency != noted.currency:
            raise ProviderRequestRejected("more would go back than came in", code="amount_too_large")
        return RemoteRefund(
            id=f"{self.prefix}refund_{metadata['refund']}",
            status="requires_action",
            amount=amount,
            currency=currency,
            payment_intent_id=payment_intent_id,
            created_at=datetime.now(UTC),
            metadata=dict(metadata),
        )

    def retrieve_refund(self, refund_id: str) -> RemoteRefund:
        """A refund as it is noted now."""
        found = self._book.refund(refund_id.removeprefix(f"{self.prefix}refund_"))
        if found is None:
            raise ProviderRequestRejected(f"no such refund: {refund_id}", code="resource_missing")
        return found

    def find_refund(self, reference: str, payment_intent_id: str) -> RemoteRefund | None:
        """The refund that was asked for under our reference; None before it was."""
        return next(
            (each for each in self.list_refunds(payment_intent_id) if each.metadata["refund"] == reference),
            None,
        )

    def list_refunds(self, payment_intent_id: str) -> list[RemoteRefund]:
        """All refunds that were asked for."""
        return self._book.refunds(payment_intent_id.removeprefix(self.prefix))

    def _statuses(self, noted: NotedPayment) -> tuple[SessionStatus, PaymentStatus]:
        raise NotImplementedError

    def _noted(self, reference: str) -> NotedPayment:
        noted = self._book.payment(reference)
        if noted is None:
            raise ProviderRequestRejected(f"no such payment: {reference}", code="resource_missing")
        return noted

    def _payment(self, noted: NotedPayment) -> RemotePayment:
        session_status, payment_status = self._statuses(noted)
        session_id = f"{self.prefix}{noted.reference}"
        return RemotePayment(
            session_id=session_id,
            url=noted.url if session_status != "expired" else "",
            session_status=session_status,
            payment_status=payment_status,
            payment_intent_id=session_id,
            charge_id="",
            amount_received=noted.received,
            currency=noted.currency,
            is_live=self._is_live,
            metadata={"order": noted.order_number, "attempt": noted.reference},
            expires_at=noted.expires_at,
        )
