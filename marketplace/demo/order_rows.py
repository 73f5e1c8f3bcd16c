"""Rows of past orders: order, parts, lines, moves, packages and shipments, consistent with one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib.sites.models import Site
from django.db import models

from marketplace.demo.reckoning import Reckoned, reckon
from marketplace.demo.sales import HELD_MINUTES, ZERO, Part, Sale
from orders.domain.tax import tax_within
from orders.models import (
    Line,
    Order,
    OrderEvent,
    Package,
    PackageLine,
    Return,
    ReturnItem,
    Shipment,
    ShippingAddress,
    VendorOrder,
    VendorOrderEvent,
)
from orders.selectors.rates import SaleRates
from vendors.models import StockRecord

_State = VendorOrder.State
_Status = Order.Status
HOLDING = (_State.AWAITING_PAYMENT, _State.NEW, _State.ACCEPTED, _State.PACKED)
# Stands long enough for somebody to try the payment page; nobody has opened it yet.
HELD_FOR = timedelta(days=7)
REASONS: dict[str, str] = {
    _State.CANCELLED: "Example: the harvest was too small.",
    _State.RETURNED: "Example: broken on the way.",
}


@dataclass(frozen=True)
class WrittenPart:
    """One group's part of an order as rows; the lines stand in the order of the goods."""

    part: Part
    row: VendorOrder
    lines: list[Line]


@dataclass(frozen=True)
class WrittenSale:
    """One order as rows, for what is paid on it."""

    sale: Sale
    row: Order
    parts: list[WrittenPart]


