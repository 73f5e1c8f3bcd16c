"""How an order and its parts stand, in words, and the line of steps of a part."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from orders.models import Order, VendorOrder

State = VendorOrder.State
# What a part has behind it, in this order; what is done between two of them is said by headline.
WAY = (State.NEW, State.ACCEPTED, State.SHIPPED, State.DELIVERED)
THERE = (State.DELIVERED, State.COMPLETED)
GONE = (State.CANCELLED, State.RETURNED)
_PACKING = (State.ACCEPTED, State.PACKED)
# A state that is passed through on the way counts as the step before it.
_STEP_OF = {State.PACKED: State.ACCEPTED, State.COMPLETED: State.DELIVERED}
_GOING = (Order.Status.PAID, Order.Status.PAY_ON_DELIVERY)


@dataclass(frozen=True)
class Step:
    """A knot of the line: state of the knot ("done", "now", "later", "stopped"), words, when, and a remark."""

    state: str
    words: str
    at: datetime | None = None
    note: str = ""


def order_words(order: Order) -> str:
    """How a whole order stands, for a list. order: with its vendor orders read."""
    states = {part.state for part in order.vendor_orders.all()} - set(GONE)
    if order.status in _GOING and states:
        if states <= set(THERE):
            return _("With you")
        if states & {State.SHIPPED, *THERE}:
            return _("On the way")
        if states <= set(_PACKING):
            return _("Being packed")
    return str(order.get_status_display()).capitalize()


def headline(row: VendorOrder) -> str:
    """How a part stands. row: with its shipments read."""
    if _is_begun(row):
        return _("A part of it is on the way")
    return {
        State.AWAITING_PAYMENT: _("Waiting for the payment"),
        State.NEW: _("Waiting for the group to say yes"),
        State.ACCEPTED: _("Being packed"),
        State.PACKED: _("Packed, and soon on its way"),
        State.SHIPPED: _("On the way"),
        State.DELIVERED: _("With you"),
        State.COMPLETED: _("With you"),
        State.CANCELLED: _("Cancelled"),
        State.RETURNED: _("Sent back"),
    }[State(row.state)]


def part_steps(row: VendorOrder, order: Order) -> list[Step]:
    """What has happened to a part, what is being done, what comes. row: with its events and shipments read."""
    times = {event.to_state: event.created_at for event in row.events.all()}
    words = _words(row, order)
    if row.state in GONE:
        done = [Step("done", words[state], times[state]) for state in WAY if state in times]
        return [*done, Step("stopped", headline(row), times.get(row.state))]
    if row.state == State.AWAITING_PAYMENT:
        return [Step("now", headline(row)), *(Step("later", words[state]) for state in WAY[1:])]
    here = WAY.index(_STEP_OF.get(State(row.state), State(row.state)))
    steps = [Step("done", words[state], times.get(state, order.paid_at)) for state in WAY[: here + 1]]
    if row.state in THERE:
        return steps
    to_come = WAY[here + 1 :]
    if _is_begun(row):
        steps.append(Step("done", _("Handed over in part"), row.shipments.all()[0].shipped_at))
        return [*steps, Step("now", _("The rest is being packed")), Step("later", words[State.DELIVERED])]
    if row.state == State.NEW:
        # What is waited for is the group's word, which is the next step itself.
        to_come = to_come[1:]
    return [*steps, Step("now", headline(row)), *(Step("later", words[state]) for state in to_come)]


def _words(row: VendorOrder, order: Order) -> Mapping[str, str]:
    is_cash = order.status == Order.Status.PAY_ON_DELIVERY or hasattr(row, "cash_collection")
    return {
        State.NEW: _("Ordered, to be paid in cash") if is_cash else _("Paid"),
        State.ACCEPTED: _("Accepted by the group"),
        State.SHIPPED: _("Handed over"),
        State.DELIVERED: _("With you"),
    }


def _is_begun(row: VendorOrder) -> bool:
    """Whether some of it has left, and the rest has not."""
    return row.state in _PACKING and bool(row.shipments.all())
