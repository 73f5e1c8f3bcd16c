"""The balance of the fake, and the bank that it pays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from payments.providers.base import RemoteBalanceTransaction
from tests.support.provider_fake.core import FakeCore, checked_amount


@dataclass
class _Payout:
    id: str
    amount: Decimal
    currency: str
    status: str


@dataclass
class FakeBalance(FakeCore):
    """Implements BalanceSource."""

    payouts: dict[str, _Payout] = field(default_factory=dict)

    def pay_out(self, amount: Decimal, currency: str = "INR") -> str:
        """Let the provider pay our bank; returns the payout's id."""
        with self._lock:
            payout = _Payout(
                f"po_fake_{len(self.payouts) + 1}", checked_amount(amount, currency), currency, "paid"
            )
            self.payouts[payout.id] = payout
            self._move("payout", -payout.amount, currency=currency, source_id=payout.id)
            self._emit("payout.created", payout.id, {})
            self._emit("payout.paid", payout.id, {})
            return payout.id

    def fail_payout(self, payout_id: str) -> None:
        """Let our bank send a payout back; a second time changes nothing."""
        with self._lock:
            payout = self.payouts[payout_id]
            if payout.status == "failed":
                return
            payout.status = "failed"
            self._move("payout_failure", payout.amount, currency=payout.currency, source_id=payout_id)
            self._emit("payout.failed", payout_id, {})

    def list_balance_transactions(self, created_after: datetime) -> Iterator[RemoteBalanceTransaction]:
        with self._lock:
            self._begin("list_balance_transactions", "")
            yield from [row for row in reversed(self.balance_transactions) if row.created_at >= created_after]

    def retrieve_balance(self) -> Mapping[str, Decimal]:
        with self._lock:
            self._begin("retrieve_balance", "")
            return dict(self._balance)
