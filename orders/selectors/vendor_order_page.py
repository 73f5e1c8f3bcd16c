"""One vendor order as its group sees it: goods, packages, shipments, buyer, times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Prefetch, Q
from django.utils import timezone

from catalogue.models import Product, ProductImage
from catalogue.selectors.listings import Picture, picture_of
from orders.domain.clock import Clock
from orders.models import Line, Package, PackageLine, Shipment, ShippingAddress, VendorOrder
from orders.policies import can_see_buyer
from orders.selectors.vendor_orders import clock_of
from orders.shipping.models import DeliveryMethod

State = VendorOrder.State
ARRIVED = (State.DELIVERED, State.COMPLETED, State.RETURNED)


@dataclass(frozen=True)
class GoodsLine:
    """Goods of an order. amount: of all units that were ordered, in the order's currency. Numbers are units.

    to_pack: lie in no package yet. to_send: have not left, packed or not; what is not supplied counts in neither.
    """

    pk: int
    title: str
    size: str
    quantity: int
    not_supplied: int
    to_pack: int
    to_send: int
    amount: Decimal
    picture: Picture | None

    @property
    def wanted(self) -> int:
        """Units that the buyer gets, sent or not."""
        return self.quantity - self.not_supplied


@dataclass(frozen=True)
class PackageBox:
    """One package: its number, what lies in it as (units, title, size), and as line id -> units."""

    place: int
    content: Sequence[tuple[int, str, str]]
    units: Mapping[int, int]

    @property
    def words(self) -> str:
        """What lies in it, in one line."""
        return ", ".join(f"{count} x {title} {size}".strip() for count, title, size in self.content)


@dataclass(frozen=True)
class ShipmentBox:
    """One shipment with the packages that it moves; code: by which they are received, empty once the buyer has them."""

    shipment: Shipment
    packages: Sequence[PackageBox]
    code: str


@dataclass(frozen=True)
class VendorOrderPage:
    """One order of a group. share: what the group gets, in the order's currency. times: state -> last arrival.

    buyer is None, phone and gift_message empty, when the group may not see them any more. carrier: one of
    Shipment.Carrier, as the buyer chose it. packages: those that have not left.
    """

    row: VendorOrder
    lines: Sequence[GoodsLine]
    packages: Sequence[PackageBox]
    shipments: Sequence[ShipmentBox]
    buyer: ShippingAddress | None
    phone: str
    gift_message: str
    times: Mapping[str, datetime]
    share: Decimal
    carrier: str
    clock: Clock | None

    @property
    def every_package(self) -> list[PackageBox]:
        """Packages that are still there, then those that have left."""
        return [*self.packages, *(box for sent in self.shipments for box in sent.packages)]

    @property
    def units_to_pack(self) -> int:
        """Units that lie in no package."""
        return sum(line.to_pack for line in self.lines)

    @property
    def units_to_send(self) -> int:
        """Units that have not left."""
        return sum(line.to_send for line in self.lines)


def vendor_order_page(row: VendorOrder) -> VendorOrderPage:
    """All that a member sees of one order; eight queries, however many lines and packages it has."""
    photos = Prefetch("product__images", ProductImage.objects.order_by("display_order", "pk"))
    above = Prefetch("product__parent__images", ProductImage.objects.order_by("display_order", "pk"))
    lines = row.lines.select_related("product__parent").prefetch_related(photos, above).order_by("pk")
    content = Prefetch("lines", PackageLine.objects.select_related("line").order_by("line"))
    packages = list(row.packages.prefetch_related(content).order_by("place"))
    # A cancelled order that was paid after all is new twice: the last time counts.
    times = {event.to_state: event.created_at for event in row.events.order_by("created_at", "pk")}
    now = timezone.now()
    sent = list(row.shipments.order_by("shipped_at", "pk"))
    is_shown = can_see_buyer(row, now=now)
    address: ShippingAddress | None = row.order.shipping_address if is_shown else None
    return VendorOrderPage(
        row=row,
        lines=[_goods(line) for line in lines],
        packages=[_box(package) for package in packages if package.shipment_id is None],
        shipments=[
            ShipmentBox(
                one, [_box(each) for each in packages if each.shipment_id == one.pk], code_to_say(one, row)
            )
            for one in sent
        ],
        buyer=address,
        phone=_phone(row, address) if is_shown else "",
        gift_message=row.order.gift_message if is_shown else "",
        times=times,
        share=row.share,
        carrier=_carrier(row),
        clock=clock_of(row, now, last_sent_at=sent[-1].shipped_at if sent else None),
    )


def code_to_say(shipment: Shipment, row: VendorOrder) -> str:
    """The code that is said when a shipment of this order is taken from the driver; empty once the buyer has it."""
    return "" if shipment.received_at or row.state in ARRIVED else shipment.code


def _box(package: Package) -> PackageBox:
    lines = package.lines.all()
    content = [(each.quantity, each.line.title, each.line.size_label) for each in lines]
    return PackageBox(package.place, content, {each.line_id: each.quantity for each in lines})


def _goods(line: Line) -> GoodsLine:
    photos = _photos(line.product)
    return GoodsLine(
        pk=line.pk,
        title=line.title,
        size=line.size_label,
        quantity=line.quantity,
        not_supplied=line.cancelled_quantity,
        to_pack=line.to_pack,
        to_send=line.to_send,
        amount=line.line_price_incl_tax,
        picture=picture_of(photos[0]) if photos else None,
    )


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
