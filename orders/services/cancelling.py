"""Goods that will not be sent: the group is short of them, says no or nothing, or leaves them lying; or the buyer cancels.

Their stock goes back, both sides hear of it, and the buyer is owed the money.

Owed money is only recorded here, on lines and vendor orders; the payments find it and give it back.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from marketplace.lib.queue import enqueue
from marketplace.lib.states import IllegalTransition
from orders.errors import AnsweredAlready, UnitsNotThere
from orders.models import Line, Order, Shipment, VendorOrder
from orders.reasons import BY_THE_BUYER, NOT_ACCEPTED, NOT_SENT, rest_words
from orders.services.discounts import give_back_if_nothing_is_left
from orders.services.fulfilment import deliver
from orders.services.notifying import tell_buyer, tell_group
from orders.services.packing import OPEN, take_out
from orders.services.parts import (
    BEFORE_SHIPPING,
    follow_units,
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
    Their stock is free again, and what was packed of them is taken out of its package. When nothing is left to send
    the vendor order is shipped where something has left, or delivered where all of it was received by code, else
    cancelled.
    Raises ReasonNeeded, UnitsNotThere for units that have left too, and IllegalTransition once all goods have left.
    """
    why = require_reason(reason)
    locked = lock_part(vendor_order)
    lines = lines_of(locked, missing)
    newly = {line: max(0, missing.get(line.pk, 0) - line.cancelled_quantity) for line in lines}
    if not any(newly.values()):
        return False
    require_state(locked, BEFORE_SHIPPING, State.CANCELLED)
    if any(units > line.to_send for line, units in newly.items()):
        raise UnitsNotThere
    if all(line.cancelled_quantity + newly[line] == line.quantity for line in lines):
        return _cancel(locked, lines, actor=actor, reason=why)
    _fall_short(locked, lines, newly, actor=actor, reason=why, told=why)
    return True


@transaction.atomic
def give_up_rest(vendor_order: VendorOrder, *, now: datetime) -> bool:
    """The programme's clock gives up what has not left long after the last shipment; False where it has, by now.

    The rest counts as goods that the group is short of: whatever lies packed is taken out, its stock is free, its money
    is owed. Whoever comes first counts: beside a shipment that takes the row first nothing is given up.
    """
    locked = lock_part(vendor_order)
    last = locked.shipments.order_by("shipped_at", "pk").last()
    if locked.state not in OPEN or last is None or rest_due_at(last) > now:
        return False
    lines = lines_of(locked, {})
    rest = {line: line.to_send for line in lines if line.to_send}
    tell_group(locked, "rest_given_up", goods=goods_words(rest))
    told = rest_words(locked.order.language)
    _fall_short(locked, lines, rest, actor=None, reason=NOT_SENT, told=told)
    return True


@transaction.atomic
def cancel(vendor_order: VendorOrder, *, actor: User | None, reason: str) -> bool:
    """Give up a vendor order before its goods have left: goods and delivery are owed; False when it was before.

    Raises ReasonNeeded, and IllegalTransition once goods have left or before the order was handed to the group.
    """
    why = require_reason(reason)
    locked = lock_part(vendor_order)
    if locked.state == State.CANCELLED and locked.payable_from:
        return False
    return _cancel(locked, lines_of(locked, {}), actor=actor, reason=why)


@transaction.atomic
def cancel_by_buyer(vendor_order: VendorOrder, *, actor: User | None) -> bool:
    """The buyer does not want it after all, which is heard until the group has said yes; False when it was cancelled.

    actor: None for a guest, who has proved the contact. Raises AnsweredAlready from then on.
    """
    locked = lock_part(vendor_order)
    if locked.state == State.CANCELLED:
        return False
    if locked.state != State.NEW:
        raise AnsweredAlready
    _give_up_part(locked, lines_of(locked, {}), actor=actor, reason=BY_THE_BUYER)
    tell_buyer(locked.order, "part_cancelled_by_buyer", about=locked.number, vendor=locked.vendor.name)
    tell_group(locked, "sale_cancelled_by_buyer", goods=_all_goods(locked))
    return True


