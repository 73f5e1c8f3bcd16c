"""An order of the group as a line of steps."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from orders.models import Order, VendorOrder
from orders.selectors.vendor_orders import VendorOrderPage

State = VendorOrder.State
WAY = (State.NEW, State.ACCEPTED, State.SHIPPED, State.DELIVERED)
# States that are passed through on the way count as the step before them.
_STEP_OF = {State.PACKED: State.ACCEPTED, State.COMPLETED: State.DELIVERED}


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
        State.SHIPPED: _("Pack and hand over"),
        State.DELIVERED: _("With the buyer"),
    }
    ahead = [
        Step("now" if place == 0 else "later", next_words[later])
        for place, later in enumerate(WAY[here + 1 :])
    ]
    return [*(_done(passed, page) for passed in WAY[: here + 1]), *ahead]


def _done(state: VendorOrder.State, page: VendorOrderPage) -> Step:
    is_cash = page.row.order.status == Order.Status.PAY_ON_DELIVERY or hasattr(page.row, "cash_collection")
    words = {
        State.NEW: _("Ordered, to be paid in cash") if is_cash else _("Paid by the buyer"),
        State.ACCEPTED: _("Accepted"),
        State.SHIPPED: _("Handed over"),
        State.DELIVERED: _("With the buyer"),
    }
    released_at = page.row.order.released_at if state == State.NEW else None
    return Step("done", words[state], page.times.get(state, released_at))
