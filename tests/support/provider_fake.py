"""A payment provider in memory, for tests of services that need no network."""

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from payments.providers.base import (
    BadSignature,
    MalformedEvent,
    PaymentRequest,
    ProviderRequestRejected,
    RemoteEvent,
    RemotePayment,
    RemoteRefund,
)

SIGNED = "signed"


@dataclass
class _Failure:
    method: str
    error: Exception
    after_success: bool
    times: int


@dataclass
class FakeProvider:
    """Keeps every promise of PaymentProvider without a network; safe under threads.

    calls: (method, key or id) of every call that reached it. Payments and refunds are kept by id.
    """

    payments: dict[str, RemotePayment] = field(default_factory=dict)
    requests: dict[str, PaymentRequest] = field(default_factory=dict)
    refunds: dict[str, RemoteRefund] = field(default_factory=dict)
    events: list[RemoteEvent] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._failures: list[_Failure] = []
        self._answers: dict[str, tuple[object, str]] = {}
        self._refunded: dict[str, Decimal] = {}

    # What a buyer or a test does.

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
            return self._change(session_id, "checkout.session.completed", **{**paid, **changes})

    def decline(self, session_id: str, message: str = "Your card was declined.") -> RemotePayment:
        """Let the buyer's card be refused; the payment stays open."""
        with self._lock:
            return self._change(
                session_id,
                "payment_intent.payment_failed",
                payment_intent_id=f"pi_{session_id}",
                failure_message=message,
            )

    def expire(self, session_id: str) -> RemotePayment:
        """Let an open payment's time be over."""
        with self._lock:
            if self.payments[session_id].session_status != "open":
                return self.payments[session_id]
            return self._change(session_id, "checkout.session.expired", session_status="expired", url="")

    def fail_refund(self, refund_id: str, reason: str = "expired_or_canceled_card") -> RemoteRefund:
        """Let a refund fail after all."""
        with self._lock:
            self.refunds[refund_id] = replace(self.refunds[refund_id], status="failed", failure_reason=reason)
            for question, answer in self._answers.values():
                if answer == refund_id and isinstance(question, tuple):
                    self._refunded[question[0]] -= self.refunds[refund_id].amount
            return self.refunds[refund_id]

    def fail_next(
        self, method: str, error: Exception, *, after_success: bool = False, times: int = 1
    ) -> None:
        """Let the next calls of a method fail, before anything was done or after everything was."""
        with self._lock:
            self._failures.append(_Failure(method, error, after_success, times))

    def payload(self, event: RemoteEvent) -> bytes:
        """An event as a webhook body, to be sent with SIGNED as its signature."""
        values = {name: value for name, value in vars(event).items() if name != "created_at"}
        return json.dumps({**values, "created": event.created_at.timestamp()}).encode()

    # PaymentProvider.

    def create_payment(self, request: PaymentRequest) -> RemotePayment:
        if sum((line.amount for line in request.lines), Decimal()) != request.amount:
            raise ValueError("lines do not add up to the amount")
        with self._lock:
            self._begin("create_payment", request.key)
            known = self._known(request.key, request)
            if known:
                return self.payments[known]
            session_id = f"cs_fake_{len(self.payments) + 1}"
            self.requests[session_id] = request
            self.payments[session_id] = RemotePayment(
                session_id=session_id,
                url=f"https://pay.example/{session_id}",
                session_status="open",
                payment_status="unpaid",
                payment_intent_id="",
                charge_id="",
                amount_received=Decimal("0.00"),
                currency=request.currency,
                is_live=False,
                metadata={"order": request.order_number, "attempt": request.attempt_reference},
                expires_at=request.expires_at,
            )
            self._answers[request.key] = (request, session_id)
            self._end("create_payment")
            return self.payments[session_id]

    def retrieve_payment(self, session_id: str) -> RemotePayment:
        with self._lock:
            self._begin("retrieve_payment", session_id)
            return self._required(self.payments, session_id)

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
        with self._lock:
            self._begin("refund_payment", key)
            known = self._known(key, (payment_intent_id, amount, currency))
            if known:
                return self.refunds[known]
            captured = sum(
                payment.amount_received
                for payment in self.payments.values()
                if payment.payment_intent_id == payment_intent_id
            )
            refunded = self._refunded.get(payment_intent_id, Decimal())
            if amount <= 0 or refunded + amount > captured:
                raise ProviderRequestRejected("refund is greater than what is left", code="amount_too_large")
            refund = RemoteRefund(
                id=f"re_fake_{len(self.refunds) + 1}", status="succeeded", amount=amount, currency=currency
            )
            self.refunds[refund.id] = refund
            self._refunded[payment_intent_id] = refunded + amount
            self._answers[key] = ((payment_intent_id, amount, currency), refund.id)
            self._end("refund_payment")
            return refund

    def retrieve_refund(self, refund_id: str) -> RemoteRefund:
        with self._lock:
            self._begin("retrieve_refund", refund_id)
            return self._required(self.refunds, refund_id)

    def list_events(self, created_after: datetime) -> Iterator[RemoteEvent]:
        with self._lock:
            self._begin("list_events", "")
            yield from [event for event in reversed(self.events) if event.created_at >= created_after]

    def verify_event(self, payload: bytes, signature_header: str) -> RemoteEvent:
        if signature_header != SIGNED:
            raise BadSignature("not signed")
        try:
            values = json.loads(payload)
            return RemoteEvent(created_at=datetime.fromtimestamp(values.pop("created"), UTC), **values)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise MalformedEvent("not an event") from error

    def _begin(self, method: str, key: str) -> None:
        self.calls.append((method, key))
        self._fail(method, after_success=False)

    def _end(self, method: str) -> None:
        self._fail(method, after_success=True)

    def _fail(self, method: str, *, after_success: bool) -> None:
        for failure in self._failures:
            if (failure.method, failure.after_success) == (method, after_success) and failure.times > 0:
                failure.times -= 1
                raise failure.error

    def _known(self, key: str, question: object) -> str:
        asked, answer = self._answers.get(key, (question, ""))
        if asked != question:
            raise ProviderRequestRejected(f"key {key} was used with other parameters")
        return answer

    def _required(self, rows: Mapping[str, Any], row_id: str) -> Any:
        if row_id not in rows:
            raise ProviderRequestRejected(f"no such object: {row_id}", code="resource_missing")
        return rows[row_id]

    def _change(self, session_id: str, event_type: str, **changes: Any) -> RemotePayment:
        payment = replace(self.payments[session_id], **changes)
        self.payments[session_id] = payment
        self.events.append(
            RemoteEvent(
                id=f"evt_fake_{len(self.events) + 1}",
                type=event_type,
                account="",
                api_version="2026-10-28.endive",
                created_at=datetime.now(UTC),
                is_live=payment.is_live,
                object_id=session_id,
                metadata=payment.metadata,
            )
        )
        return payment
