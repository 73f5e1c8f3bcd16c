"""Money given back, as a provider sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

RefundStatus = Literal["pending", "requires_action", "succeeded", "failed", "canceled"]


@dataclass(frozen=True, kw_only=True)
class RemoteRefund:
    """A refund as the provider sees it now, whoever asked for it.

    amount: major units, above zero. currency: upper case. failure_reason: empty unless it failed.
    metadata: empty for a refund made in the provider's own pages.
    """

    id: str
    status: RefundStatus
    amount: Decimal
    currency: str
    payment_intent_id: str
    created_at: datetime
    failure_reason: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
