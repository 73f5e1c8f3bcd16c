"""Payments of the fake."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from payments.providers.base import PaymentRequest, RemotePayment
from tests.support.provider_fake.core import NOTHING, Charge, FakeCore, rounded

# What Stripe takes in India: 2 %, and 18 % tax on that.
USUAL_RATE = Decimal("0.0236")


@dataclass
class FakePayments(FakeCore):
    """The first half of PaymentProvider."""

    payments: dict[str, RemotePayment] = field(default_factory=dict)
    requests: dict[str, PaymentRequest] = field(default_factory=dict)
    takes_any_amount: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self._rate, self._fixed = USUAL_RATE, NOTHING

    def fees(self, rate: Decimal | str, fixed: Decimal | str = NOTHING) -> None:
        """Take this share of every charge from now on, and this much beside; rounded half up."""
        self._rate, self._fixed = Decimal(rate), Decimal(fixed)

    def pay(self, session_id: str, **changes: Any) -> RemotePayment:
        """Pay an open payment. changes: fields that shall be wrong, such as amount_received or is_live."""
        with self._lock:
            payment = self.payments[session_id]
            if payment.session_status != "open":
                return payment
            paid = {
                "session_status": "complete",
                "payment_status": "paid",
                "url": "",
                "payment_intent_id": f"pi_{session_id}",
                "charge_id": f"ch_{session_id}",
                "amount_received": self.requests[session_id].amount,
                "failure_message": "",
            }
            payment = replace(payment, **{**paid, **changes})
            if payment.charge_id and payment.amount_received > 0:
                self._charge(payment)
            return self._keep(payment, "checkout.session.completed")

    def decline(self, session_id: str, message: str = "Your card was declined.") -> RemotePayment:
        """Let the buyer's card be refused; the payment stays open."""
        with self._lock:
            declined = replace(
                self.payments[session_id], payment_intent_id=f"pi_{session_id}", failure_message=message
            )
            return self._keep(declined, "payment_intent.payment_failed")

    def expire(self, session_id: str) -> RemotePayment:
        """Let an open payment's time be over."""
        with self._lock:
            payment = self.payments[session_id]
            if payment.session_status != "open":
                return payment
            return self._keep(replace(payment, session_status="expired", url=""), "checkout.session.expired")

    def create_payment(self, request: PaymentRequest) -> RemotePayment:
        if sum((line.amount for line in request.lines), Decimal()) != request.amount:
            raise ValueError("lines do not add up to the amount")

        def make() -> RemotePayment:
            session_id = f"cs_fake_{len(self.payments) + 1}"
            self.requests[session_id] = request
            self.payments[session_id] = RemotePayment(
                session_id=session_id,
                url=f"https://pay.example/{session_id}",
                session_status="open",
                payment_status="unpaid",
                payment_intent_id="",
                charge_id="",
                amount_received=NOTHING,
                currency=request.currency,
                is_live=False,
                metadata={"order": request.order_number, "attempt": request.attempt_reference},
                expires_at=request.expires_at,
            )
            return self.payments[session_id]

        return self._once("create_payment", request.key, request, make)

    def retrieve_payment(self, session_id: str) -> RemotePayment:
        with self._lock:
            self._begin("retrieve_payment", session_id)
            payment: RemotePayment = self._required(self.payments, session_id)
            return payment

    def expire_payment(self, session_id: str) -> RemotePayment:
        with self._lock:
            self._begin("expire_payment", session_id)
            self._required(self.payments, session_id)
            payment = self.expire(session_id)
            self._end("expire_payment")
            return payment

    def find_payment(self, attempt_reference: str, created_after: datetime) -> RemotePayment | None:
        with self._lock:
            self._begin("find_payment", attempt_reference)
            found = [
                payment
                for payment in reversed(self.payments.values())
                if payment.metadata.get("attempt") == attempt_reference
            ]
            return next(
                (each for each in found if each.session_status == "complete"), found[0] if found else None
            )

    def _charge(self, payment: RemotePayment) -> None:
        charge = Charge(
            id=payment.charge_id,
            payment_intent_id=payment.payment_intent_id,
            amount=payment.amount_received,
            currency=payment.currency,
            is_live=payment.is_live,
            metadata=payment.metadata,
        )
        self.charges[charge.id] = charge
        self._by_intent[charge.payment_intent_id] = charge
        fee = rounded(charge.amount * self._rate, charge.currency) + self._fixed
        self._move("charge", charge.amount, currency=charge.currency, source_id=charge.id, fee=fee)

    def _keep(self, payment: RemotePayment, event_type: str) -> RemotePayment:
        self.payments[payment.session_id] = payment
        self._emit(event_type, payment.session_id, payment.metadata, is_live=payment.is_live)
        return payment
