"""What every sale should be worth by now, reckoned from prices and units alone, without the code under test."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


@dataclass
class Goods:
    """One line as the reckoning knows it.

    given_up: units not supplied or returned, for which the money is owed. back: units whose money went back.
    own, programme: what the group and the programme take off all units, as the buyer was shown.
    """

    price: Decimal
    units: int
    own: Decimal = ZERO
    programme: Decimal = ZERO
    given_up: int = 0
    back: int = 0

    @property
    def kept(self) -> Decimal:
        """What the buyer and the programme pay for units that are kept, but for what a part of a unit rounds."""
        return self.earned - self._back_of(self.earned - self.programme) - self._back_of(self.programme)

    @property
    def kept_promotion(self) -> Decimal:
        return self.programme - self._back_of(self.programme)

    @property
    def earned(self) -> Decimal:
        return self.price * self.units - self.own

    def _back_of(self, whole: Decimal) -> Decimal:
        return (whole * self.back / self.units).quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass
class Part:
    """The part of one group: what buyer and programme paid for it, and have not got back."""

    pk: int
    order_pk: int
    vendor_pk: int
    currency: str
    delivery: Decimal
    goods: dict[int, Goods]
    is_cancelled: bool = False
    is_delivery_back: bool = False

    @property
    def kept_goods(self) -> Decimal:
        return sum((goods.kept for goods in self.goods.values()), ZERO)

    @property
    def kept_promotion(self) -> Decimal:
        return sum((goods.kept_promotion for goods in self.goods.values()), ZERO)

    @property
    def worth(self) -> Decimal:
        return self.kept_goods + (ZERO if self.is_delivery_back else self.delivery)

    def cancel(self) -> None:
        for goods in self.goods.values():
            goods.given_up = goods.units
        self.is_cancelled = True

    def give_back_what_is_owed(self) -> None:
        for goods in self.goods.values():
            goods.back = max(goods.back, goods.given_up)
        self.is_delivery_back |= self.is_cancelled

    def give_back_all(self) -> None:
        for goods in self.goods.values():
            goods.back = goods.units
        self.is_delivery_back = True
