"""Orders of a group as CSV, for its own books."""

import csv
from collections.abc import Iterable
from datetime import datetime
from io import StringIO

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.lib.cells import safe_cell
from orders.models import Line, VendorOrder
from orders.policies import can_see_buyer

CHUNK = 2000


def orders_csv(rows: QuerySet[VendorOrder], *, now: datetime, shows_commission: bool) -> str:
    """One row for each order, oldest first, with a heading in the active language.

    Times are in the active time zone. Buyer, address and phone stand in it only while the group may see them, by the
    rule of the pages; no cell begins a formula. shows_commission: without it that column is empty. Queries: two for every CHUNK of orders.
    """
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(_heading())
    lines = Prefetch("lines", Line.objects.order_by("pk"))
    found = rows.select_related("order__shipping_address", "order__user").prefetch_related(lines)
    for row in found.order_by("released_at", "pk").iterator(chunk_size=CHUNK):
        writer.writerow(
            [
                *_facts(row, shows_commission=shows_commission),
                *(_buyer(row) if can_see_buyer(row, now=now) else [""] * 5),
            ]
        )
    # Spreadsheets take a file for UTF-8 only with this sign in front.
    return "\ufeff" + out.getvalue()


def _heading() -> list[str]:
    return [
        _("Order"),
        _("State"),
        _("Handed to the group"),
        _("Delivered"),
        _("Goods"),
        _("Units"),
        _("Not supplied"),
        _("Returned"),
        _("Goods total"),
        _("Own offers"),
        _("Offers paid by the programme"),
        _("Delivery"),
        _("Total"),
        _("Commission"),
        _("Currency"),
        _("Gift"),
        _("Buyer"),
        _("Street"),
        _("Town"),
        _("Country"),
        _("Phone"),
    ]


def _facts(row: VendorOrder, *, shows_commission: bool) -> list[object]:
    lines = list(row.lines.all())
    return [
        row.number,
        str(row.get_state_display()),
        _time(row.released_at),
        _time(row.delivered_at),
        safe_cell(", ".join(f"{line.quantity} x {line.title} {line.size_label}".strip() for line in lines)),
        _sum(line.quantity for line in lines),
        _sum(line.cancelled_quantity for line in lines),
        _sum(line.returned_quantity for line in lines),
        row.goods_total,
        row.own_discount,
        row.promotion_total,
        row.delivery_price,
        row.total,
        row.commission + row.commission_tax if shows_commission else "",
        row.currency,
        _("yes") if row.order.is_gift else "",
    ]


def _buyer(row: VendorOrder) -> list[str]:
    address = row.order.shipping_address
    if address is None:
        return ["", "", "", "", safe_cell(row.order.contact_phone)]
    town = " ".join(part for part in (address.line4, address.postcode, address.state) if part)
    phone = str(address.phone_number or "") or row.order.contact_phone
    words = [address.first_name, address.line1, town, address.country_id, phone]
    return [safe_cell(each or "") for each in words]


def _time(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


def _sum(units: Iterable[int]) -> int:
    return sum(units)
