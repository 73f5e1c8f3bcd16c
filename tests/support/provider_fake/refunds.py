"""Refunds of the fake."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from payments.providers.base import ProviderRequestRejected, RemoteRefund
from tests.support.provider_fake.core import Charge, checked_amount
from tests.support.provider_fake.payments import FakePayments


@dataclass
class FakeRefunds(FakePayments):
    """The second half of PaymentProvider."""

    refunds: dict[str, RemoteRefund] = field(default_factory=dict)
    are_refunds_pending: bool = False

    def set_pending_refunds(self, are_pending: bool) -> None:
        """Let refunds from now on wait for the bank, until succeed_refund or fail_refund."""
        self.are_refunds_pending = are_pending

    def succeed_refund(self, refund_id: str) -> RemoteRefund:
        """Let the bank carry out a pending refund."""
        with self._lock:
            if self.refunds[refund_id].status != "pending":
                return self.refunds[refund_id]
            return self._change_refund(refund_id, status="succeeded")

    def fail_refund(self, refund_id: str, reason: str = "expired_or_canceled_card") -> RemoteRefund:
        """Let a refund fail after all: the money is back with us. A second time changes nothing."""
        with self._lock:
            refund = self.refunds[refund_id]
            if refund.status == "failed":
                return refund
            self._charge_of(refund.payment_intent_id).refunded -= refund.amount
            self._move("refund_failure", refund.amount, currency=refund.currency, source_id=refund_id)
            failed = self._change_refund(refund_id, status="failed", failure_reason=reason)
            self._emit_refund("refund.failed", failed)
            return failed

    def refund_in_dashboard(self, payment_intent_id: str, amount: Decimal) -> RemoteRefund:
        """Let somebody refund in the provider's own pages: no key, no metadata."""
        with self._lock:
            charge = self._charge_of(payment_intent_id)
            return self._make_refund(charge, amount, {})

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
        amount = checked_amount(amount, currency)
        kept = {"reason": reason, **metadata}

        def make() -> RemoteRefund:
            return self._make_refund(self._charge_of(payment_intent_id), amount, kept)

        return self._once(
            "refund_payment", key, (payment_intent_id, amount, currency, frozenset(kept.items())), make
        )

    def retrieve_refund(self, refund_id: str) -> RemoteRefund:
        with self._lock:
            self._begin("retrieve_refund", refund_id)
            refund: RemoteRefund = self._required(self.refunds, refund_id)
            return refund

    def find_refund(self, reference: str, payment_intent_id: str) -> RemoteRefund | None:
        with self._lock:
            self._begin("find_refund", reference)
            found = self._refunds_of(payment_intent_id)
            return next((each for each in found if each.metadata.get("refund") == reference), None)

    def list_refunds(self, payment_intent_id: str) -> list[RemoteRefund]:
        with self._lock:
            self._begin("list_refunds", payment_intent_id)
            return self._refunds_of(payment_intent_id)

    def _refunds_of(self, payment_intent_id: str) -> list[RemoteRefund]:
        return [
            each for each in reversed(self.refunds.values()) if each.payment_intent_id == payment_intent_id
        ]

    def _make_refund(self, charge: Charge, amount: Decimal, metadata: Mapping[str, str]) -> RemoteRefund:
        if charge.dispute_id:
            raise ProviderRequestRejected("the charge is disputed", code="charge_disputed")
        if charge.refunded == charge.amount:
            raise ProviderRequestRejected("all of it went back", code="charge_already_refunded")
        if amount > charge.left:
            raise ProviderRequestRejected("refund is greater than what is left")
        refund = RemoteRefund(
            id=f"re_fake_{len(self.refunds) + 1}",
            status="pending" if self.are_refunds_pending else "succeeded",
            amount=amount,
            currency=charge.currency,
            payment_intent_id=charge.payment_intent_id,
            created_at=self.clock(),
            metadata=dict(metadata),
        )
        self.refunds[refund.id] = refund
        charge.refunded += amount
        self._move("refund", -amount, currency=charge.currency, source_id=refund.id)
        self._emit("charge.refunded", charge.id, charge.metadata, charge=charge)
        self._emit_refund("refund.created", refund)
        return refund

    def _change_refund(self, refund_id: str, **changes: str) -> RemoteRefund:
        refund = replace(self.refunds[refund_id], **changes)  # type: ignore[arg-type]
        self.refunds[refund_id] = refund
        for event_type in ("refund.updated", "charge.refund.updated"):
            self._emit_refund(event_type, refund)
        return refund

    def _emit_refund(self, event_type: str, refund: RemoteRefund) -> None:
        charge = self._charge_of(refund.payment_intent_id)
        self._emit(event_type, refund.id, refund.metadata, charge=charge)
