"""Sharing an amount out by weights, to the last paisa."""

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal
from typing import TypeVar

Key = TypeVar("Key")
_PAISA = Decimal("0.01")


def shared_out(amount: Decimal, weights: Mapping[Key, Decimal]) -> dict[Key, Decimal]:
    """The amount in parts that sum to it, in proportion to the weights; what rounding leaves goes to the heaviest.

    weights: not negative, their sum above zero. The amount may be negative.
    """
    whole = sum(weights.values(), Decimal(0))
    parts = {
        key: (amount * weight / whole).quantize(_PAISA, rounding=ROUND_DOWN)
        for key, weight in weights.items()
    }
    heaviest = max(parts, key=lambda key: weights[key])
    parts[heaviest] += amount - sum(parts.values(), Decimal(0))
    return parts
