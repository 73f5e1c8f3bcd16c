"""A shop, a provider in memory, and the ways in which the provider's events may arrive."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from notices.models import Notice
from orders.models import Order, VendorOrder
from payments import tasks
from payments.models import LedgerEntry, PaymentAttempt, Payout, ProviderEvent, Refund
from payments.services.events import handle_event, receive
from tests.support.provider_fake import SIGNED, FakeProvider
from vendors.models import StockRecord

MANNERS = ("as sent", "duplicated", "reversed")
# What a test starts itself: the nightly run, and the comparison that follows it.
BY_HAND = {"payments.plan_payouts", "payments.reconcile"}


@dataclass(frozen=True)
class End:
    """Everything that a fault may touch, once it is quiet.

    stock: (units in the store, units reserved) of each stock record. refunds: (amount, state, reason).
    ledger: balances that are not zero, credit below zero. provider: what it took in, and gave back.
    """

    order: str = "paid"
    parts: tuple[str, ...] = ("new",)
    stock: tuple[tuple[int, int], ...] = ((10, 1),)
    attempts: tuple[str, ...] = ("succeeded",)
    refunds: tuple[tuple[str, str, str], ...] = ()
    payouts: tuple[tuple[str, str], ...] = ()
    ledger: dict[str, str] = field(default_factory=dict)
    notices: dict[str, int] = field(default_factory=dict)
    provider: tuple[str, str] = ("310.00", "0.00")


# One unit at 250.00 and 60.00 for delivery; 8 % commission, and the provider keeps 2 %.
PAID = End(
    ledger={
        "commission": "-20.00",
        "provider_balance": "303.80",
        "provider_fees": "6.20",
        "vendor_payable": "-290.00",
    },
    notices={"order_paid": 1, "order_placed": 1},
)
UNPAID = End(
    order="expired",
    parts=("cancelled",),
    stock=((10, 0),),
    attempts=("expired",),
    notices={"order_expired": 1, "order_placed": 1},
    provider=("0.00", "0.00"),
)


@dataclass
class World:
    """One run of a fault. manner: how events arrive."""

    fake: FakeProvider
    manner: str
    told: int = 0
    rounds: int = 3
    clockwork: Sequence[str] = field(default_factory=lambda: clockwork())

    def tell(self) -> None:
        """Let the events arrive that the provider has not sent yet, and have them handled."""
        fresh = self.fake.events[self.told :]
        self.told = len(self.fake.events)
        self.send(list(reversed(fresh)) if self.manner == "reversed" else fresh)

    def tell_all(self) -> None:
        """Let every event arrive once more, also those that were sent before."""
        self.send(list(self.fake.events))

    def send(self, events: Sequence[Any]) -> None:
        """Let these events arrive, each three times when they are duplicated."""
        copies = 3 if self.manner == "duplicated" else 1
        rows = [self._arrive(event) for event in events for _ in range(copies)]
        for row in rows:
            for _ in range(copies):
                handle_event(row.pk)

    def quiet(self) -> None:
        """Let everything that runs by the clock run, until there is nothing left to do."""
        for _ in range(self.rounds):
            self.make_due()
            for task in self.clockwork:
                run(task)

    def make_due(self) -> None:
        """Whatever waits for another try may be tried now."""
        ProviderEvent.objects.filter(state="received").update(next_try_at=timezone.now())
        Refund.objects.filter(state__in=("waiting", "pending")).update(next_try_at=timezone.now())

    def night(self) -> None:
        """The nightly run of payouts, and all that follows from it."""
        run("payments.plan_payouts")
        self.quiet()

    def end(self, order: Order) -> End:
        """What is there when all events have come, the sweepers have run, and every event has come once more."""
        self.tell()
        self.quiet()
        self.told = 0
        self.tell()
        self.quiet()
        return self.now(order)

    def now(self, order: Order) -> End:
        """What is there."""
        parts = VendorOrder.objects.filter(order=order).order_by("pk")
        records = StockRecord.objects.order_by("pk").values_list("num_in_stock", "num_allocated")
        attempts = PaymentAttempt.objects.filter(order=order).order_by("pk")
        refunds = Refund.objects.order_by("pk").values_list("amount", "state", "reason")
        payouts = Payout.objects.order_by("pk").values_list("amount", "state")
        charges = self.fake.charges.values()
        return End(
            order=Order.objects.get(pk=order.pk).status,
            parts=tuple(parts.values_list("state", flat=True)),
            stock=tuple(records),
            attempts=tuple(attempts.values_list("state", flat=True)),
            refunds=tuple((str(amount), state, reason) for amount, state, reason in refunds),
            payouts=tuple((str(amount), state) for amount, state in payouts),
            ledger=balances(),
            notices=dict(Counter(Notice.objects.values_list("kind", flat=True))),
            provider=(_sum(each.amount for each in charges), _sum(each.refunded for each in charges)),
        )

    def _arrive(self, event: Any) -> ProviderEvent:
        return receive("stripe", self.fake.payload(event), SIGNED, {}, is_connect=bool(event.account))


def clockwork() -> Sequence[str]:
    """Every task of the payments that runs by the clock, but those that a test starts itself."""
    names = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    return [name for name in names if name.startswith("payments.") and name not in BY_HAND]


def run(task: str) -> None:
    """Carry out a task of the payments here and now."""
    getattr(tasks, task.removeprefix("payments."))()


def balances() -> dict[str, str]:
    """Balance of every account that is not zero, over all groups."""
    rows = LedgerEntry.objects.values("account").annotate(balance=Sum("amount")).order_by("account")
    return {row["account"]: str(row["balance"]) for row in rows if row["balance"]}


def but(end: End, **changes: Any) -> End:
    """An end that differs in some things; a ledger or notices given hold what differs there, "" or 0 for gone."""
    for name in ("ledger", "notices"):
        if name in changes:
            changes[name] = {
                key: value for key, value in {**getattr(end, name), **changes[name]}.items() if value
            }
    return replace(end, **changes)


def _sum(amounts: Any) -> str:
    return str(sum(amounts, Decimal("0.00")))
