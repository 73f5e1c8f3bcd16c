"""A past sale before it becomes rows: what was bought, how far it has come, how it was paid and what went wrong."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from orders.models import Order, VendorOrder
from orders.shipping.options import DeliveryOption
from people.models import User
from vendors.models import Partner, StockRecord

ZERO = Decimal("0.00")
_State = VendorOrder.State
_Status = Order.Status
# The reservation of an order that nobody has begun to pay.
HELD_MINUTES = 40


class Manner(Enum):
    """How the buyer pays. Card payments would have to exist at the provider too, so no past sale has one."""

    BANK = "bank_transfer"
    CASH = "cash_on_delivery"


class GivingBack(Enum):
    """What became of the money that a sale owes back, or that somebody wants to give back."""

    NOTHING = "nothing"
    SENT = "sent by bank"
    WAITING = "waits to be sent by bank"
    FAILED = "came back from the buyer's bank"
    PROPOSED = "goodwill that waits for a second person"


@dataclass(frozen=True)
class Part:
    """What one group sells in a sale; states: those it went through, the present one last.

    short: units of the first goods that the group could not supply. in_pieces: one unit of them left before the rest.
    is_asked_back: the buyer wants to give one unit of them back, and the group has not answered.
    """

    vendor: Partner
    goods: list[tuple[StockRecord, int]]
    goods_total: Decimal
    delivery: DeliveryOption
    states: list[Any]
    chair_pk: int | None
    short: int = 0
    in_pieces: bool = False
    is_asked_back: bool = False

    @property
    def total(self) -> Decimal:
        """Goods and delivery in INR."""
        return self.goods_total + self.delivery.price

    def cancelled(self, place: int) -> int:
        """Units of the goods at that place that were paid for and never supplied."""
        if self.states[-1] == _State.CANCELLED:
            return self.goods[place][1]
        return self.short if place == 0 else 0

    def returned(self, place: int) -> int:
        """Units of the goods at that place that came back."""
        return self.goods[place][1] if self.states[-1] == _State.RETURNED else 0


@dataclass(frozen=True)
class Sale:
    """One order as it is to be written. address: country code, street, town, state, postcode.

    is_begun: the buyer of an unpaid order was told where to send the money.
    """

    number: str
    lot: random.Random
    status: Order.Status
    manner: Manner
    giving_back: GivingBack
    is_begun: bool
    placed_at: datetime
    buyer: User | None
    name: str
    address: tuple[str, str, str, str, str]
    parts: list[Part]
    now: datetime

    @property
    def total(self) -> Decimal:
        """Total of all parts in INR."""
        return sum((part.total for part in self.parts), ZERO)

    @property
    def is_paid(self) -> bool:
        """Whether money came."""
        return self.status in (_Status.PAID, _Status.PART_REFUNDED, _Status.REFUNDED)

    @property
    def is_cash(self) -> bool:
        """Whether the groups take the money at hand-over."""
        return self.manner == Manner.CASH

    @property
    def released_at(self) -> datetime | None:
        """When the groups were told: with the money, or at once where it comes at the door."""
        if self.is_cash:
            return self.placed_at + timedelta(minutes=1)
        return self.settled_at if self.is_paid else None

    @property
    def settled_at(self) -> datetime:
        """When a transfer would have been found on our account; instant transfers take minutes."""
        return self.placed_at + timedelta(minutes=50)

    def times(self, count: int) -> list[datetime]:
        """Of that many states of a part: placed, released, then the rest spread over the time since."""
        released = self.released_at or self.placed_at + timedelta(minutes=HELD_MINUTES)
        left = max(self.now - released, timedelta(minutes=10))
        pace = min(left / max(count - 1, 1), timedelta(days=2))
        return [self.placed_at, *(released + pace * step for step in range(count - 1))][:count]

    def reached(self, part: Part, *states: Any) -> datetime | None:
        """When a part came to the first of these states; None when it never did."""
        times = zip(part.states, self.times(len(part.states)), strict=True)
        return next((when for state, when in times if state in states), None)
