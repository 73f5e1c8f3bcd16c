"""Payments by Stripe's hosted Checkout."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import stripe

from payments.domain.minor_units import from_minor, to_minor
from payments.providers.base import (
    PaymentLine,
    PaymentRequest,
    PaymentStatus,
    ProviderRequestRejected,
    RemotePayment,
    SessionStatus,
)
from payments.providers.stripe.client import PAGE_SIZE, StripeCaller, id_of, moment, plain, since
from payments.providers.stripe.errors import translated_errors

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams, SessionCreateParamsLineItem


class StripePayments(StripeCaller):
    """The payments of PaymentProvider."""

    takes_any_amount = False

    def create_payment(self, request: PaymentRequest) -> RemotePayment:
        """Open a hosted Checkout Session; see PaymentProvider."""
        params = _session_params(request)
        with translated_errors():
            session = self._client.v1.checkout.sessions.create(params, {"idempotency_key": request.key})
        return _payment(session)

    def retrieve_payment(self, session_id: str) -> RemotePayment:
        """The session with its payment intent; see PaymentProvider."""
        with translated_errors():
            session = self._client.v1.checkout.sessions.retrieve(session_id, {"expand": ["payment_intent"]})
        return _payment(session)

    def expire_payment(self, session_id: str) -> RemotePayment:
        """Expire the session, or return what became of it; see PaymentProvider."""
        try:
            with translated_errors():
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
        with translated_errors():
            page = self._client.v1.checkout.sessions.list(
                {"created": since(created_after), "limit": PAGE_SIZE}
            )
            found = [
                session
                for session in page.auto_paging_iter()
                if plain(session.metadata).get("attempt") == attempt_reference
            ]
        if not found:
            return None
        # Should an attempt ever have two sessions, the one with the money counts.
        return self.retrieve_payment(next((each for each in found if each.status == "complete"), found[0]).id)


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


def _payment(session: stripe.checkout.Session) -> RemotePayment:
    intent_id = session.payment_intent if isinstance(session.payment_intent, str) else ""
    intent = plain(session.payment_intent)
    currency = str(intent.get("currency") or session.currency or "").upper()
    is_charged = intent.get("status") == "succeeded"
    return RemotePayment(
        session_id=session.id,
        url=session.url or "",
        session_status=cast("SessionStatus", session.status),
        payment_status=cast("PaymentStatus", session.payment_status),
        payment_intent_id=intent.get("id", intent_id),
        charge_id=id_of(intent.get("latest_charge")) if is_charged else "",
        amount_received=from_minor(intent.get("amount_received", 0), currency),
        currency=currency,
        is_live=session.livemode,
        metadata={**plain(session.metadata), **plain(intent.get("metadata"))},
        expires_at=moment(session.expires_at),
        failure_message=plain(intent.get("last_payment_error")).get("message") or "",
    )
