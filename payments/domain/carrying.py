"""How what a group owes is carried into its transfers, so that none moves more than its own sale earned."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Due:
    """What one sale adds to a payout: above zero owed to the group, below zero owed by it.

    sale: key of the vendor order, None for what belongs to none. entries: keys of the ledger entries it is made of.
    """

    sale: int | None
    amount: Decimal
    entries: tuple[int, ...]


@dataclass(frozen=True)
class Part:
    """One transfer of a payout: amount above zero, and at most what its own sale adds; entries add up to it."""

    sale: int | None
    amount: Decimal
    entries: tuple[int, ...]


def carried(dues: Sequence[Due]) -> list[Part]:
    """Split a payout into transfers, one for each sale that is owed, in the order given; debts come off the first.

    The parts add up to the dues, and hold each entry once; empty when nothing is owed in the end.
    """
    debts = [due for due in dues if due.amount <= 0]
    carry = sum((due.amount for due in debts), Decimal(0))
    entries = [entry for due in debts for entry in due.entries]
    parts = []
    for due in dues:
        if due.amount <= 0:
            continue
        carry += due.amount
        entries += due.entries
        if carry > 0:
            parts.append(Part(due.sale, carry, tuple(entries)))
            carry, entries = Decimal(0), []
    return parts
