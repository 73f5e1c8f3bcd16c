"""Tax that prices contain."""

from decimal import ROUND_HALF_UP, Decimal

SMALLEST = Decimal("0.01")


def tax_within(price: Decimal, rate: Decimal) -> Decimal:
    """The tax that a price contains, rounded half up to two decimals: 18.00 of 118.00 at 0.18.

    price: tax included, two decimals, >= 0. rate: fraction on top of the price without tax, 0 to 1.
    Raises ValueError for a value out of range.
    """
    if price < 0 or not 0 <= rate <= 1:
        raise ValueError(f"cannot find tax in {price} at rate {rate}")
    return (price * rate / (1 + rate)).quantize(SMALLEST, rounding=ROUND_HALF_UP)
