"""The programme's part of a sale."""

from decimal import ROUND_HALF_UP, Decimal

SMALLEST = Decimal("0.01")


def commission_on(goods: Decimal, rate: Decimal) -> Decimal:
    """Commission on a vendor order's goods, rounded half up to two decimals.

    goods: goods total after discount, two decimals, >= 0. rate: fraction frozen at the sale, 0 to 1.
    Raises ValueError for a value out of range. Delivery bears no commission.
    """
    if goods < 0 or not 0 <= rate <= 1:
        raise ValueError(f"cannot take commission of {goods} at rate {rate}")
    return (goods * rate).quantize(SMALLEST, rounding=ROUND_HALF_UP)
