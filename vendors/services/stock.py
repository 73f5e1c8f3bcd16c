"""Units of stock: reserved for an order, given back, or used up when the goods leave."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F

from vendors.errors import InsufficientStock
from vendors.models import StockRecord


@transaction.atomic
def reserve(units: Mapping[int, int]) -> None:
    """Reserve units for one order, all of them or none.

    units: stock record id -> units wanted, each >= 1.
    Raises InsufficientStock naming every short record.
    Rows are taken in id order, so that two orders cannot deadlock.
    """
    _refuse_empty(units)
    short = [pk for pk in sorted(units) if not _take(pk, units[pk])]
    if short:
        raise InsufficientStock(short)


@transaction.atomic
def release(units: Mapping[int, int]) -> None:
    """Give reserved units back to the store. The caller makes sure that they are given back once.

    Raises InsufficientStock when more would be given back than is reserved, and changes nothing.
    """
    _refuse_empty(units)
    _change_all(units, num_in_stock=0)


@transaction.atomic
def consume(units: Mapping[int, int]) -> None:
    """Take reserved units out of the store because the goods have left.

    Raises InsufficientStock when more would be taken than is reserved, and changes nothing.
    """
    _refuse_empty(units)
    _change_all(units, num_in_stock=1)


def _take(pk: int, wanted: int) -> bool:
    # Test and write in one statement: PostgreSQL tests again after waiting for the row.
    free = StockRecord.objects.filter(pk=pk, num_in_stock__gte=F("num_allocated") + wanted)
    return free.update(num_allocated=F("num_allocated") + wanted) == 1


def _change_all(units: Mapping[int, int], *, num_in_stock: int) -> None:
    wrong = []
    for pk in sorted(units):
        reserved = StockRecord.objects.filter(pk=pk, num_allocated__gte=units[pk])
        changed = reserved.update(
            num_allocated=F("num_allocated") - units[pk],
            num_in_stock=F("num_in_stock") - units[pk] * num_in_stock,
        )
        if not changed:
            wrong.append(pk)
    if wrong:
        raise InsufficientStock(wrong)


def _refuse_empty(units: Mapping[int, int]) -> None:
    if any(wanted < 1 for wanted in units.values()):
        raise ValueError(f"units must be at least 1: {dict(units)}")
