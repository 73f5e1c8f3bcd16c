"""What money, or its absence, does to an order: handed to the groups, or given up and its stock returned."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from marketplace.lib.states import move
from orders.models import Line, Order, OrderEvent, VendorOrder, VendorOrderEvent
from orders.reasons import NOT_PAID
from orders.services.discounts import give_back_uses, take_uses_again
from orders.services.notifying import tell_buyer, tell_group, what_comes
from orders.services.parts import earlier
from people.models import User
from vendors.services import stock


def lock_order(order_pk: int) -> Order:
    """The order, read again and locked until the caller's transaction ends."""
    return Order.objects.select_for_update(of=("self",)).get(pk=order_pk)


@transaction.atomic
def release(order: Order) -> bool:
    """Mark a locked order as paid and hand its parts to the groups; False when that was done before.

    An order that had expired reserves its stock again, and its offers. Raises InsufficientStock or OfferGone when that
    cannot be had, and
    IllegalTransition for an order that may not become paid; then nothing has changed.
    """
    if order.status not in (Order.Status.AWAITING_PAYMENT, Order.Status.EXPIRED):
        return False
    # Locked before the stock, as everywhere: a group that looks at its part must not wait crosswise.
    parts = _lock_parts(order)
    if order.status == Order.Status.EXPIRED:
        stock.reserve(reserved_units(order), order=order.number)
        take_uses_again(order)
    order.paid_at = order.released_at = timezone.now()
    order.save(update_fields=["paid_at", "released_at"])
    _move_order(order, Order.Status.PAID)
    for part in parts:
        _move_part(part, VendorOrder.State.NEW, also={"released_at": order.released_at})
        tell_group(part, "new_sale", goods=_goods(part))
    tell_buyer(order, "order_paid", **what_comes(order, parts))
    return True


@transaction.atomic
def release_unpaid(order: Order) -> bool:
    """Hand a locked order's parts to their groups before any money: each takes its part's total at hand-over.

    False when the order does not await payment; then nothing has changed.
    """
    if order.status != Order.Status.AWAITING_PAYMENT:
        return False
    parts = _lock_parts(order)
    order.released_at = timezone.now()
    order.save(update_fields=["released_at"])
    _move_order(order, Order.Status.PAY_ON_DELIVERY)
    for part in parts:
        _move_part(part, VendorOrder.State.NEW, also={"released_at": order.released_at})
        tell_group(part, "new_sale_cash", goods=_goods(part))
    tell_buyer(order, "order_on_delivery", **what_comes(order, parts))
    return True


@transaction.atomic
def note_cash_complete(order: Order) -> bool:
    """Mark a locked order, paid at hand-over, as paid now that no part is left to be paid; False when it was."""
    if order.status != Order.Status.PAY_ON_DELIVERY:
        return False
    order.paid_at = timezone.now()
    order.save(update_fields=["paid_at"])
    return _move_order(order, Order.Status.PAID)


@transaction.atomic
def note_cash_taken_back(order: Order, *, actor: User, reason: str) -> bool:
    """Have a locked order, that counted as paid by cash noted in error, paid at hand-over again; False when it is so.

    Raises IllegalTransition for an order that is neither.
    """
    return move(
        order,
        Order.Status.PAY_ON_DELIVERY,
        moves=Order.MOVES,
        event=OrderEvent,
        subject_field="order",
        state_field="status",
        actor=actor,
        reason=reason,
        also={"paid_at": None},
    )


@transaction.atomic
def note_nothing_delivered(order: Order) -> bool:
    """Mark a locked order, to be paid at hand-over, as cancelled since none of its parts came; False when it was."""
    if order.status != Order.Status.PAY_ON_DELIVERY:
        return False
    # Parts that were brought back are left in no other sense.
    give_back_uses(order)
    return _move_order(order, Order.Status.CANCELLED)


@transaction.atomic
def deliver_part(part: VendorOrder, *, actor: User) -> bool:
    """The goods of a locked part are with the buyer, its cash with the group; False when they were before.

    The group has its share already: what it owes may be netted at once.

    Raises IllegalTransition before they have left.
    """
    now = timezone.now()
    if part.state in (VendorOrder.State.DELIVERED, VendorOrder.State.COMPLETED):
        part.payable_from = earlier(part.payable_from, now)
        part.save(update_fields=["payable_from"])
        return False
    also = {"delivered_at": now, "payable_from": now}
    return _move_part(part, VendorOrder.State.DELIVERED, actor=actor, also=also)


@transaction.atomic
def expire(order: Order) -> bool:
    """Give up a locked order that was not paid and return its stock; False when it does not await payment."""
    if order.status != Order.Status.AWAITING_PAYMENT:
        return False
    _move_order(order, Order.Status.EXPIRED)
    for part in _lock_parts(order):
        _move_part(part, VendorOrder.State.CANCELLED, reason=NOT_PAID)
    stock.release(reserved_units(order), order=order.number)
    give_back_uses(order)
    tell_buyer(order, "order_expired")
    return True


def reserved_units(order: Order) -> Mapping[int, int]:
    """Units of this order by stock record id; lines whose stock record is gone hold none."""
    units: dict[int, int] = {}
    for line in Line.objects.filter(order=order, stockrecord__isnull=False):
        units[line.stockrecord_id] = units.get(line.stockrecord_id, 0) + line.quantity
    return units


def _lock_parts(order: Order) -> list[VendorOrder]:
    locked = VendorOrder.objects.select_for_update(of=("self",)).filter(order=order).order_by("pk")
    return list(locked.select_related("vendor__home_region").prefetch_related("lines"))


def _goods(part: VendorOrder) -> str:
    return ", ".join(f"{line.quantity} x {line.title} {line.size_label}".strip() for line in part.lines.all())


def _move_order(order: Order, target: Order.Status) -> bool:
    return move(
        order, target, moves=Order.MOVES, event=OrderEvent, subject_field="order", state_field="status"
    )


def _move_part(
    part: VendorOrder,
    target: VendorOrder.State,
    *,
    reason: str = "",
    actor: User | None = None,
    also: Mapping[str, Any] | None = None,
) -> bool:
    return move(
        part,
        target,
        moves=VendorOrder.MOVES,
        event=VendorOrderEvent,
        subject_field="vendor_order",
        reason=reason,
        actor=actor,
        also=also,
    )
