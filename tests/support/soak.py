"""Many orders with random refunds at the simulator, while a fifth of its webhooks is lost, doubled, late or reversed."""

import json
import logging
import random
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import OperationalError, close_old_connections
from django.utils import timezone

from catalogue.models import Product
from marketplace.lib.locks import is_busy
from marketplace.lib.states import IllegalTransition
from orders.errors import OrderError
from orders.models import Order
from orders.services.cancelling import cancel, supply_short
from payments import tasks
from payments.models import PaymentAttempt, ProviderEvent, Refund, TransferReversal
from payments.refund_errors import RefundError
from payments.services.attempts import start_payment
from payments.services.deciding import refund_again, request_refund
from payments.services.settling import settle
from payments.services.shares import Asked
from people.models import User
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.refunds import everything, parts_of
from tests.support.sale import a_listing, placed_order
from tests.support.simulator import wait_until

MODES = ("lose", "duplicate", "delay", "reorder")
STRUCK = 0.2
SWITCH_EVERY = 10
GROUPS = 5
GOOD_CARD, BAD_CARD = "4242424242424242", "4000000000000002"
# Nothing is left of it, not paid yet, sent already: chance asks for much.
REFUSALS = (RefundError, OrderError, IllegalTransition)
SWEEPERS = (
    tasks.poll_provider_events,
    tasks.drain_provider_events,
    tasks.sweep_attempts,
    tasks.refund_what_is_owed,
    tasks.drain_refunds,
    tasks.drain_reversals,
    tasks.fetch_balance_transactions,
)


@dataclass
class Soak:
    """One run. url: of the simulator. The same seed makes the same orders and asks for the same refunds."""

    url: str
    seed: int = 20261123
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.officer: User = PersonFactory(finance=True)
        self.listings: list[Product] = []
        for place in range(GROUPS):
            vendor = VendorFactory(commission_rate=Decimal(place) / 20)
            self.listings += [
                a_listing(price, vendor=vendor, units=100_000) for price in ("0.07", "33.33", "249.90")
            ]

    def run(self, orders: int) -> None:
        """Sell that many orders and refund at random; nothing is swept up yet."""
        for place in range(orders):
            if place % SWITCH_EVERY == 0:
                mode = MODES[place // SWITCH_EVERY % len(MODES)]
                self.control("webhooks", mode=mode, share=STRUCK, seconds=1.5, copies=3)
            self._sell()
            if self.rng.random() < 0.6:
                self._give_back()
        self.control("webhooks", mode="in_order", share=1.0)

    def fail_some_refunds(self, count: int) -> None:
        """Let banks send refunds back days later, and ask for half of them again."""
        made = Refund.objects.filter(state=Refund.State.SUCCEEDED).exclude(provider_id="")
        for refund in self.rng.sample(list(made.order_by("pk")), k=min(count, made.count())):
            self.control("refunds", refund=refund.provider_id)
            self.counts["refunds failed later"] += 1
        self.sweep()
        for refund in Refund.objects.filter(state=Refund.State.FAILED, successor=None).order_by("pk")[::2]:
            refund_again(refund, actor=self.officer)

    def sweep(self) -> None:
        """Let time pass and the sweepers run until nothing is due any more."""
        wait_until(lambda: not self.objects("delivery"), "late webhooks")
        for _round in range(50):
            then = timezone.now() - timedelta(minutes=10)
            PaymentAttempt.objects.unfinished().update(created_at=then)
            ProviderEvent.objects.filter(state=ProviderEvent.State.RECEIVED).update(next_try_at=then)
            for model in (Refund, TransferReversal):
                model.objects.filter(state="waiting").update(next_try_at=then)
            for sweeper in SWEEPERS:
                sweeper()
            if not self._is_due():
                return
        raise AssertionError("the sweepers do not come to an end")

    def control(self, name: str, **values: Any) -> Any:
        """Carry out a control call of the simulator."""
        request = urllib.request.Request(
            f"{self.url}/_control/{name}",
            data=json.dumps(values).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def objects(self, kind: str) -> list[dict[str, Any]]:
        """What the simulator has of a kind, such as "refund"."""
        with urllib.request.urlopen(f"{self.url}/_control/objects?kind={kind}", timeout=30) as answer:
            return json.load(answer)[kind]

    def _sell(self) -> None:
        chosen = self.rng.sample(self.listings, k=self.rng.randint(1, 3))
        order = placed_order(*[(listing, self.rng.randint(1, 4)) for listing in chosen])
        attempt = start_payment(order)
        self.counts["orders"] += 1
        luck = self.rng.random()
        if luck < 0.03:
            self.counts["never paid"] += 1
            return
        if luck < 0.09:
            self.control("pay", session=attempt.session_id, card=BAD_CARD)
            self.counts["declined first"] += 1
        self.control("pay", session=attempt.session_id, card=GOOD_CARD)
        self.counts["paid"] += 1
        if self.rng.random() < 0.3:
            _patiently(lambda: settle(attempt.pk))

    def _give_back(self) -> None:
        # By number, so that the worker's speed does not decide what the run does more than it must.
        order = Order.objects.order_by("pk")[self.rng.randrange(self.counts["orders"])]
        part = self.rng.choice(parts_of(order))
        line = self.rng.choice(list(part.lines.order_by("pk")))
        units = self.rng.randint(1, line.quantity)
        ways = {
            "whole": lambda: self._refund(order, everything(order)),
            "units": lambda: self._refund(order, Asked({line.pk: units})),
            "delivery": lambda: self._refund(order, Asked({}, [part.pk])),
            "short": lambda: supply_short(part, {line.pk: units}, actor=None, reason="sold out"),
            "cancelled": lambda: cancel(part, actor=None, reason="sold out"),
        }
        name = self.rng.choices(list(ways), weights=[2, 5, 2, 3, 1])[0]
        try:
            _patiently(ways[name])
            self.counts[f"asked back: {name}"] += 1
        except REFUSALS:
            self.counts["asked back in vain"] += 1

    def _refund(self, order: Order, asked: Asked) -> Refund:
        return request_refund(
            order, asked, reason=Refund.Reason.DAMAGED, remark="torn", actor=PersonFactory(finance=True)
        )

    def _is_due(self) -> bool:
        close_old_connections()
        return (
            ProviderEvent.objects.filter(state=ProviderEvent.State.RECEIVED).exists()
            or Refund.objects.filter(state__in=(Refund.State.WAITING, Refund.State.PENDING)).exists()
        )


def _patiently(call: Any) -> Any:
    """Carry out a call again while the worker holds its rows."""
    for _try in range(20):
        try:
            return call()
        except OperationalError as error:
            if not is_busy(error):
                raise
            logging.getLogger(__name__).info("busy, tried again")
    raise AssertionError("a row was held all the time")
