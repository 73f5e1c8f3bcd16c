"""Disputes at Stripe."""

from __future__ import annotations

from typing import cast

import stripe

from payments.providers.base import DisputeStatus, RemoteDispute
from payments.providers.stripe.client import StripeCaller, id_of, moment, told_amount
from payments.providers.stripe.errors import translated_errors


class StripeDisputes(StripeCaller):
    """Implements DisputeSource."""

    def retrieve_dispute(self, dispute_id: str) -> RemoteDispute:
        """The dispute as it is now; see DisputeSource."""
        with translated_errors():
            return _dispute(self._client.v1.disputes.retrieve(dispute_id))


def _dispute(dispute: stripe.Dispute) -> RemoteDispute:
    amount, currency = told_amount(dispute.amount, dispute.currency)
    due_by = dispute.evidence_details.due_by
    return RemoteDispute(
        id=dispute.id,
        charge_id=id_of(dispute.charge),
        payment_intent_id=id_of(dispute.payment_intent),
        amount=amount,
        currency=currency,
        status=cast("DisputeStatus", dispute.status),
        reason=dispute.reason,
        evidence_due_at=moment(due_by) if due_by else None,
        is_refundable=dispute.is_charge_refundable,
    )
