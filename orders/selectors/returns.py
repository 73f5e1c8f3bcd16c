"""Returns as the buyer, the group and the office see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet

from orders.models import Line, Order, Return, ReturnEvent, ReturnItem, ReturnPhoto, VendorOrder
from vendors.models import Membership, Partner


@dataclass(frozen=True)
class ReturnGoods:
    """Units of one line; amount: what was paid for them, in the order's currency."""

    title: str
    size: str
    quantity: int
    amount: Decimal


@dataclass(frozen=True)
class ReturnPage:
    """All about one return. amount: what goes back for it, in currency; history: its moves, oldest first."""

    case: Return
    goods: Sequence[ReturnGoods]
    photos: Sequence[ReturnPhoto]
    history: Sequence[ReturnEvent]
    amount: Decimal
    currency: str


def own_returns(user: Any) -> QuerySet[Return]:
    """Returns of the groups this person belongs to; nobody else gets a row, staff included: they have the admin."""
    own = Membership.objects.filter(user=user).values("vendor")
    return Return.objects.visible_to(user).filter(vendor_order__vendor__in=own)


def returns_of_order(order: Order) -> QuerySet[Return]:
    """Returns of an order that this visitor has been found to be the buyer of, or may read."""
    return Return.objects.filter(vendor_order__order=order).select_related("vendor_order__order")


def return_page(case: Return) -> ReturnPage:
    """All about one return; three queries."""
    items = case.items.select_related("line").order_by("pk")
    goods = [_goods(item) for item in items]
    return ReturnPage(
        case=case,
        goods=goods,
        photos=list(case.photos.all()),
        history=list(case.events.select_related("actor")),
        amount=sum((each.amount for each in goods), Decimal("0.00")),
        currency=case.vendor_order.currency,
    )


def listed_returns(rows: QuerySet[Return]) -> QuerySet[Return]:
    """The same with all that rows of a list need, what is due first; two queries."""
    items = ReturnItem.objects.select_related("line").order_by("pk")
    return rows.select_related("vendor_order").prefetch_related(Prefetch("items", items))


def returns_to_answer(vendor: Partner) -> QuerySet[Return]:
    """Those that wait for the group: an answer, or its word that the goods came back; what is due first."""
    waiting = (Return.State.ASKED, Return.State.SENT)
    return Return.objects.filter(vendor_order__vendor=vendor, state__in=waiting).order_by("due_at", "pk")


def returnable_lines(vendor_order: VendorOrder) -> list[tuple[Line, int]]:
    """Lines of which the buyer has units, and how many, but for those of an unfinished return; one query."""
    asked = ReturnItem.objects.filter(case__vendor_order=vendor_order, is_open=True)
    lines = vendor_order.lines.exclude(pk__in=asked.values("line")).order_by("pk")
    left = [(line, line.quantity - line.cancelled_quantity - line.returned_quantity) for line in lines]
    return [(line, units) for line, units in left if units > 0]


def _goods(item: ReturnItem) -> ReturnGoods:
    line = item.line
    return ReturnGoods(line.title, line.size_label, item.quantity, line.unit_price_incl_tax * item.quantity)
