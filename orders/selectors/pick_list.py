"""What is to be packed for all accepted orders of a group."""

from dataclasses import dataclass

from django.db.models import F, QuerySet

from orders.models import Line, VendorOrder

State = VendorOrder.State
# More orders than a day's work: a list of more pages is carried nowhere.
MOST_ORDERS = 500


@dataclass(frozen=True)
class PickRow:
    """One kind of goods: units of it in all orders, and in how many orders it is."""

    title: str
    size: str
    units: int
    orders: int


@dataclass(frozen=True)
class PickedOrder:
    """One order: its number, and what of it is still to be packed."""

    number: str
    goods: str
    units: int


def pick_list(rows: QuerySet[VendorOrder]) -> tuple[list[PickRow], list[PickedOrder]]:
    """Goods of the orders that were accepted and lie in no package yet; two queries.

    Goods in the order of their names, orders in that of their release, the oldest MOST_ORDERS of them.
    """
    waiting = rows.filter(state=State.ACCEPTED).order_by("released_at", "pk")
    parts = {row.pk: row for row in waiting[:MOST_ORDERS]}
    unpacked = F("cancelled_quantity") + F("packed_quantity")
    lines = list(Line.objects.filter(vendor_order__in=parts, quantity__gt=unpacked).order_by("pk"))
    goods: dict[tuple[str, str], list[Line]] = {}
    orders: dict[int, list[Line]] = {}
    for line in lines:
        goods.setdefault((line.title, line.size_label), []).append(line)
        orders.setdefault(line.vendor_order_id, []).append(line)
    picked = [
        PickRow(title, size, _units(own), len({line.vendor_order_id for line in own}))
        for (title, size), own in sorted(goods.items())
    ]
    each = [
        PickedOrder(row.number, _words(orders[key]), _units(orders[key]))
        for key, row in parts.items()
        if key in orders
    ]
    return picked, each


def _units(lines: list[Line]) -> int:
    return sum(line.to_pack for line in lines)


def _words(lines: list[Line]) -> str:
    return ", ".join(f"{line.to_pack} x {line.title} {line.size_label}".strip() for line in lines)
