"""Vendor orders as the members of a group see them: what waits, and lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone

from orders.domain.clock import Clock, accept_clock, rest_clock
from orders.models import Line, Shipment, VendorOrder, VendorOrderEvent
from orders.policies import can_see_buyer
from vendors.models import Membership

State = VendorOrder.State
TO_SEND = (State.ACCEPTED, State.PACKED)


@dataclass(frozen=True)
class VendorOrderRow:
    """One row of a list. since: when it came into its state; total in currency, tax and delivery included.

    units: that are still to be sent, or were sent. clock: of an order that waits for the group's answer, or
    for the rest of goods of which some have left, else None.
    town is empty once the group no longer needs to know it.
    """

    number: str
    url: str
    state: str
    state_words: str
    since: datetime
    goods: str
    units: int
    town: str
    total: Decimal
    currency: str
    delivery: str
    is_gift: bool
    clock: Clock | None


def own_vendor_orders(user: Any) -> QuerySet[VendorOrder]:
    """Paid vendor orders of the groups this person belongs to; nobody else gets a row, staff included.

    Staff read every group's orders in admin; at the desk of a group sit its members only.
    """
    own = Membership.objects.filter(user=user).values("vendor")
    return VendorOrder.objects.visible_to(user).released().filter(vendor__in=own)


def counts_by_state(rows: QuerySet[VendorOrder]) -> dict[str, int]:
    """How many orders there are in each state; states without any are left out. One query."""
    counted = rows.order_by().values("state").annotate(found=Count("pk"))
    return dict(counted.values_list("state", "found"))


def listed(rows: QuerySet[VendorOrder]) -> QuerySet[VendorOrder]:
    """The same orders with all that rows of a list need: one query, and one more for the lines."""
    moved = VendorOrderEvent.objects.filter(vendor_order=OuterRef("pk"), to_state=OuterRef("state"))
    sent = Shipment.objects.filter(vendor_order=OuterRef("pk")).order_by("-shipped_at")
    return (
        rows.select_related("order__shipping_address")
        .annotate(
            since=Subquery(moved.order_by("-created_at").values("created_at")[:1]),
            last_sent_at=Subquery(sent.values("shipped_at")[:1]),
        )
        .prefetch_related(Prefetch("lines", Line.objects.order_by("pk")))
    )


def vendor_order_rows(rows: Iterable[VendorOrder]) -> list[VendorOrderRow]:
    """Rows of orders that came from listed; no query for a row."""
    return [_row(row) for row in rows]


def oldest(rows: QuerySet[VendorOrder], states: Sequence[str]) -> VendorOrderRow | None:
    """The order that has waited longest in these states; two queries."""
    found = listed(rows.filter(state__in=states)).order_by("released_at", "pk").first()
    return _row(found) if found else None


def clock_of(row: VendorOrder, now: datetime, *, last_sent_at: datetime | None) -> Clock | None:
    """The clock of a vendor order that waits for its group's answer, or for the rest of its goods; else None. No query.

    last_sent_at: when the last of its shipments left, None before the first.
    """
    if row.state in TO_SEND and last_sent_at is not None:
        return rest_clock(
            last_sent_at,
            now,
            reminder_days=settings.REST_REMINDER_DAYS,
            within_days=settings.REST_WITHIN_DAYS,
        )
    if row.state != State.NEW or row.released_at is None:
        return None
    return accept_clock(
        row.released_at,
        now,
        reminder_hours=settings.ACCEPT_REMINDER_HOURS,
        within_hours=settings.ACCEPT_WITHIN_HOURS,
    )


def _row(row: VendorOrder) -> VendorOrderRow:
    lines = list(row.lines.all())
    address = row.order.shipping_address
    now = timezone.now()
    is_shown = can_see_buyer(row, now=now)
    since: datetime | None = row.since  # type: ignore[attr-defined]  # annotated by listed
    last_sent_at: datetime | None = row.last_sent_at  # type: ignore[attr-defined]  # likewise
    return VendorOrderRow(
        number=row.number,
        url=row.get_absolute_url(),
        state=row.state,
        state_words=str(row.get_state_display()),
        since=since or row.created_at,
        goods=", ".join(f"{_units(line)} x {line.title} {line.size_label}".strip() for line in lines),
        units=sum(_units(line) for line in lines),
        town=(address.line4 or address.state) if address is not None and is_shown else "",
        total=row.total,
        currency=row.currency,
        delivery=row.delivery_name,
        is_gift=row.order.is_gift,
        clock=clock_of(row, now, last_sent_at=last_sent_at),
    )


def _units(line: Line) -> int:
    """Units of a line that are sent; all of them where none are, so that a cancelled order says what it was about."""
    return int(line.quantity - line.cancelled_quantity or line.quantity)