@dataclass
class OrderRows:
    """All rows, table by table. Objects refer to one another, so that keys follow as tables are written."""

    site: Site
    rates: SaleRates
    addresses: list[ShippingAddress] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    order_events: list[OrderEvent] = field(default_factory=list)
    parts: list[VendorOrder] = field(default_factory=list)
    part_events: list[VendorOrderEvent] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    shipments: list[Shipment] = field(default_factory=list)
    packages: list[Package] = field(default_factory=list)
    package_lines: list[PackageLine] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    return_items: list[ReturnItem] = field(default_factory=list)
    stock: dict[int, StockRecord] = field(default_factory=dict)

    @staticmethod
    def dated() -> tuple[type[models.Model], ...]:
        """Models whose creation times are given rather than taken from the clock."""
        return (OrderEvent, VendorOrder, VendorOrderEvent, Return)

    def add(self, sale: Sale) -> WrittenSale:
        """Take one sale in; its rows have no keys before write()."""
        reckoned = [reckon(sale, part, self.rates) for part in sale.parts]
        order = self._add_order(sale, reckoned)
        written = [self._add_part(sale, order, part, place) for place, part in enumerate(reckoned, start=1)]
        return WrittenSale(sale, order, written)

    def move_order(self, order: Order, source: str, target: str, when: datetime) -> None:
        """Note a move of an order."""
        self.order_events.append(
            OrderEvent(order=order, from_state=source, to_state=target, actor=None, created_at=when)
        )

    def write(self) -> None:
        """Write everything; the caller holds the transaction."""
        tables: Sequence[Sequence[models.Model]] = (
            self.addresses,
            self.orders,
            self.order_events,
            self.parts,
            self.part_events,
            self.lines,
            self.shipments,
            self.packages,
            self.package_lines,
            self.returns,
            self.return_items,
        )
        for rows in tables:
            if rows:
                type(rows[0])._default_manager.bulk_create(rows)
        StockRecord.objects.bulk_update(
            self.stock.values(), ["num_in_stock", "num_allocated"], batch_size=500
        )

    def _add_order(self, sale: Sale, parts: Sequence[Reckoned]) -> Order:
        country, street, town, state, postcode = sale.address
        address = ShippingAddress(
            first_name=sale.name, line1=street, line4=town, state=state, postcode=postcode, country_id=country
        )
        delivery = sum((part.delivery.price for part in sale.parts), ZERO)
        delivery_tax = sum((part.delivery_tax for part in parts), ZERO)
        tax = delivery_tax + sum((part.goods_tax for part in parts), ZERO)
        order = Order(
            number=sale.number,
            site=self.site,
            user=sale.buyer,
            guest_email="" if sale.buyer else f"guest-{sale.number.lower()}@example.org",
            language="en",
            currency="INR",
            total_incl_tax=sale.total,
            total_excl_tax=sale.total - tax,
            shipping_incl_tax=delivery,
            shipping_excl_tax=delivery - delivery_tax,
            shipping_address=address,
            status=sale.status,
            date_placed=sale.placed_at,
            reserved_until=_held_until(sale),
            released_at=sale.released_at,
            paid_at=_paid_at(sale),
            is_example=True,
        )
        self.addresses.append(address)
        self.orders.append(order)
        self._add_order_moves(sale, order)
        return order

    def _add_order_moves(self, sale: Sale, order: Order) -> None:
        """All moves except those that a refund makes."""
        waiting = _Status.AWAITING_PAYMENT
        self.move_order(order, "", waiting, sale.placed_at)
        if sale.status == _Status.EXPIRED:
            self.move_order(order, waiting, sale.status, order.reserved_until)
        if sale.released_at and sale.is_cash:
            self.move_order(order, waiting, _Status.PAY_ON_DELIVERY, sale.released_at)
            waiting = _Status.PAY_ON_DELIVERY
        if order.paid_at:
            self.move_order(order, waiting, _Status.PAID, order.paid_at)
        if sale.status == _Status.CANCELLED:
            ended = max(when for part in sale.parts if (when := sale.reached(part, _State.CANCELLED)))
            self.move_order(order, waiting, sale.status, ended)

    def _add_part(self, sale: Sale, order: Order, reckoned: Reckoned, place: int) -> WrittenPart:
        part = reckoned.part
        vendor_order = VendorOrder(
            order=order,
            vendor=part.vendor,
            number=f"{sale.number}-{place}",
            state=part.states[-1],
            currency="INR",
            goods_total=part.goods_total,
            goods_tax=reckoned.goods_tax,
            delivery_price=part.delivery.price,
            delivery_tax_rate=reckoned.delivery_tax_rate,
            delivery_tax=reckoned.delivery_tax,
            goods_tax_name=reckoned.goods_tax_name,
            delivery_tax_name=reckoned.delivery_tax_name,
            total=part.total,
            commission_base=part.goods_total,
            commission_rate=reckoned.one_rate,
            commission_reason=reckoned.one_reason,
            commission=reckoned.kept.commission,
            commission_tax_rate=reckoned.commission_tax_rate,
            commission_tax=reckoned.kept.tax,
            delivery_code=part.delivery.code,
            delivery_name=part.delivery.name,
            delivery_days_min=part.delivery.days_min,
            delivery_days_max=part.delivery.days_max,
            released_at=sale.released_at,
            delivered_at=sale.reached(part, _State.DELIVERED),
            confirmed_at=sale.reached(part, _State.COMPLETED),
            payable_from=_payable_from(sale, part),
            created_at=sale.placed_at,
        )
        self.parts.append(vendor_order)
        self._add_part_moves(sale, part, vendor_order)
        lines = self._add_lines(vendor_order, reckoned)
        self._add_packages(sale, vendor_order, part, lines)
        if part.is_asked_back:
            self._add_return(sale, vendor_order, lines[0])
        return WrittenPart(part, vendor_order, lines)

    def _add_packages(self, sale: Sale, vendor_order: VendorOrder, part: Part, lines: list[Line]) -> None:
        """One package for a part that was packed, two where it leaves in pieces; a shipment for each that was sent."""
        packed_at = sale.reached(part, _State.PACKED) or sale.reached(part, _State.SHIPPED)
        if packed_at is None or part.states[-1] == _State.CANCELLED:
            return
        sent_at = sale.reached(part, _State.SHIPPED)
        rest = {place: line.quantity - line.cancelled_quantity for place, line in enumerate(lines)}
        if part.in_pieces:
            rest[0] -= 1
            shipment = _shipment(sale, vendor_order, part, packed_at)
            self._add_package(vendor_order, {0: 1}, lines, shipment, part=part, packed_at=packed_at)
        shipment_of_rest = _shipment(sale, vendor_order, part, sent_at) if sent_at else None
        self._add_package(vendor_order, rest, lines, shipment_of_rest, part=part, packed_at=packed_at)

    def _add_package(
        self,
        vendor_order: VendorOrder,
        units: Mapping[int, int],
        lines: list[Line],
        shipment: Shipment | None,
        *,
        part: Part,
        packed_at: datetime,
    ) -> None:
        """One more package. units: place of the line -> units; shipment: that moves it, None while it is there."""
        vendor_order.last_package += 1
        package = Package(
            vendor_order=vendor_order,
            place=vendor_order.last_package,
            shipment=shipment,
            packed_by_id=part.chair_pk,
            packed_at=packed_at,
        )
        self.packages.append(package)
        if shipment:
            self.shipments.append(shipment)
        for place, count in units.items():
            if count:
                lines[place].packed_quantity += count
                lines[place].shipped_quantity += count if shipment else 0
                self.package_lines.append(PackageLine(package=package, line=lines[place], quantity=count))

    def _add_return(self, sale: Sale, vendor_order: VendorOrder, line: Line) -> None:
        """One unit that the buyer wants to give back since yesterday."""
        asked_at = sale.now - timedelta(hours=20)
        case = Return(
            vendor_order=vendor_order,
            form_key="example",
            reason=Return.Reason.DAMAGED,
            words="Example: the bag was torn when it came, and some of it was lost.",
            due_at=asked_at + timedelta(days=settings.RETURN_ANSWER_DAYS),
            asked_by=sale.buyer,
            created_at=asked_at,
        )
        self.returns.append(case)
        self.return_items.append(ReturnItem(case=case, line=line, quantity=1))

    def _add_lines(self, vendor_order: VendorOrder, reckoned: Reckoned) -> list[Line]:
        part, lines = reckoned.part, []
        for place, (record, quantity) in enumerate(part.goods):
            line = _line(vendor_order, record, quantity, tax_rate=reckoned.goods_tax_rates[place])
            line.commission_rate = reckoned.rates[place].rate
            line.commission_reason = reckoned.rates[place].reason
            line.commission = reckoned.kept.commissions[place]
            line.commission_tax = reckoned.kept.taxes[place]
            if vendor_order.order.released_at:
                line.cancelled_quantity = part.cancelled(place)
                line.returned_quantity = part.returned(place)
            lines.append(line)
            if part.states[-1] in HOLDING:
                gone = 1 if part.in_pieces and place == 0 else 0
                self._hold(record, quantity - line.cancelled_quantity - gone)
        self.lines += lines
        return lines

    def _add_part_moves(self, sale: Sale, part: Part, vendor_order: VendorOrder) -> None:
        times = sale.times(len(part.states))
        for number, (state, when) in enumerate(zip(part.states, times, strict=True)):
            self.part_events.append(
                VendorOrderEvent(
                    vendor_order=vendor_order,
                    from_state=part.states[number - 1] if number else "",
                    to_state=state,
                    actor_id=part.chair_pk if number > 1 else None,
                    reason=_reason(sale, state),
                    created_at=when,
                )
            )

    def _hold(self, record: StockRecord, quantity: int) -> None:
        held = self.stock.setdefault(record.pk, record)
        held.num_in_stock += quantity
        held.num_allocated += quantity


