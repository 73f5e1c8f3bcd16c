"""Refunds at Stripe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import stripe

from payments.providers.base import RefundStatus, RemoteRefund
from payments.providers.stripe.client import (
    PAGE_SIZE,
    StripeCaller,
    asked_minor,
    id_of,
    moment,
    plain,
    told_amount,
)
from payments.providers.stripe.errors import translated_errors

if TYPE_CHECKING:
    from decimal import Decimal

    from stripe.params import RefundCreateParams

NATIVE_REASONS = frozenset(["duplicate", "fraudulent", "requested_by_customer"])
METADATA_VALUE_LENGTH = 500


class StripeRefunds(StripeCaller):
    """The refunds of PaymentProvider."""

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
        params: RefundCreateParams = {
            "payment_intent": payment_intent_id,
            "amount": asked_minor(amount, currency),
            "reason": _native_reason(reason),
            "metadata": {"reason": reason[:METADATA_VALUE_LENGTH], **metadata},
        }
        with translated_errors():
            return _refund(self._client.v1.refunds.create(params, {"idempotency_key": key}))

    def retrieve_refund(self, refund_id: str) -> RemoteRefund:
        """The refund as it is now; see PaymentProvider."""
        with translated_errors():
            return _refund(self._client.v1.refunds.retrieve(refund_id))

    def find_refund(self, reference: str, payment_intent_id: str) -> RemoteRefund | None:
        """The refund whose metadata names the reference; see PaymentProvider."""
        found = self.list_refunds(payment_intent_id)
        return next((refund for refund in found if refund.metadata.get("refund") == reference), None)

    def list_refunds(self, payment_intent_id: str) -> list[RemoteRefund]:
        """Every refund of a payment intent; see PaymentProvider."""
        with translated_errors():
            page = self._client.v1.refunds.list({"payment_intent": payment_intent_id, "limit": PAGE_SIZE})
            return [_refund(refund) for refund in page.auto_paging_iter()]


def _native_reason(reason: str) -> Any:
    return reason if reason in NATIVE_REASONS else "requested_by_customer"


def _refund(refund: stripe.Refund) -> RemoteRefund:
    amount, currency = told_amount(refund.amount, refund.currency)
    return RemoteRefund(
        id=refund.id,
        status=cast("RefundStatus", refund.status or "pending"),
        amount=amount,
        currency=currency,
        payment_intent_id=id_of(refund.payment_intent),
        created_at=moment(refund.created),
        failure_reason=plain(refund).get("failure_reason") or "",
        metadata=plain(refund.metadata),
    )
