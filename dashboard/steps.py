"""An order of the group as a line of steps."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from orders.models import Order, VendorOrder
from orders.selectors.vendor_order_page import VendorOrderPage

State = VendorOrder.State
WAY = (State.NEW, State.ACCEPTED, State.PACKED, State.SHIPPED, State.DELIVERED)
# A state that is passed through at the end counts as the step before it.
_STEP_OF = {State.COMPLETED: State.DELIVERED}


@dataclass(frozen=True)
class Step:
    """A knot of the line: state of the knot ("done", "now", "later", "stopped"), words, when, and a remark."""

    state: str
    words: str
    at: datetime | None = None
    note: str = ""


def steps(page: VendorOrderPage) -> list[Step]:
    """Steps with their times: what is done, what is next, what comes later."""
    row = page.row
    if row.state in (State.CANCELLED, State.RETURNED):
        done = [_done(state, page) for state in WAY if state in page.times]
        return [*done, Step("stopped", str(row.get_state_display()).capitalize(), page.times.get(row.state))]
    state = State(row.state)
    here = WAY.index(_STEP_OF.get(state, state))
    next_words = {
        State.ACCEPTED: _("Say yes"),
        State.PACKED: _("Pack it"),
        State.SHIPPED: _("Hand it over"),
        State.DELIVERED: _("With the buyer"),
    }
    ahead = [
        Step("now" if place == 0 else "later", next_words[later])
        for place, later in enumerate(WAY[here + 1 :])
    ]
    # What went straight to the carrier was packed on the way; it has no time of its own.
    passed = [state for state in WAY[: here + 1] if state != State.PACKED or state in page.times or here == 2]
    return [*(_done(state, page) for state in passed), *ahead]


def _done(state: VendorOrder.State, page: VendorOrderPage) -> Step:
    is_cash = page.row.order.status == Order.Status.PAY_ON_DELIVERY or hasattr(page.row, "cash_collection")
    words = {
        State.NEW: _("Ordered, to be paid in cash") if is_cash else _("Paid by the buyer"),
        State.ACCEPTED: _("Accepted"),
        State.PACKED: _("Packed"),
        State.SHIPPED: _("Handed over"),
        State.DELIVERED: _("With the buyer"),
    }
    released_at = page.row.order.released_at if state == State.NEW else None
    return Step("done", words[state], page.times.get(state, released_at))
