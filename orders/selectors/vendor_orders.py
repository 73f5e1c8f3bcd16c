"""Vendor orders as the members of a group see them: what waits, lists, and one order with all its parts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from catalogue.models import Product, ProductImage
from catalogue.selectors.listings import Picture, picture_of
from orders.models import Line, Shipment, ShippingAddress, VendorOrder, VendorOrderEvent
from orders.policies import can_see_buyer
from orders.shipping.models import DeliveryMethod
from vendors.models import Membership

State = VendorOrder.State
TO_SEND = (State.ACCEPTED, State.PACKED)
SENT = (State.SHIPPED, State.DELIVERED, State.COMPLETED)


@dataclass(frozen=True)
class VendorOrderRow:
    """One row of a list. since: when it came into its state; total in currency, tax and delivery included.

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


@dataclass(frozen=True)
class GoodsLine:
    """Goods to pack; amount is of all units, in the order's currency."""

    title: str
    size: str
    quantity: int
    amount: Decimal
    picture: Picture | None


@dataclass(frozen=True)
class VendorOrderPage:
    """One order of a group. share: what the group gets, in the order's currency. times: state -> last arrival.

    buyer is None, and phone empty, when the group may not see them any more. carrier: one of Shipment.Carrier,
    as the buyer chose it.
    """

    row: VendorOrder
    lines: Sequence[GoodsLine]
    buyer: ShippingAddress | None
    phone: str
    shipment: Shipment | None
    times: Mapping[str, datetime]
    share: Decimal
    carrier: str


def own_vendor_orders(user: Any) -> QuerySet[VendorOrder]:
    """Paid vendor orders of the groups this person belongs to; nobody else gets a row, staff included.

    Staff read every group's orders in admin; at the desk of a group sit its members only.
    """
    own = Membership.objects.filter(user=user).values("vendor")
    return VendorOrder.objects.visible_to(user).released().filter(vendor__in=own)


def counts_by_state(rows: QuerySet[VendorOrder]) -> dict[str, int]:
    """How many orders there are in each state; states without any are left out. One query."""
    counted = rows.order_by().values("state").annotate(found=Count("pk", distinct=True))
    return dict(counted.values_list("state", "found"))


def listed(rows: QuerySet[VendorOrder]) -> QuerySet[VendorOrder]:
    """The same orders with all that rows of a list need: one query, and one more for the lines."""
    moved = VendorOrderEvent.objects.filter(vendor_order=OuterRef("pk"), to_state=OuterRef("state"))
    return (
        rows.select_related("order__shipping_address")
        .annotate(since=Subquery(moved.order_by("-created_at").values("created_at")[:1]))
        .prefetch_related(Prefetch("lines", Line.objects.order_by("pk")))
    )


def vendor_order_rows(rows: Iterable[VendorOrder]) -> list[VendorOrderRow]:
    """Rows of orders that came from listed; no query for a row."""
    return [_row(row) for row in rows]


def oldest(rows: QuerySet[VendorOrder], states: Sequence[str]) -> VendorOrderRow | None:
    """The order that has waited longest in these states; two queries."""
    found = listed(rows.filter(state__in=states)).order_by("order__released_at", "pk").first()
    return _row(found) if found else None


def vendor_order_page(row: VendorOrder) -> VendorOrderPage:
    """All that a member sees of one order; five queries, however many lines it has."""
    photos = Prefetch("product__images", ProductImage.objects.order_by("display_order", "pk"))
    above = Prefetch("product__parent__images", ProductImage.objects.order_by("display_order", "pk"))
    lines = row.lines.select_related("product__parent").prefetch_related(photos, above).order_by("pk")
    # A cancelled order that was paid after all is new twice: the last time counts.
    times = {event.to_state: event.created_at for event in row.events.order_by("created_at", "pk")}
    delivered_at = times.get(State.DELIVERED)
    is_shown = can_see_buyer(row, delivered_at=delivered_at, now=timezone.now())
    address: ShippingAddress | None = row.order.shipping_address if is_shown else None
    return VendorOrderPage(
        row=row,
        lines=[_goods(line) for line in lines],
        buyer=address,
        phone=_phone(row, address) if is_shown else "",
        shipment=Shipment.objects.filter(vendor_order=row).first(),
        times=times,
        share=row.share,
        carrier=_carrier(row),
    )


def _row(row: VendorOrder) -> VendorOrderRow:
    lines = list(row.lines.all())
    address = row.order.shipping_address
    is_shown = can_see_buyer(row, delivered_at=None, now=timezone.now())
    since: datetime | None = row.since  # type: ignore[attr-defined]  # annotated by listed
    return VendorOrderRow(
        number=row.number,
        url=row.get_absolute_url(),
        state=row.state,
        state_words=str(row.get_state_display()),
        since=since or row.created_at,
        goods=", ".join(f"{line.quantity} x {line.title} {line.size_label}".strip() for line in lines),
        units=sum(line.quantity for line in lines),
        town=(address.line4 or address.state) if address is not None and is_shown else "",
        total=row.total,
        currency=row.currency,
        delivery=row.delivery_name,
    )


def _goods(line: Line) -> GoodsLine:
    photos = _photos(line.product)
    picture = picture_of(photos[0]) if photos else None
    return GoodsLine(line.title, line.size_label, line.quantity, line.line_price_incl_tax, picture)


def _photos(product: Product | None) -> list[ProductImage]:
    if product is None:
        return []
    return list(product.images.all()) or (list(product.parent.images.all()) if product.parent else [])


def _phone(row: VendorOrder, address: ShippingAddress | None) -> str:
    given = str(address.phone_number) if address is not None and address.phone_number else ""
    return given or row.order.contact_phone


def _carrier(row: VendorOrder) -> str:
    """What kind of carrier the chosen delivery means; courier when the method is gone."""
    chosen = DeliveryMethod.objects.filter(Q(vendor=row.vendor_id) | Q(vendor=None), code=row.delivery_code)
    kind = chosen.values_list("carrier", flat=True).first()
    is_post = kind is None or kind == DeliveryMethod.Carrier.POST
    return Shipment.Carrier.COURIER if is_post else Shipment.Carrier.VEHICLE
