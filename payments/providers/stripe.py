"""Stripe's hosted Checkout, behind the provider Protocol; the simulator is the same client at another address."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import stripe

from payments.domain.minor_units import from_minor, to_minor
from payments.providers.base import (
    BadSignature,
    MalformedEvent,
    PaymentDeclined,
    PaymentLine,
    PaymentRequest,
    PaymentStatus,
    ProviderConflict,
    ProviderRequestRejected,
    ProviderUnavailable,
    RefundStatus,
    RemoteEvent,
    RemotePayment,
    RemoteRefund,
    SessionStatus,
)

if TYPE_CHECKING:
    from decimal import Decimal

    from stripe.params import RefundCreateParams
    from stripe.params.checkout import SessionCreateParams, SessionCreateParamsLineItem

SIGNATURE_TOLERANCE_SECONDS = 300
CONNECT_TIMEOUT_SECONDS = 5.0
PAGE_SIZE = 100
NATIVE_REFUND_REASONS = frozenset(["duplicate", "fraudulent", "requested_by_customer"])
METADATA_VALUE_LENGTH = 500


class StripeProvider:
    """Payments by Stripe Checkout Session; implements PaymentProvider.

    api_base: empty for Stripe itself, else the simulator's address. webhook_secrets: every active one, newest first.
    api_version: pinned, so that an upgrade at Stripe changes nothing here. timeout: seconds to wait for an answer.
    The SDK's own retries are off: our callers repeat with the key that is stored on their row.
    """

    takes_any_amount = False

    def __init__(
        self,
        *,
        api_key: str,
        webhook_secrets: tuple[str, ...],
        api_version: str,
        api_base: str = "",
        timeout: float = 20.0,
    ) -> None:
        self._webhook_secrets = webhook_secrets
        self._client = stripe.StripeClient(
            api_key,
            stripe_version=api_version,
            base_addresses={"api": api_base.rstrip("/")} if api_base else None,
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=(min(CONNECT_TIMEOUT_SECONDS, timeout), timeout)),
        )

    def create_payment(self, request: PaymentRequest) -> RemotePayment:
        """Open a hosted Checkout Session; see PaymentProvider."""
        params = _session_params(request)
        with _translated_errors():
            session = self._client.v1.checkout.sessions.create(params, {"idempotency_key": request.key})
        return _payment(session)

    def retrieve_payment(self, session_id: str) -> RemotePayment:
        """The session with its payment intent; see PaymentProvider."""
        with _translated_errors():
            session = self._client.v1.checkout.sessions.retrieve(session_id, {"expand": ["payment_intent"]})
        return _payment(session)

    def expire_payment(self, session_id: str) -> RemotePayment:
        """Expire the session, or return what became of it; see PaymentProvider."""
        try:
            with _translated_errors():
                session = self._client.v1.checkout.sessions.expire(session_id, {"expand": ["payment_intent"]})
        except ProviderRequestRejected:
            # Stripe answers 400 for a session that is no longer open; only the session itself says why.
            payment = self.retrieve_payment(session_id)
            if payment.session_status == "open":
                raise
            return payment
        return _payment(session)

    def find_payment(self, attempt_reference: str, created_after: datetime) -> RemotePayment | None:
        """The session whose metadata names the attempt; see PaymentProvider."""
        with _translated_errors():
            page = self._client.v1.checkout.sessions.list(
                {"created": {"gte": int(created_after.timestamp())}, "limit": PAGE_SIZE}
            )
            found = [
                session
                for session in page.auto_paging_iter()
                if _plain(session.metadata).get("attempt") == attempt_reference
            ]
        if not found:
            return None
        # Should an attempt ever have two sessions, the one with the money counts.
        return self.retrieve_payment(next((each for each in found if each.status == "complete"), found[0]).id)

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
        """Refund part or all of a payment intent; see PaymentProvider."""
        minor = to_minor(amount, currency)
        if minor <= 0:
            raise ValueError(f"cannot refund {amount} {currency}")
        params: RefundCreateParams = {
            "payment_intent": payment_intent_id,
            "amount": minor,
            "reason": _native_reason(reason),
            "metadata": {"reason": reason[:METADATA_VALUE_LENGTH], **metadata},
        }
        with _translated_errors():
            return _refund(self._client.v1.refunds.create(params, {"idempotency_key": key}))

    def retrieve_refund(self, refund_id: str) -> RemoteRefund:
        """The refund as it is now; see PaymentProvider."""
        with _translated_errors():
            return _refund(self._client.v1.refunds.retrieve(refund_id))

    def find_refund(self, reference: str, payment_intent_id: str) -> RemoteRefund | None:
        """The refund whose metadata names the reference; see PaymentProvider."""
        found = self.list_refunds(payment_intent_id)
        return next((refund for refund in found if refund.metadata.get("refund") == reference), None)

    def list_refunds(self, payment_intent_id: str) -> list[RemoteRefund]:
        """Every refund of a payment intent; see PaymentProvider."""
        with _translated_errors():
            page = self._client.v1.refunds.list({"payment_intent": payment_intent_id, "limit": PAGE_SIZE})
            return [_refund(refund) for refund in page.auto_paging_iter()]

    def list_events(self, created_after: datetime) -> Iterator[RemoteEvent]:
        """Stripe's events of the last 30 days at most, newest first; see PaymentProvider."""
        with _translated_errors():
            page = self._client.v1.events.list(
                {"created": {"gte": int(created_after.timestamp())}, "limit": PAGE_SIZE}
            )
            for event in page.auto_paging_iter():
                yield _event(event.to_dict())

    def verify_event(self, payload: bytes, signature_header: str) -> RemoteEvent:
        """Read a webhook signed with any active secret; see PaymentProvider."""
        if not any(_is_signed(payload, signature_header, secret) for secret in self._webhook_secrets):
            raise BadSignature("no active secret signed this message within the tolerance")
        try:
            return _event(json.loads(payload))
        except (
            AttributeError,
            KeyError,
            TypeError,
            ValueError,
            OverflowError,
            OSError,
            RecursionError,
        ) as error:
            raise MalformedEvent("the signed message is not an event") from error


