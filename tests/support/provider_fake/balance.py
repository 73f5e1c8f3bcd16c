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

    def set_late_balance(self, is_late: bool) -> None:
        """Keep balance transactions back from now on, or make up for all that were."""
        with self._lock:
            if is_late:
                self._late = self._late or []
                return
            waiting, self._late = self._late or [], None
            for movement in waiting:
                self._book(movement)
                charge = self.charges.get(movement["source_id"])
                if charge:
                    self._emit("charge.updated", charge.id, charge.metadata, charge=charge)

    def pay_out(self, amount: Decimal | None = None, currency: str = "INR") -> str:
        """Let the provider pay our bank an amount, or all there is; returns the payout's id.

        Raises ValueError for more than there is.
        """
        with self._lock:
            held = self._balance[currency]
            sent = checked_amount(held if amount is None else amount, currency)
            if sent > held:
                raise ValueError(f"cannot pay out {sent} of {held} {currency}")
            payout = _Payout(f"po_fake_{len(self.payouts) + 1}", sent, currency, "paid")
            self.payouts[payout.id] = payout
            self._move("payout", -sent, currency=currency, source_id=payout.id)
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

    def fail_account_payout(self, account: str) -> None:
        """Let a vendor's own bank refuse what the provider sent him from his account."""
        with self._lock:
            self._emit("payout.failed", f"po_{account}", {}, account=account)

    def list_balance_transactions(self, created_after: datetime) -> Iterator[RemoteBalanceTransaction]:
        with self._lock:
            self._begin("list_balance_transactions", "")
            yield from [row for row in reversed(self.balance_transactions) if row.created_at >= created_after]

    def retrieve_balance(self) -> Mapping[str, Decimal]:
        with self._lock:
            self._begin("retrieve_balance", "")
            return dict(self._balance)
