"""Goods that came back from the buyer, and orders whose money went back.

What is owed for goods is recorded here; the payments give it back.
"""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from marketplace.lib.queue import enqueue
from marketplace.lib.states import move
from orders.errors import ReturnWhole, UnitsNotThere
from orders.models import Line, Order, OrderEvent, VendorOrder
from orders.services.notifying import tell_buyer
from orders.services.parts import (
    earlier,
    goods_words,
    hold_end,
    lines_of,
    lock_part,
    move_part,
    require_reason,
    require_state,
)
from people.models import User

State = VendorOrder.State
AFTER_SHIPPING = (State.SHIPPED, State.DELIVERED, State.COMPLETED)


@transaction.atomic
def take_back(
    vendor_order: VendorOrder,
    returned: Mapping[int, int],
    *,
    actor: User | None,
    reason: str,
    are_kept: bool = False,
) -> bool:
    """Note that units came back after shipping; False when that was noted before.

    are_kept: the buyer need not send them back, and is told so.

    returned: line id -> units that came back in all, counting those noted before. Goods do not go back on sale by
    themselves: the group looks at them and counts its stock. The delivery is not owed; an officer may refund it.
    Raises ReasonNeeded, UnitsNotThere, ReturnWhole, and IllegalTransition before shipping.
    """
    why = require_reason(reason)
    locked = lock_part(vendor_order)
    lines = lines_of(locked, returned)
    newly = {line: max(0, returned.get(line.pk, 0) - line.returned_quantity) for line in lines}
    if not any(newly.values()):
        return False
    require_state(locked, AFTER_SHIPPING, State.RETURNED)
    if any(units > _with_buyer(line) for line, units in newly.items()):
        raise UnitsNotThere
    is_whole = all(newly[line] == _with_buyer(line) for line in lines)
    is_at_the_door = locked.state == State.SHIPPED and locked.order.status == Order.Status.PAY_ON_DELIVERY
    if is_at_the_door and not is_whole:
        raise ReturnWhole
    for line, units in newly.items():
        line.returned_quantity += units
        line.save(update_fields=["returned_quantity"])
    if is_whole:
        also = {"payable_from": earlier(locked.payable_from, hold_end(timezone.now()))}
        move_part(locked, State.RETURNED, actor=actor, reason=why, also=also)
    tell_buyer(
        locked.order,
        "goods_kept" if are_kept else "goods_returned",
        about=f"{locked.number}:{sum(line.returned_quantity for line in lines)}",
        vendor=locked.vendor.name,
        goods=goods_words(newly),
    )
    enqueue("payments.refund_owed", order_pk=locked.order_id)
    return True


@transaction.atomic
def note_money_back(order: Order, *, is_whole: bool) -> bool:
    """Mark a locked order as refunded in part or whole; False when it is marked so, or further, or is not paid yet."""
    target = Order.Status.REFUNDED if is_whole else Order.Status.PART_REFUNDED
    if target not in Order.MOVES[order.status]:
        return False
    return move(
        order, target, moves=Order.MOVES, event=OrderEvent, subject_field="order", state_field="status"
    )


def _with_buyer(line: Line) -> int:
    return int(line.quantity - line.cancelled_quantity - line.returned_quantity)
