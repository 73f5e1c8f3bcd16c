"""Units of stock: reserved for an order, given back, or used up when the goods leave."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F

from vendors.errors import InsufficientStock
from vendors.models import StockRecord


class CountRefused(Exception):
    """A count that does not fit: units moved meanwhile, or fewer than are reserved. Carries the row's numbers."""

    def __init__(self, in_stock: int, reserved: int) -> None:
        super().__init__(f"the count does not fit {in_stock} units of which {reserved} are reserved")
        self.in_stock = in_stock
        self.reserved = reserved


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


def set_in_stock(stock_record_pk: int, units: int, *, seen: int) -> bool:
    """Write how many units lie in the store, reserved ones included; False when it is written already.

    units: >= 0. seen: the number that the person saw before counting. The change is the difference of both,
    made only while the row still holds the seen number: goods that left meanwhile are never put back, and the
    same form sent twice counts once. Raises CountRefused and changes nothing when the row holds another number,
    or when fewer units would be left than are reserved.
    """
    if units < 0:
        raise ValueError(f"units must be at least 0: {units}")
    row = StockRecord.objects.filter(pk=stock_record_pk)
    # Test and write in one statement, as for a reservation.
    fits = row.filter(num_in_stock=seen, num_allocated__lte=units)
    if fits.update(num_in_stock=F("num_in_stock") + (units - seen)):
        return units != seen
    in_stock, reserved = row.values_list("num_in_stock", "num_allocated").get()
    if in_stock == units:
        return False
    raise CountRefused(in_stock, reserved)


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