def _session_params(request: PaymentRequest) -> SessionCreateParams:
    total = to_minor(request.amount, request.currency)
    lines = [_line_item(line, request.currency) for line in request.lines]
    line_total = sum(to_minor(line.amount, request.currency) for line in request.lines)
    if line_total != total or total <= 0:
        raise ValueError(f"lines add up to {line_total}, not to {total} minor units")
    metadata = {"order": request.order_number, "attempt": request.attempt_reference}
    params: SessionCreateParams = {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "client_reference_id": request.attempt_reference,
        "line_items": lines,
        "success_url": request.success_url,
        "cancel_url": request.cancel_url,
        "expires_at": int(request.expires_at.timestamp()),
        "locale": cast("Any", request.locale),
        "metadata": metadata,
        "payment_intent_data": {
            "description": request.order_number,
            "metadata": metadata,
            "transfer_group": f"order:{request.order_number}",
        },
        "expand": ["payment_intent"],
    }
    if request.customer_email:
        params["customer_email"] = request.customer_email
    return params


def _line_item(line: PaymentLine, currency: str) -> SessionCreateParamsLineItem:
    minor = to_minor(line.amount, currency)
    if line.quantity < 1 or minor < 0 or not line.name.strip():
        raise ValueError(f"not a line that can be paid for: {line}")
    quantity, name = line.quantity, line.name
    if minor % quantity:
        # Stripe multiplies a whole unit price; a line that does not divide is shown as one unit.
        quantity, name = 1, f"{line.name} \N{MULTIPLICATION SIGN} {line.quantity}"
    return {
        "quantity": quantity,
        "price_data": {
            "currency": currency.lower(),
            "unit_amount": minor // quantity,
            "product_data": {"name": name},
        },
    }