def _reason(sale: Sale, state: str) -> str:
    if sale.status == _Status.EXPIRED and state == _State.CANCELLED:
        return "not paid in time"
    return REASONS.get(state, "")


def _held_until(sale: Sale) -> datetime:
    if sale.status == _Status.EXPIRED or sale.is_cash:
        return sale.placed_at + timedelta(minutes=HELD_MINUTES)
    return (sale.now if sale.status == _Status.AWAITING_PAYMENT else sale.placed_at) + HELD_FOR


def _paid_at(sale: Sale) -> datetime | None:
    if not sale.is_paid:
        return None
    if sale.is_cash:
        return max(when for part in sale.parts if (when := sale.reached(part, _State.DELIVERED)))
    return sale.settled_at


def _payable_from(sale: Sale, part: Part) -> datetime | None:
    """At once where the sale ended or the buyer said that all is well, else some days after delivery."""
    ended = sale.reached(part, _State.COMPLETED, _State.RETURNED)
    if sale.released_at and part.states[-1] == _State.CANCELLED:
        ended = sale.reached(part, _State.CANCELLED)
    if ended:
        return ended
    delivered = sale.reached(part, _State.DELIVERED)
    return delivered + timedelta(days=settings.HOLD_DAYS) if delivered else None


def _line(vendor_order: VendorOrder, record: StockRecord, quantity: int, *, tax_rate: Decimal) -> Line:
    amount = record.price * quantity
    without_tax = amount - tax_within(amount, tax_rate)
    return Line(
        order=vendor_order.order,
        vendor_order=vendor_order,
        partner=vendor_order.vendor,
        partner_name=vendor_order.vendor.name,
        partner_sku=record.partner_sku,
        stockrecord=record,
        product=record.product,
        title=record.product.get_title(),
        size_label=record.product.size_label,
        quantity=quantity,
        num_allocated=quantity,
        tax_rate=tax_rate,
        unit_price_incl_tax=record.price,
        unit_price_excl_tax=record.price - tax_within(record.price, tax_rate),
        line_price_incl_tax=amount,
        line_price_excl_tax=without_tax,
        line_price_before_discounts_incl_tax=amount,
        line_price_before_discounts_excl_tax=without_tax,
    )


def _shipment(sale: Sale, vendor_order: VendorOrder, part: Part, when: datetime) -> Shipment:
    if part.delivery.carrier == "vehicle":
        return Shipment(
            vendor_order=vendor_order,
            carrier=Shipment.Carrier.VEHICLE,
            vehicle_number=f"BP-1-A{sale.lot.randint(1000, 9999)}",
            driver_name="Example driver",
            code=f"{sale.lot.randint(0, 999_999):06}",
            shipped_at=when,
        )
    return Shipment(
        vendor_order=vendor_order,
        carrier=Shipment.Carrier.COURIER,
        courier_name="Example Post",
        tracking_number=f"EX{sale.lot.randint(10_000_000, 99_999_999)}BT",
        shipped_at=when,
    )
