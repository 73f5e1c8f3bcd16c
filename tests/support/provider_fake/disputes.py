"""Disputes of the fake."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from payments.providers.base import RemoteDispute
from tests.support.provider_fake.core import NOTHING, Charge, FakeCore, checked_amount

TIME_TO_ANSWER = timedelta(days=7)


@dataclass
class FakeDisputes(FakeCore):
    """Implements DisputeSource. dispute_fee: what the provider keeps for every dispute, won or lost."""

    disputes: dict[str, RemoteDispute] = field(default_factory=dict)
    dispute_fee: Decimal = Decimal("1000.00")

    def open_dispute(
        self,
        payment_intent_id: str,
        amount: Decimal | None = None,
        *,
        reason: str = "fraudulent",
        is_inquiry: bool = False,
    ) -> RemoteDispute:
        """Let a buyer's bank call money back. amount: all that is left without one. is_inquiry: it only asks.

        Raises ValueError for a payment with a dispute that is open or lost, and for more than is left of it.
        """
        with self._lock:
            charge = self._charge_of(payment_intent_id)
            claimed = checked_amount(charge.left if amount is None else amount, charge.currency)
            if charge.dispute_id or claimed > charge.left:
                raise ValueError(f"cannot dispute {claimed} of {charge}")
            now = self.clock()
            dispute = RemoteDispute(
                id=f"dp_fake_{len(self.disputes) + 1}",
                charge_id=charge.id,
                payment_intent_id=payment_intent_id,
                amount=claimed,
                currency=charge.currency,
                status="warning_needs_response" if is_inquiry else "needs_response",
                reason=reason,
                evidence_due_at=now + TIME_TO_ANSWER,
                is_refundable=is_inquiry,
            )
            self.disputes[dispute.id] = dispute
            self._emit_dispute("charge.dispute.created", dispute, charge)
            if not is_inquiry:
                charge.dispute_id = dispute.id
                self._adjust(dispute, -claimed, fee=self.dispute_fee)
                self._emit_dispute("charge.dispute.funds_withdrawn", dispute, charge)
            return dispute

    def close_dispute(self, dispute_id: str, *, won: bool) -> RemoteDispute:
        """Let the bank decide, or drop its question; a second time changes nothing."""
        with self._lock:
            dispute = self.disputes[dispute_id]
            charge = self.charges[dispute.charge_id]
            if dispute.status == "warning_needs_response":
                return self._close(replace(dispute, status="warning_closed"), charge)
            if dispute.status != "needs_response":
                return dispute
            if not won:
                charge.lost += dispute.amount
                return self._close(replace(dispute, status="lost"), charge)
            charge.dispute_id = ""
            self._adjust(dispute, dispute.amount, fee=NOTHING)
            self._emit_dispute("charge.dispute.funds_reinstated", dispute, charge)
            return self._close(replace(dispute, status="won", is_refundable=True), charge)

    def retrieve_dispute(self, dispute_id: str) -> RemoteDispute:
        with self._lock:
            self._begin("retrieve_dispute", dispute_id)
            dispute: RemoteDispute = self._required(self.disputes, dispute_id)
            return dispute

    def _close(self, dispute: RemoteDispute, charge: Charge) -> RemoteDispute:
        self.disputes[dispute.id] = dispute
        self._emit_dispute("charge.dispute.closed", dispute, charge)
        return dispute

    def _adjust(self, dispute: RemoteDispute, amount: Decimal, *, fee: Decimal) -> None:
        self._move("adjustment", amount, currency=dispute.currency, source_id=dispute.id, fee=fee)

    def _emit_dispute(self, event_type: str, dispute: RemoteDispute, charge: Charge) -> None:
        self._emit(event_type, dispute.id, {}, charge=charge)
