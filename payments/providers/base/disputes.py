"""Payments that a buyer's bank calls back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol

DisputeStatus = Literal[
    "needs_response",
    "under_review",
    "won",
    "lost",
    "warning_needs_response",
    "warning_under_review",
    "warning_closed",
    "appeal_needs_response",
    "appeal_under_review",
    "prevented",
]


@dataclass(frozen=True, kw_only=True)
class RemoteDispute:
    """A dispute as the provider sees it now.

    amount: major units, what the bank claims. status: a warning_* is a question of the bank, for which no money
    was taken. reason: the provider's word. evidence_due_at: aware, None where the provider names no day.
    is_refundable: a refund would still end it.
    """

    id: str
    charge_id: str
    payment_intent_id: str
    amount: Decimal
    currency: str
    status: DisputeStatus
    reason: str
    evidence_due_at: datetime | None
    is_refundable: bool


class DisputeSource(Protocol):
    """Says what became of disputes. Raises ProviderUnavailable, ProviderRequestRejected."""

    def retrieve_dispute(self, dispute_id: str) -> RemoteDispute:
        """A dispute now."""
        ...
