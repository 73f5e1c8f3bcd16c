"""What every payment provider offers, in amounts and words that belong to none of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol

SessionStatus = Literal["open", "complete", "expired"]
PaymentStatus = Literal["unpaid", "paid", "no_payment_required"]
RefundStatus = Literal["pending", "requires_action", "succeeded", "failed", "canceled"]


class ProviderError(Exception):
    """A provider did not do what was asked. `code` is its own short word for why, or empty."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class ProviderUnavailable(ProviderError):
    """No usable answer (network, time-out, 5xx, too many requests).

    The call may have been carried out; it may be tried again, with the same key.
    """


class ProviderConflict(ProviderUnavailable):
    """Another request with the same key is being carried out; ask again with that key."""


class PaymentDeclined(ProviderError):
    """The payment was refused. Must not be tried again as it is."""


class ProviderRequestRejected(ProviderError):
    """The provider says that the request itself is wrong: a mistake of ours, or a refund of too much.

    Must not be tried again as it is. Also raised for an unknown id and for a key reused with other parameters.
    """


class BadSignature(Exception):
    """No active secret signed this message, or it was signed too long ago."""


class MalformedEvent(Exception):
    """The message is signed correctly but is not an event."""


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


@dataclass(frozen=True, kw_only=True)
class RemoteRefund:
    """A refund as the provider sees it now. amount: major units; failure_reason: empty unless it failed."""

    id: str
    status: RefundStatus
    amount: Decimal
    currency: str
    failure_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class RemoteEvent:
    """A provider's message that something changed: a hint of what to retrieve, never the truth itself.

    account: the connected account it is about, empty for our own. object_id and metadata: of the object inside.
    """

    id: str
    type: str
    account: str
    api_version: str
    created_at: datetime
    is_live: bool
    object_id: str
    metadata: Mapping[str, str] = field(default_factory=dict)


class PaymentProvider(Protocol):
    """Moves money and reports on it; never decides what an order owes.

    Every call raises ProviderUnavailable (may be repeated, with the same key) and ProviderRequestRejected (must not).
    """

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

        amount: major units, above zero. reason: our own words, kept with the refund.
        Raises ProviderRequestRejected when more would go back than came in.
        """
        ...

    def retrieve_refund(self, refund_id: str) -> RemoteRefund:
        """The state of a refund now."""
        ...

    def list_events(self, created_after: datetime) -> Iterator[RemoteEvent]:
        """Events made at or after a time, newest first, as far back as the provider keeps them."""
        ...

    def verify_event(self, payload: bytes, signature_header: str) -> RemoteEvent:
        """Read an event whose signature is right under any active secret and not older than 300 seconds.

        Raises BadSignature, MalformedEvent.
        """
        ...
