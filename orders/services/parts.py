"""What every service does with the part of one group: lock it, move it, and read which units are meant."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from marketplace.lib.states import IllegalTransition, move
from orders.errors import ReasonNeeded, UnitsNotThere
from orders.models import Line, VendorOrder, VendorOrderEvent
from people.models import User

State = VendorOrder.State
# Paid for or to be paid at the door, and still with the group.
BEFORE_SHIPPING = (State.NEW, State.ACCEPTED, State.PACKED)


def lock_part(vendor_order: VendorOrder) -> VendorOrder:
    """The vendor order, read again and locked until the caller's transaction ends."""
    locked = VendorOrder.objects.select_for_update(of=("self",)).select_related("order__user", "vendor")
    return locked.get(pk=vendor_order.pk)


def move_part(
    locked: VendorOrder,
    target: VendorOrder.State,
    *,
    actor: User | None,
    reason: str = "",
    also: Mapping[str, Any] | None = None,
) -> bool:
    """Move a locked vendor order and write it down; False when it is there already. Raises IllegalTransition."""
    return move(
        locked,
        target,
        moves=VendorOrder.MOVES,
        event=VendorOrderEvent,
        subject_field="vendor_order",
        actor=actor,
        reason=reason,
        also=also,
    )


def follow_units(locked: VendorOrder, lines: list[Line], *, actor: User | None, reason: str = "") -> None:
    """Move an accepted vendor order to where its units are: all packed, all sent, or taken out of a package again.

    lines: all lines of the locked vendor order, as they are stored by now. reason: of what was given up, if anything.
    """
    if locked.state not in (State.ACCEPTED, State.PACKED):
        return
    if not any(line.to_send for line in lines):
        move_part(locked, State.SHIPPED, actor=actor, reason=reason)
    elif any(line.to_pack for line in lines):
        move_part(locked, State.ACCEPTED, actor=actor, reason=reason)
    else:
        move_part(locked, State.PACKED, actor=actor, reason=reason)


def require_state(locked: VendorOrder, sources: tuple[str, ...], target: str) -> None:
    """Raise IllegalTransition unless a locked vendor order is in one of the states."""
    if locked.state not in sources:
        raise IllegalTransition(locked, locked.state, target)


def require_reason(reason: str) -> str:
    """The reason without blanks around it. Raises ReasonNeeded when nothing is left."""
    words = reason.strip()
    if not words:
        raise ReasonNeeded
    return words


def lines_of(locked: VendorOrder, asked: Mapping[int, int]) -> list[Line]:
    """The lines of a locked vendor order, oldest first. asked: line id -> units.

    Raises UnitsNotThere for a line of another vendor order, and for fewer than no units.
    """
    lines = list(locked.lines.order_by("pk"))
    if set(asked) - {line.pk for line in lines} or any(units < 0 for units in asked.values()):
        raise UnitsNotThere
    return lines


def goods_words(units: Mapping[Line, int]) -> str:
    """What it is about in one line, such as "2 x Stole 70 cm, 1 x Honey"."""
    return ", ".join(
        f"{count} x {line.title} {line.size_label}".strip() for line, count in units.items() if count
    )


def stock_units(units: Mapping[Line, int]) -> dict[int, int]:
    """Units by stock record id, without zeros; lines whose stock record is gone hold none."""
    found: dict[int, int] = {}
    for line, count in units.items():
        if line.stockrecord_id and count:
            found[line.stockrecord_id] = found.get(line.stockrecord_id, 0) + count
    return found


def hold_end(since: datetime) -> datetime:
    """Until when a group's share is kept back, counted from a delivery or from the end of a sale.

    Also of a sale that was cancelled or returned: what is owed to the buyer must be in the books before.
    """
    return since + timedelta(days=settings.HOLD_DAYS)


def earlier(first: datetime | None, second: datetime) -> datetime:
    """The earlier of two times, where the first may not be known."""
    return min(first, second) if first else second
