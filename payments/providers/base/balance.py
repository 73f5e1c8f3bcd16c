"""Our balance at a provider, and every movement of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class RemoteBalanceTransaction:
    """One movement of our balance; it never changes.

    kind: the provider's word: charge, refund, refund_failure, transfer, transfer_refund, adjustment, payout...
    amount: major units, signed, what moved before the fee. fee: what the provider kept of it, below zero when
    it gives a fee back. net: amount - fee, what the balance changed by. source_id: the charge, refund, transfer,
    reversal, dispute or payout behind it; empty where there is none. available_on: when it may be paid out.
    """

    id: str
    kind: str
    amount: Decimal
    fee: Decimal
    net: Decimal
    currency: str
    source_id: str
    available_on: date
    created_at: datetime


class BalanceSource(Protocol):
    """Says what our balance is and how it came to be. Raises ProviderUnavailable, ProviderRequestRejected."""

    def list_balance_transactions(self, created_after: datetime) -> Iterator[RemoteBalanceTransaction]:
        """Movements made at or after a time, newest first.

        created_after: aware. A charge may get its movement some time after the payment: look back far enough.
        """
        ...

    def retrieve_balance(self) -> Mapping[str, Decimal]:
        """What we own at the provider, available or not yet, in major units by upper case currency."""
        ...
