"""What all parts of the fake share: calls, keys, failures, events, the balance."""

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar, cast

from payments.domain.minor_units import minor_exponent, to_minor
from payments.providers.base import (
    ProviderRequestRejected,
    RemoteBalanceTransaction,
    RemoteEvent,
)

SIGNED = "signed"
API_VERSION = "2026-10-28.endive"
NOTHING = Decimal("0.00")
AVAILABLE_AFTER = timedelta(days=2)

Answer = TypeVar("Answer")


@dataclass
class _Failure:
    method: str
    error: Exception
    after_success: bool
    times: int


@dataclass
class Charge:
    """Money that came in, and what became of it. transferred: sent on and not taken back.

    dispute_id: of the dispute that is open or was lost.
    """

    id: str
    payment_intent_id: str
    amount: Decimal
    currency: str
    is_live: bool
    metadata: Mapping[str, str]
    refunded: Decimal = NOTHING
    lost: Decimal = NOTHING
    transferred: Decimal = NOTHING
    dispute_id: str = ""

    @property
    def left(self) -> Decimal:
        """What has neither gone back nor been lost."""
        return self.amount - self.refunded - self.lost


@dataclass
class FakeCore:
    """The parts that every call needs. clock: what time it is; put another in to make time pass."""

    events: list[RemoteEvent] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    charges: dict[str, Charge] = field(default_factory=dict)
    balance_transactions: list[RemoteBalanceTransaction] = field(default_factory=list)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._failures: list[_Failure] = []
        self._answers: dict[str, tuple[object, object]] = {}
        self._late: list[dict[str, Any]] | None = None
        self._by_intent: dict[str, Charge] = {}
        self._balance: defaultdict[str, Decimal] = defaultdict(Decimal)

    def fail_next(
        self, method: str, error: Exception, *, after_success: bool = False, times: int = 1
    ) -> None:
        """Let the next calls of a method fail, before anything was done or after everything was."""
        with self._lock:
            self._failures.append(_Failure(method, error, after_success, times))

    def forget_keys(self) -> None:
        """Let a day pass for the keys: a call with an old one is carried out again."""
        with self._lock:
            self._answers.clear()

    def _once(self, method: str, key: str, question: object, make: Callable[[], Answer]) -> Answer:
        """Carry out a call, or repeat what its key's first call was told, be it a refusal."""
        with self._lock:
            self._begin(method, key)
            asked, answer = self._answers.get(key, ((method, question), None))
            if asked != (method, question):
                raise ProviderRequestRejected(f"key {key} was used with other parameters")
            if isinstance(answer, ProviderRequestRejected):
                raise type(answer)(str(answer), code=answer.code)
            if answer is not None:
                return cast("Answer", answer)
            try:
                made = make()
            except ProviderRequestRejected as refusal:
                self._answers[key] = (asked, refusal)
                raise
            self._answers[key] = (asked, made)
            self._end(method)
            return made

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

    def _required(self, rows: Mapping[str, Any], row_id: str) -> Any:
        if row_id not in rows:
            raise ProviderRequestRejected(f"no such object: {row_id}", code="resource_missing")
        return rows[row_id]

    def _charge_of(self, payment_intent_id: str) -> Charge:
        charge: Charge = self._required(self._by_intent, payment_intent_id)
        return charge

    def _emit(
        self,
        event_type: str,
        object_id: str,
        metadata: Mapping[str, str],
        *,
        charge: Charge | None = None,
        account: str = "",
        is_live: bool = False,
    ) -> None:
        self.events.append(
            RemoteEvent(
                id=f"evt_fake_{len(self.events) + 1}",
                type=event_type,
                account=account,
                api_version=API_VERSION,
                created_at=self.clock(),
                is_live=charge.is_live if charge else is_live,
                object_id=object_id,
                metadata=dict(metadata),
                payment_intent_id=charge.payment_intent_id if charge else "",
                charge_id=charge.id if charge else "",
            )
        )

    def _move(
        self, kind: str, amount: Decimal, *, currency: str, source_id: str, fee: Decimal = NOTHING
    ) -> None:
        movement = {"kind": kind, "amount": amount, "currency": currency, "source_id": source_id, "fee": fee}
        if self._late is None:
            self._book(movement)
        else:
            self._late.append(movement)

    def _book(self, movement: Mapping[str, Any]) -> None:
        now, net = self.clock(), movement["amount"] - movement["fee"]
        self._balance[movement["currency"]] += net
        self.balance_transactions.append(
            RemoteBalanceTransaction(
                id=f"txn_fake_{len(self.balance_transactions) + 1}",
                net=net,
                available_on=(now + AVAILABLE_AFTER).date(),
                created_at=now,
                **movement,
            )
        )


def checked_amount(amount: Decimal, currency: str) -> Decimal:
    """An amount that may be asked for. Raises ValueError for nothing, less, and parts of a coin."""
    if to_minor(amount, currency) <= 0:
        raise ValueError(f"cannot move {amount} {currency}")
    return rounded(amount, currency)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """An amount in whole coins, half up."""
    return amount.quantize(Decimal(1).scaleb(-minor_exponent(currency)), rounding=ROUND_HALF_UP)
