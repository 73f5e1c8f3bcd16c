"""Parts of an amount that add up to it, whatever the order in which they are taken."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

SMALLEST = Decimal("0.01")


def part_of(whole: Decimal, *, units: int, taken: int, quantity: int) -> Decimal:
    """What `units` of `quantity` are worth after `taken` of them have been reckoned, two decimals.

    Rounded as a running sum (half up), so the parts of all units together are exactly the whole.
    Raises ValueError when more units are asked for than are left.
    """
    if units < 0 or taken < 0 or quantity < 1 or units + taken > quantity:
        raise ValueError(f"{units} after {taken} of {quantity} units")
    return _rounded(whole * (taken + units) / quantity) - _rounded(whole * taken / quantity)


def shared_out(whole: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """An amount shared out by weights, two decimals each, adding up to it exactly.

    weights: none below zero, not all zero unless the amount is zero. Rounded as a running sum (half up).
    """
    total = sum(weights, Decimal(0))
    if any(weight < 0 for weight in weights) or (not total and whole):
        raise ValueError(f"cannot share {whole} out by {list(weights)}")
    shares, reached, given = [], Decimal(0), Decimal(0)
    for weight in weights:
        reached += weight
        upto = _rounded(whole * reached / total) if total else Decimal("0.00")
        shares.append(upto - given)
        given = upto
    return shares


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(SMALLEST, rounding=ROUND_HALF_UP)
