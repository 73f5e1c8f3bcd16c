"""Units of stock: reserved for an order, given back, used up when the goods leave, counted and changed by the group.

Every change of the units of a stock record is made here, by one guarded UPDATE a record. The database writes a
StockMovement for it in the same statement (migration stock_movement_rules), so the history costs no query more.
"""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from vendors.errors import InsufficientStock
from vendors.models import StockMovement, StockRecord

Why = StockMovement.Why
MOST_UNITS = 100_000


class CountRefused(Exception):
    """A count that does not fit: units moved meanwhile, or fewer than are reserved. Carries the row's numbers."""

    def __init__(self, in_stock: int, reserved: int) -> None:
        super().__init__(f"the count does not fit {in_stock} units of which {reserved} are reserved")
        self.in_stock = in_stock
        self.reserved = reserved


@transaction.atomic
def reserve(units: Mapping[int, int], *, order: str = "") -> None:
    """Reserve units for one order, all of them or none.

    units: stock record id -> units wanted, each >= 1. order: its number, for the history.
    Raises InsufficientStock naming every short record.
    Rows are taken in id order, so that two orders cannot deadlock.
    """
    _refuse_empty(units)
    note = _note(Why.RESERVED, reference=order)
    short = [pk for pk in sorted(units) if not _take(pk, units[pk], note)]
    if short:
        raise InsufficientStock(short)


@transaction.atomic
def release(units: Mapping[int, int], *, order: str = "", actor: Any = None) -> None:
    """Give reserved units back to the store. The caller makes sure that they are given back once.

    Raises InsufficientStock when more would be given back than is reserved, and changes nothing.
    """
    _refuse_empty(units)
    _change_all(units, num_in_stock=0, note=_note(Why.RELEASED, reference=order, actor=actor))


@transaction.atomic
def consume(units: Mapping[int, int], *, order: str = "", actor: Any = None) -> None:
    """Take reserved units out of the store because the goods have left.

    Raises InsufficientStock when more would be taken than is reserved, and changes nothing.
    """
    _refuse_empty(units)
    _change_all(units, num_in_stock=1, note=_note(Why.SHIPPED, reference=order, actor=actor))


def set_in_stock(
    stock_record_pk: int,
    units: int,
    *,
    seen: int,
    actor: Any = None,
    why: StockMovement.Why = Why.COUNTED,
    reference: str = "",
) -> bool:
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
    note = _note(why, reference=reference, actor=actor)
    if fits.update(num_in_stock=F("num_in_stock") + (units - seen), move_note=note):
        return units != seen
    in_stock, reserved = row.values_list("num_in_stock", "num_allocated").get()
    if in_stock == units:
        return False
    raise CountRefused(in_stock, reserved)


def change_by(
    stock_record_pk: int,
    units: int,
    *,
    token: str,
    actor: Any = None,
    why: StockMovement.Why = Why.CHANGED,
    reference: str = "",
) -> bool:
    """Add units to the store, or take some away (below 0), whatever was sold meanwhile; False when it was done before.

    token: random, one per form shown, at most 40 signs: the same token counts once for a stock record.
    Raises CountRefused and changes nothing when fewer units would be left than are reserved, or more than MOST_UNITS.
    """
    if not units or not token:
        raise ValueError(f"a change needs units and a token: {units}, {token!r}")
    row = StockRecord.objects.filter(pk=stock_record_pk)
    fits = row.filter(num_in_stock__gte=F("num_allocated") - units, num_in_stock__lte=MOST_UNITS - units)
    note = _note(why, reference=reference, actor=actor, token=token)
    try:
        with transaction.atomic():
            is_done = fits.update(num_in_stock=F("num_in_stock") + units, move_note=note) == 1
    except IntegrityError as error:
        if "stock_movement_once_per_form" not in str(error):
            raise
        return False
    if is_done:
        return True
    if StockMovement.objects.filter(stock_record=stock_record_pk, token=token).exists():
        return False
    raise CountRefused(*row.values_list("num_in_stock", "num_allocated").get())


def opening_note(why: StockMovement.Why, *, actor: Any = None, reference: str = "") -> dict[str, Any]:
    """What is written beside the first number of a new stock record, for its move_note."""
    return _note(why, reference=reference, actor=actor)


def _note(
    why: StockMovement.Why, *, reference: str = "", actor: Any = None, token: str = ""
) -> dict[str, Any]:
    return {
        "why": str(why),
        "by": actor.pk if actor is not None else None,
        "reference": reference[:64],
        "token": token,
    }


def _take(pk: int, wanted: int, note: Mapping[str, Any]) -> bool:
    # Test and write in one statement: PostgreSQL tests again after waiting for the row.
    free = StockRecord.objects.filter(pk=pk, num_in_stock__gte=F("num_allocated") + wanted)
    return free.update(num_allocated=F("num_allocated") + wanted, move_note=note) == 1


def _change_all(units: Mapping[int, int], *, num_in_stock: int, note: Mapping[str, Any]) -> None:
    wrong = []
    for pk in sorted(units):
        reserved = StockRecord.objects.filter(pk=pk, num_allocated__gte=units[pk])
        changed = reserved.update(
            num_allocated=F("num_allocated") - units[pk],
            num_in_stock=F("num_in_stock") - units[pk] * num_in_stock,
            move_note=note,
        )
        if not changed:
            wrong.append(pk)
    if wrong:
        raise InsufficientStock(wrong)


def _refuse_empty(units: Mapping[int, int]) -> None:
    if any(wanted < 1 for wanted in units.values()):
        raise ValueError(f"units must be at least 1: {dict(units)}")
