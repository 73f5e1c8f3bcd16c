"""A group cannot supply some of its goods, or all: stock goes back, the buyer hears of it and is owed the money.

Owed money is only recorded here, on lines and vendor orders; the payments find it and give it back.
"""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from marketplace.lib.queue import enqueue
from marketplace.lib.states import IllegalTransition
from orders.errors import UnitsNotThere
from orders.models import Line, VendorOrder
from orders.services.notifying import tell_buyer
from orders.services.parts import (
    BEFORE_SHIPPING,
    goods_words,
    hold_end,
    lines_of,
    lock_part,
    move_part,
    require_reason,
    require_state,
    stock_units,
)
from people.models import User
from vendors.services import stock

State = VendorOrder.State


@transaction.atomic
def supply_short(
    vendor_order: VendorOrder, missing: Mapping[int, int], *, actor: User | None, reason: str
) -> bool:
    """Say before shipping that units cannot be supplied; False when that was said before.

    missing: line id -> units that are missing in all, counting those said before, so that a repeat changes nothing.
    Their stock is free again; when nothing is left to send, the vendor order is cancelled.
    Raises ReasonNeeded, UnitsNotThere, and IllegalTransition once the goods have left.
    """
    why = require_reason(reason)
    locked = lock_part(vendor_order)
    lines = lines_of(locked, missing)
    newly = {line: max(0, missing.get(line.pk, 0) - line.cancelled_quantity) for line in lines}
    if not any(newly.values()):
        return False
    require_state(locked, BEFORE_SHIPPING, State.CANCELLED)
    if any(units > line.quantity - line.cancelled_quantity for line, units in newly.items()):
        raise UnitsNotThere
    if all(line.cancelled_quantity + newly[line] == line.quantity for line in lines):
        return _cancel(locked, lines, actor=actor, reason=why)
    _give_up(locked, newly, actor=actor)
    tell_buyer(
        locked.order,
        "part_short",
        about=f"{locked.number}:{sum(line.cancelled_quantity for line in lines)}",
        vendor=locked.vendor.name,
        goods=goods_words(newly),
        reason=why,
    )
    enqueue("payments.refund_owed", order_pk=locked.order_id)
    return True


@transaction.atomic
def cancel(vendor_order: VendorOrder, *, actor: User | None, reason: str) -> bool:
    """Give up a vendor order before its goods have left: goods and delivery are owed; False when it was before.

    actor: None for the programme's clock. Raises ReasonNeeded, and IllegalTransition once the goods have left or
    before the order was handed to the group.
    """
    why = require_reason(reason)
    locked = lock_part(vendor_order)
    if locked.state == State.CANCELLED and locked.payable_from:
        return False
    return _cancel(locked, lines_of(locked, {}), actor=actor, reason=why)


def _cancel(locked: VendorOrder, lines: list[Line], *, actor: User | None, reason: str) -> bool:
    if locked.state not in BEFORE_SHIPPING:
        raise IllegalTransition(locked, locked.state, State.CANCELLED)
    move_part(
        locked,
        State.CANCELLED,
        actor=actor,
        reason=reason,
        also={"payable_from": hold_end(timezone.now())},
    )
    _give_up(locked, {line: line.quantity - line.cancelled_quantity for line in lines}, actor=actor)
    tell_buyer(locked.order, "part_cancelled", about=locked.number, vendor=locked.vendor.name, reason=reason)
    enqueue("payments.refund_owed", order_pk=locked.order_id)
    return True


def _give_up(locked: VendorOrder, units: Mapping[Line, int], *, actor: User | None) -> None:
    for line, count in units.items():
        line.cancelled_quantity += count
        line.save(update_fields=["cancelled_quantity"])
    stock.release(stock_units(units), order=locked.number, actor=actor)
