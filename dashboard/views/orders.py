"""Orders of the group: the list by what is to be done, and one order."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.desk import Desk, frame, member_page, move_to
from dashboard.order_page import own_order, show_order
from orders.models import VendorOrder
from orders.selectors.vendor_orders import TO_SEND, listed, vendor_order_rows

State = VendorOrder.State
PAGE_SIZE = 20
TO_DO = (State.NEW, *TO_SEND)
SHOWN: dict[str, tuple[str, ...]] = {
    "": TO_DO,
    "new": (State.NEW,),
    "pack": (State.ACCEPTED,),
    "hand-over": (State.PACKED,),
    "way": (State.SHIPPED,),
    "done": (State.DELIVERED, State.COMPLETED),
    "ended": (State.CANCELLED, State.RETURNED),
    "all": tuple(State.values),
}
WAITING = ("", "new", "pack", "hand-over")
# Always offered, however few there are; the others only while they hold something.
ALWAYS = ("", "all")


@dataclass(frozen=True)
class Tab:
    """One way to narrow the list: its word in the address, how many there are."""

    name: str
    words: str
    count: int
    is_current: bool


class CountedPaginator(Paginator):
    """Pages of orders whose number is known from the tabs."""

    def __init__(self, rows: Any, per_page: int, *, count: int) -> None:
        super().__init__(rows, per_page)
        self._known = count

    @cached_property
    def count(self) -> int:
        """How many orders there are."""
        return self._known


@require_safe
@member_page
def order_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Orders by what is to be done: what waits comes oldest first, the rest newest first. A constant number of queries."""
    values = frame(desk, "orders")
    asked = request.GET.get("show", "")
    show = asked if asked in SHOWN else ""
    counts: dict[str, int] = values["order_counts"]
    rows = desk.vendor_orders if show == "all" else desk.vendor_orders.filter(state__in=SHOWN[show])
    count = sum(counts.get(state, 0) for state in SHOWN[show])
    paginator = CountedPaginator(listed(rows).order_by(*_order(show)), PAGE_SIZE, count=count)
    page = paginator.get_page(request.GET.get("page"))
    values |= {
        "tabs": _tabs(counts, show),
        "show": show,
        "rows": vendor_order_rows(page.object_list),
        "may_pick": bool(sum(counts.get(state, 0) for state in TO_SEND)),
        "page": page,
        "page_numbers": [
            number if isinstance(number, int) else None
            for number in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        ],
    }
    return render(request, "dashboard/order_list.html", values)


@require_safe
@member_page
def order_detail(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """One order of a group of this person. 404: of another group, not paid yet, or no such number."""
    row = own_order(desk, number)
    return show_order(request, move_to(request, desk, row.vendor_id), row)


def _order(show: str) -> tuple[Any, ...]:
    if show == "":
        # What the buyer waits for most comes first: the answer, then packing, then the way to the bus.
        places = [When(state=state, then=Value(place)) for place, state in enumerate(TO_DO)]
        return (Case(*places, output_field=IntegerField()), "released_at", "pk")
    return ("released_at", "pk") if show in WAITING else ("-released_at", "-pk")


def _tabs(counts: dict[str, int], show: str) -> list[Tab]:
    words = {
        "": _("To do"),
        "new": _("To accept"),
        "pack": _("To pack"),
        "hand-over": _("To hand over"),
        "way": _("On the way"),
        "done": _("Done"),
        "ended": _("Ended"),
        "all": _("All"),
    }
    found = {name: sum(counts.get(state, 0) for state in states) for name, states in SHOWN.items()}
    return [
        Tab(name, words[name], found[name], name == show)
        for name in SHOWN
        if found[name] or name == show or name in ALWAYS
    ]