def _native_reason(reason: str) -> Any:
    return reason if reason in NATIVE_REFUND_REASONS else "requested_by_customer"


def _plain(value: Any) -> dict[str, Any]:
    # SDK objects are not dicts since version 15, and nested ones may be missing, null or an id.
    if isinstance(value, stripe.StripeObject):
        return dict(value.to_dict())
    return dict(value) if isinstance(value, Mapping) else {}


def _payment(session: stripe.checkout.Session) -> RemotePayment:
    intent_id = session.payment_intent if isinstance(session.payment_intent, str) else ""
    intent = _plain(session.payment_intent)
    currency = str(intent.get("currency") or session.currency or "").upper()
    is_charged = intent.get("status") == "succeeded"
    return RemotePayment(
        session_id=session.id,
        url=session.url or "",
        session_status=cast("SessionStatus", session.status),
        payment_status=cast("PaymentStatus", session.payment_status),
        payment_intent_id=intent.get("id", intent_id),
        charge_id=_id_of(intent.get("latest_charge")) if is_charged else "",
        amount_received=from_minor(intent.get("amount_received", 0), currency),
        currency=currency,
        is_live=session.livemode,
        metadata={**_plain(session.metadata), **_plain(intent.get("metadata"))},
        expires_at=datetime.fromtimestamp(session.expires_at, UTC),
        failure_message=_plain(intent.get("last_payment_error")).get("message") or "",
    )


def _id_of(value: Any) -> str:
    return value if isinstance(value, str) else str(_plain(value).get("id", ""))


def _refund(refund: stripe.Refund) -> RemoteRefund:
    currency = refund.currency.upper()
    return RemoteRefund(
        id=refund.id,
        payment_intent_id=_id_of(refund.payment_intent),
        created_at=datetime.fromtimestamp(refund.created, UTC),
        metadata=_plain(refund.metadata),
        status=cast("RefundStatus", refund.status or "pending"),
        amount=from_minor(refund.amount, currency),
        currency=currency,
        failure_reason=_plain(refund).get("failure_reason") or "",
    )


def _event(values: dict[str, Any]) -> RemoteEvent:
    if (
        values["object"] != "event"
        or not isinstance(values["type"], str)
        or not isinstance(values["id"], str)
    ):
        raise ValueError("not an event")
    if not isinstance(values["livemode"], bool) or not isinstance(values["data"]["object"], dict):
        raise TypeError("an event without a mode or an object")
    subject = values["data"]["object"]
    metadata = subject.get("metadata") or {}
    return RemoteEvent(
        id=values["id"],
        type=values["type"],
        account=values.get("account") or "",
        api_version=values.get("api_version") or "",
        created_at=datetime.fromtimestamp(values["created"], UTC),
        is_live=values["livemode"],
        object_id=str(subject.get("id") or ""),
        metadata={str(name): str(value) for name, value in metadata.items()},
    )


def _is_signed(payload: bytes, header: str, secret: str) -> bool:
    try:
        stripe.WebhookSignature.verify_header(payload, header, secret, SIGNATURE_TOLERANCE_SECONDS)
    except (stripe.SignatureVerificationError, TypeError, ValueError):
        # The SDK raises the last two for a body or header that is not text.
        return False
    return True


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except stripe.CardError as error:
        raise PaymentDeclined(error.user_message or "", code=error.code or "") from error
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise ProviderUnavailable(str(error), code=error.code or "") from error
    except stripe.StripeError as error:
        status, code = error.http_status or 0, error.code or ""
        if status == 409:
            raise ProviderConflict(str(error), code=code) from error
        if 400 <= status < 500:
            raise ProviderRequestRejected(str(error), code=code) from error
        raise ProviderUnavailable(str(error), code=code) from error
