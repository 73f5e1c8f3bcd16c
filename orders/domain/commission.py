"""The programme's part of a sale."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from orders.domain.parts import shared_out

SMALLEST = Decimal("0.01")
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class KeptBack:
    """What is kept back of the goods of one group: of all of them, and line by line in the same order.

    commission is the sum of commissions, tax (on the commission) that of taxes; commission + tax <= goods.
    """

    commission: Decimal
    tax: Decimal
    commissions: Sequence[Decimal]
    taxes: Sequence[Decimal]


def commission_on(goods: Decimal, rate: Decimal) -> Decimal:
    """Commission on goods, rounded half up to two decimals.

    goods: goods total after discount, two decimals, >= 0. rate: fraction frozen at the sale, 0 to 1.
    Raises ValueError for a value out of range. Delivery bears no commission.
    """
    if goods < 0 or not 0 <= rate <= 1:
        raise ValueError(f"cannot take commission of {goods} at rate {rate}")
    return (goods * rate).quantize(SMALLEST, rounding=ROUND_HALF_UP)


def kept_back(lines: Sequence[tuple[Decimal, Decimal]], *, tax_rate: Decimal) -> KeptBack:
    """Commission and its tax on the lines of one group.

    lines: price and commission rate of each. Lines of one rate are rounded together, once, and share the result out.
    A rate so high that commission and tax would exceed the goods takes the goods and no more.
    Raises ValueError for a value out of range.
    """
    if not 0 <= tax_rate <= 1:
        raise ValueError(f"cannot take tax at rate {tax_rate}")
    commissions = [ZERO] * len(lines)
    most = 1 / (1 + tax_rate)
    for rate in dict.fromkeys(rate for _, rate in lines):
        own = [place for place, (_, other) in enumerate(lines) if other == rate]
        prices = [lines[place][0] for place in own]
        # The rate itself is looked at too: only a fraction may be cut down to what the tax leaves.
        whole = min(commission_on(sum(prices, ZERO), rate), commission_on(sum(prices, ZERO), most))
        for place, part in zip(own, shared_out(whole, prices), strict=True):
            commissions[place] = part
    commission = sum(commissions, ZERO)
    goods = sum((price for price, _ in lines), ZERO)
    tax = min(commission_on(commission, tax_rate), goods - commission)
    return KeptBack(commission, tax, commissions, shared_out(tax, commissions))
