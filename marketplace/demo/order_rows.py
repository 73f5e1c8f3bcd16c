"""Rows of past orders: order, parts, lines, moves, shipments, payment and ledger, consistent with one another."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.sites.models import Site
from django.db import models

from marketplace.demo.ledger_rows import LedgerRows
from orders.domain.commission import commission_on
from orders.domain.parts import shared_out
from orders.models import Line, Order, OrderEvent, Shipment, ShippingAddress, VendorOrder, VendorOrderEvent
from orders.shipping.options import DeliveryOption
from payments.models import LedgerPosting, PaymentAttempt, Refund
from people.models import User
from vendors.models import Partner, StockRecord

ZERO = Decimal("0.00")
_State = VendorOrder.State
HOLDING = (_State.AWAITING_PAYMENT, _State.NEW, _State.ACCEPTED, _State.PACKED)
SENT = (_State.SHIPPED, _State.DELIVERED, _State.COMPLETED, _State.RETURNED)
UNPAID = (Order.Status.AWAITING_PAYMENT, Order.Status.EXPIRED)
REFUNDED = (Order.Status.PART_REFUNDED, Order.Status.REFUNDED)
# Stands long enough for somebody to try the payment page; nobody has opened it yet.
HELD_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Part:
    """What one group sells in a sale; states: those it went through, the present one last."""

    vendor: Partner
    goods: list[tuple[StockRecord, int]]
    goods_total: Decimal
    delivery: DeliveryOption
    states: list[Any]
    chair_pk: int | None

    @property
    def total(self) -> Decimal:
        """Goods and delivery in INR."""
        return self.goods_total + self.delivery.price

    @property
    def is_given_back(self) -> bool:
        """Whether the buyer got the money of this part back."""
        return self.states[-1] in (_State.CANCELLED, _State.RETURNED)


@dataclass(frozen=True)
class Sale:
    """One order as it is to be written. address: country code, street, town, state, postcode."""

    number: str
    lot: random.Random
    status: Order.Status
    placed_at: datetime
    buyer: User | None
    name: str
    address: tuple[str, str, str, str, str]
    parts: list[Part]
    now: datetime

    @property
    def total(self) -> Decimal:
        """Total of all parts in INR."""
        return sum((part.total for part in self.parts), ZERO)

    @property
    def is_paid(self) -> bool:
        """Whether money came."""
        return self.status not in UNPAID

    @property
    def paid_at(self) -> datetime:
        """When it would have come."""
        return self.placed_at + timedelta(minutes=4)


@dataclass
class Rows:
    """All rows, table by table. Objects refer to one another, so that keys follow as tables are written."""

    site: Site
    addresses: list[ShippingAddress] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    order_events: list[OrderEvent] = field(default_factory=list)
    parts: list[VendorOrder] = field(default_factory=list)
    part_events: list[VendorOrderEvent] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    shipments: list[Shipment] = field(default_factory=list)
    attempts: list[PaymentAttempt] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    ledger: LedgerRows = field(default_factory=LedgerRows)
    stock: dict[int, StockRecord] = field(default_factory=dict)

    @staticmethod
    def dated() -> tuple[type[models.Model], ...]:
        """Models whose creation times are given rather than taken from the clock."""
        return (OrderEvent, VendorOrder, VendorOrderEvent, PaymentAttempt, Refund, LedgerPosting)

    def add(self, sale: Sale) -> None:
        """Take one sale in."""
        order = self._add_order(sale)
        written = [self._add_part(sale, order, part, place) for place, part in enumerate(sale.parts, start=1)]
        self._add_payment(sale, order, written)

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
            self.attempts,
            self.refunds,
        )
        for rows in tables:
            if rows:
                type(rows[0])._default_manager.bulk_create(rows)
        self.ledger.write()
        StockRecord.objects.bulk_update(
            self.stock.values(), ["num_in_stock", "num_allocated"], batch_size=500
        )

    def _add_order(self, sale: Sale) -> Order:
        country, street, town, state, postcode = sale.address
        address = ShippingAddress(
            first_name=sale.name, line1=street, line4=town, state=state, postcode=postcode, country_id=country
        )
        delivery = sum((part.delivery.price for part in sale.parts), ZERO)
        is_waiting = sale.status == Order.Status.AWAITING_PAYMENT
        order = Order(
            number=sale.number,
            site=self.site,
            user=sale.buyer,
            guest_email="" if sale.buyer else f"guest-{sale.number.lower()}@example.org",
            language="en",
            currency="INR",
            total_incl_tax=sale.total,
            total_excl_tax=sale.total,
            shipping_incl_tax=delivery,
            shipping_excl_tax=delivery,
            shipping_address=address,
            status=sale.status,
            date_placed=sale.placed_at,
            reserved_until=sale.now + HELD_FOR if is_waiting else sale.placed_at + timedelta(minutes=40),
            paid_at=sale.paid_at if sale.is_paid else None,
            released_at=sale.paid_at if sale.is_paid else None,
            is_example=True,
        )
        self.addresses.append(address)
        self.orders.append(order)
        for source, target, when in _order_moves(sale):
            self.order_events.append(
                OrderEvent(order=order, from_state=source, to_state=target, actor=None, created_at=when)
            )
        return order

    def _add_part(self, sale: Sale, order: Order, part: Part, place: int) -> VendorOrder:
        rate = part.vendor.effective_commission_rate()
        vendor_order = VendorOrder(
            order=order,
            vendor=part.vendor,
            number=f"{sale.number}-{place}",
            state=part.states[-1],
            currency="INR",
            goods_total=part.goods_total,
            delivery_price=part.delivery.price,
            total=part.total,
            commission_base=part.goods_total,
            commission_rate=rate,
            commission=commission_on(part.goods_total, rate),
            delivery_code=part.delivery.code,
            delivery_name=part.delivery.name,
            delivery_days_min=part.delivery.days_min,
            delivery_days_max=part.delivery.days_max,
            created_at=sale.placed_at,
        )
        self.parts.append(vendor_order)
        times = _times(sale, len(part.states))
        for number, (state, when) in enumerate(zip(part.states, times, strict=True)):
            source = part.states[number - 1] if number else ""
            actor = part.chair_pk if number > 1 else None
            self.part_events.append(
                VendorOrderEvent(
                    vendor_order=vendor_order,
                    from_state=source,
                    to_state=state,
                    actor_id=actor,
                    created_at=when,
                )
            )
            if state == _State.SHIPPED:
                self.shipments.append(_shipment(vendor_order, part, sale.lot, when))
        prices = [record.price * quantity for record, quantity in part.goods]
        commissions = shared_out(vendor_order.commission, prices)
        for (record, quantity), commission in zip(part.goods, commissions, strict=True):
            line = _line(order, vendor_order, record, quantity)
            line.commission_rate, line.commission = rate, commission
            self.lines.append(line)
            if part.states[-1] in HOLDING:
                self._hold(record, quantity)
        return vendor_order

    def _hold(self, record: StockRecord, quantity: int) -> None:
        held = self.stock.setdefault(record.pk, record)
        held.num_in_stock += quantity
        held.num_allocated += quantity

    def _add_payment(self, sale: Sale, order: Order, written: list[VendorOrder]) -> None:
        if sale.status == Order.Status.AWAITING_PAYMENT:
            return
        attempt = _attempt(sale, order)
        self.attempts.append(attempt)
        if not sale.is_paid:
            return
        self.ledger.add_sale(attempt, order, written, when=sale.paid_at)
        given_back = [row for row, part in zip(written, sale.parts, strict=True) if part.is_given_back]
        if sale.status in REFUNDED:
            when = sale.paid_at + timedelta(days=5)
            refund = Refund(
                attempt=attempt,
                key=f"refund:{uuid.UUID(int=sale.lot.getrandbits(128))}",
                amount=sum((row.total for row in given_back), ZERO),
                currency="INR",
                reason=Refund.Reason.GOODS_GONE,
                state=Refund.State.SUCCEEDED,
                provider_id=f"re_example_{sale.number}",
                next_try_at=when,
                created_at=when,
            )
            self.refunds.append(refund)
            attempt.amount_given_back = refund.amount
            self.ledger.add_refund(refund, given_back, when=when)


def _order_moves(sale: Sale) -> list[tuple[str, str, datetime]]:
    moves: list[tuple[str, str, datetime]] = [("", Order.Status.AWAITING_PAYMENT, sale.placed_at)]
    if sale.status == Order.Status.EXPIRED:
        expired = (
            Order.Status.AWAITING_PAYMENT,
            Order.Status.EXPIRED,
            sale.placed_at + timedelta(minutes=40),
        )
        moves.append(expired)
    if sale.is_paid:
        moves.append((Order.Status.AWAITING_PAYMENT, Order.Status.PAID, sale.paid_at))
    if sale.status in REFUNDED:
        moves.append((Order.Status.PAID, sale.status, sale.paid_at + timedelta(days=5)))
    return moves


def _times(sale: Sale, count: int) -> list[datetime]:
    """Placed, paid, then the rest spread over the time since, never later than now."""
    left = max(sale.now - sale.paid_at, timedelta(minutes=10))
    pace = min(left / max(count - 1, 1), timedelta(days=2))
    first = [sale.placed_at, sale.paid_at][:count]
    return [*first, *(sale.paid_at + pace * step for step in range(1, count - 1))]


def _line(order: Order, vendor_order: VendorOrder, record: StockRecord, quantity: int) -> Line:
    amount = record.price * quantity
    return Line(
        order=order,
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
        unit_price_incl_tax=record.price,
        unit_price_excl_tax=record.price,
        line_price_incl_tax=amount,
        line_price_excl_tax=amount,
        line_price_before_discounts_incl_tax=amount,
        line_price_before_discounts_excl_tax=amount,
    )


def _shipment(vendor_order: VendorOrder, part: Part, lot: random.Random, when: datetime) -> Shipment:
    if part.delivery.carrier == "vehicle":
        return Shipment(
            vendor_order=vendor_order,
            carrier=Shipment.Carrier.VEHICLE,
            vehicle_number=f"BP-1-A{lot.randint(1000, 9999)}",
            driver_name="Example driver",
            shipped_at=when,
        )
    return Shipment(
        vendor_order=vendor_order,
        carrier=Shipment.Carrier.COURIER,
        courier_name="Example Post",
        tracking_number=f"EX{lot.randint(10_000_000, 99_999_999)}BT",
        shipped_at=when,
    )


def _attempt(sale: Sale, order: Order) -> PaymentAttempt:
    reference = uuid.UUID(int=sale.lot.getrandbits(128))
    return PaymentAttempt(
        order=order,
        reference=reference,
        provider="stripe",
        key=f"attempt:{reference}",
        amount=sale.total,
        currency="INR",
        state=PaymentAttempt.State.SUCCEEDED if sale.is_paid else PaymentAttempt.State.EXPIRED,
        session_id=f"cs_example_{sale.number}",
        payment_intent_id=f"pi_example_{sale.number}" if sale.is_paid else "",
        charge_id=f"ch_example_{sale.number}" if sale.is_paid else "",
        amount_received=sale.total if sale.is_paid else ZERO,
        expires_at=sale.placed_at + timedelta(minutes=31),
        settled_at=sale.paid_at if sale.is_paid else None,
        created_at=sale.placed_at + timedelta(minutes=1),
    )