@transaction.atomic
def cancel_unanswered(vendor_order: VendorOrder, *, now: datetime) -> bool:
    """The programme's clock gives up what its group has not answered in time; False where it has, by now.

    Whoever comes first counts: a group that says yes while this waits for the row finds its order accepted.
    """
    locked = lock_part(vendor_order)
    deadline = locked.released_at and locked.released_at + timedelta(hours=settings.ACCEPT_WITHIN_HOURS)
    if locked.state != State.NEW or deadline is None or deadline > now:
        return False
    _give_up_part(locked, lines_of(locked, {}), actor=None, reason=NOT_ACCEPTED)
    tell_buyer(locked.order, "part_not_accepted", about=locked.number, vendor=locked.vendor.name)
    tell_group(locked, "sale_not_accepted", goods=_all_goods(locked))
    return True


def rest_due_at(last: Shipment) -> datetime:
    """When what did not leave with the last shipment, nor after it, is given up."""
    return last.shipped_at + timedelta(days=settings.REST_WITHIN_DAYS)


def _fall_short(
    locked: VendorOrder,
    lines: list[Line],
    missing: Mapping[Line, int],
    *,
    actor: User | None,
    reason: str,
    told: str,
) -> None:
    """Give units up while others are sent, or have been. reason: for history and lines; told: to the buyer."""
    _give_up(locked, missing, actor=actor, reason=reason)
    follow_units(locked, lines, actor=actor, reason=reason)
    tell_buyer(
        locked.order,
        "part_short",
        about=f"{locked.number}:{sum(line.cancelled_quantity for line in lines)}",
        vendor=locked.vendor.name,
        goods=goods_words(missing),
        reason=told,
    )
    _deliver_received(locked, actor=actor)
    enqueue("payments.refund_owed", order_pk=locked.order_id)


def _cancel(locked: VendorOrder, lines: list[Line], *, actor: User | None, reason: str) -> bool:
    _give_up_part(locked, lines, actor=actor, reason=reason)
    tell_buyer(locked.order, "part_cancelled", about=locked.number, vendor=locked.vendor.name, reason=reason)
    return True


def _give_up_part(locked: VendorOrder, lines: list[Line], *, actor: User | None, reason: str) -> None:
    if locked.state not in BEFORE_SHIPPING or any(line.shipped_quantity for line in lines):
        raise IllegalTransition(locked, locked.state, State.CANCELLED)
    move_part(
        locked,
        State.CANCELLED,
        actor=actor,
        reason=reason,
        also={"payable_from": hold_end(timezone.now())},
    )
    _give_up(locked, {line: line.to_send for line in lines if line.to_send}, actor=actor)
    give_back_if_nothing_is_left(locked.order)
    enqueue("payments.refund_owed", order_pk=locked.order_id)


def _give_up(locked: VendorOrder, units: Mapping[Line, int], *, actor: User | None, reason: str = "") -> None:
    """Give units up. reason: why they alone do not come; empty where it is noted for the whole part."""
    take_out(locked, units)
    for line, count in units.items():
        line.cancelled_quantity += count
        if count:
            line.short_reason = reason
        line.save(update_fields=["cancelled_quantity", "short_reason"])
    stock.release(stock_units(units), order=locked.number, actor=actor)


def _deliver_received(locked: VendorOrder, *, actor: User | None) -> None:
    # Nobody says a code again for goods that were taken when the rest was still to come.
    if locked.state != State.SHIPPED or locked.order.status == Order.Status.PAY_ON_DELIVERY:
        return
    if not locked.shipments.filter(received_at=None).exists():
        deliver(locked, actor=actor)


def _all_goods(locked: VendorOrder) -> str:
    return goods_words({line: line.quantity for line in lines_of(locked, {})})
