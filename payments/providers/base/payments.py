"""Payments and refunds, as every provider offers them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol

from payments.providers.base.refunds import RemoteRefund

SessionStatus = Literal["open", "complete", "expired"]
PaymentStatus = Literal["unpaid", "paid", "no_payment_required"]


@dataclass(frozen=True)
class PaymentLine:
    """One line of what is paid for, as the payment page shows it.

    quantity: units, at least 1. amount: of the whole line (all units), in the request's currency, not below zero.
    """

    name: str
    quantity: int
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class PaymentRequest:
    """One payment to be asked for.

    key: stored on our row before the call and repeated with it, such as "attempt:<uuid>".
    amount: major units, exactly the sum of the lines (goods and delivery). currency: ISO 4217, upper case.
    success_url may hold {CHECKOUT_SESSION_ID}. expires_at: aware.
    """

    key: str
    amount: Decimal
    currency: str
    order_number: str
    attempt_reference: str
    lines: tuple[PaymentLine, ...]
    success_url: str
    cancel_url: str
    expires_at: datetime
    customer_email: str = ""
    locale: str = "auto"


@dataclass(frozen=True, kw_only=True)
class RemotePayment:
    """A payment as the provider sees it now.

    url: where the buyer pays; empty once closed. Ids are empty where the provider has none yet.
    amount_received: major units, what the provider really took so far, zero until it did. currency: upper case.
    failure_message: the provider's words about the last refused try, for the buyer; empty without one.
    """

    session_id: str
    url: str
    session_status: SessionStatus
    payment_status: PaymentStatus
    payment_intent_id: str
    charge_id: str
    amount_received: Decimal
    currency: str
    is_live: bool
    metadata: Mapping[str, str]
    expires_at: datetime
    failure_message: str = ""


class PaymentProvider(Protocol):
    """Moves money and reports on it; never decides what an order owes.

    Every call raises ProviderUnavailable (may be repeated, with the same key) and ProviderRequestRejected (must not).
    takes_any_amount: the buyer types the amount himself, at a bank, so that too little or too much may come.
    """

    takes_any_amount: bool

    def create_payment(self, request: PaymentRequest) -> RemotePayment:
        """Open a payment; the same key never opens two.

        Raises ValueError before any call when the lines do not add up to the amount, PaymentDeclined,
        ProviderConflict while the same key is being handled.
        """
        ...

    def retrieve_payment(self, session_id: str) -> RemotePayment:
        """The state of a payment now."""
        ...

    def expire_payment(self, session_id: str) -> RemotePayment:
        """Close an open payment so that nobody can pay it any more, and return its state.

        A payment completed meanwhile, or expired already, is returned as it is: look at the result.
        """
        ...

    def find_payment(self, attempt_reference: str, created_after: datetime) -> RemotePayment | None:
        """The payment of an attempt, for an answer that was lost or a key too old to be repeated.

        Should there be several: a completed one, else the newest. created_after: aware; look from shortly before the first try.
        """
        ...

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
        """Give money back; the same key never gives it back twice.

        amount: major units, above zero. reason: our own words, kept with the refund. metadata: "refund" holds our reference.
        Raises ProviderRequestRejected when more would go back than came in, and while the payment is disputed.
        """
        ...

    def retrieve_refund(self, refund_id: str) -> RemoteRefund:
        """The state of a refund now."""
        ...

    def find_refund(self, reference: str, payment_intent_id: str) -> RemoteRefund | None:
        """The refund whose metadata names our reference, for a key too old to be repeated."""
        ...

    def list_refunds(self, payment_intent_id: str) -> list[RemoteRefund]:
        """All refunds of a payment, newest first, those made in the provider's own pages too."""
        ...
