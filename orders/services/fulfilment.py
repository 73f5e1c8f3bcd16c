"""What becomes of a group's part of an order: accepted, handed to a carrier, delivered, confirmed by the buyer."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from marketplace.lib.states import IllegalTransition
from orders.errors import CashFirst, ShipmentIncomplete
from orders.models import Order, Shipment, VendorOrder
from orders.services.notifying import tell_buyer
from orders.services.parts import earlier, hold_end, lines_of, lock_part, move_part, stock_units
from people.models import User
from vendors.services import stock

logger = logging.getLogger(__name__)

State = VendorOrder.State
BATCH = 500


@dataclass(frozen=True, kw_only=True)
class ShipmentData:
    """How the goods go: a courier and its number, or a vehicle and its driver. Empty words mean not given."""

    carrier: Shipment.Carrier
    courier_name: str = ""
    tracking_number: str = ""
    vehicle_number: str = ""
    driver_name: str = ""
    driver_phone: str = ""

    @property
    def reference(self) -> str:
        """What the buyer can ask for: the courier's number, or vehicle, driver and phone."""
        if self.carrier == Shipment.Carrier.COURIER:
            return " ".join(word for word in (self.courier_name, self.tracking_number) if word)
        return ", ".join(word for word in (self.vehicle_number, self.driver_name, self.driver_phone) if word)


@transaction.atomic
def accept(vendor_order: VendorOrder, *, actor: User) -> bool:
    """The group says yes; False when it had already. Raises IllegalTransition when it is too late."""
    return move_part(lock_part(vendor_order), State.ACCEPTED, actor=actor)


@transaction.atomic
def ship(vendor_order: VendorOrder, shipment: ShipmentData, *, actor: User) -> bool:
    """The goods have left: their stock is used up and the buyer is told; False when that was said before.

    Raises ShipmentIncomplete without a number to follow, IllegalTransition before the group has accepted.
    """
    is_courier = shipment.carrier == Shipment.Carrier.COURIER
    if not (shipment.tracking_number if is_courier else shipment.vehicle_number).strip():
        raise ShipmentIncomplete
    locked = lock_part(vendor_order)
    if not move_part(locked, State.SHIPPED, actor=actor):
        return False
    Shipment.objects.create(
        vendor_order=locked,
        carrier=shipment.carrier,
        courier_name=shipment.courier_name,
        tracking_number=shipment.tracking_number,
        vehicle_number=shipment.vehicle_number,
        driver_name=shipment.driver_name,
        driver_phone=shipment.driver_phone,
        shipped_at=timezone.now(),
    )
    stock.consume(_units_sent(locked), order=locked.number, actor=actor)
    tell_buyer(
        locked.order,
        "vendor_order_shipped",
        about=locked.number,
        vendor=locked.vendor.name,
        carrier=str(shipment.carrier.label),
        tracking=shipment.reference,
    )
    return True


@transaction.atomic
def deliver(vendor_order: VendorOrder, *, actor: User | None) -> bool:
    """The buyer has the goods; from settings.HOLD_DAYS later the group's share may be paid out.

    actor: None when the carrier says so, or the clock (deliver_overdue). False when it was said before, or more happened since.
    Raises IllegalTransition before the goods have left, CashFirst where they are paid at hand-over.
    """
    locked = lock_part(vendor_order)
    if locked.delivered_at:
        return False
    _refuse_unpaid(locked)
    now = timezone.now()
    move_part(locked, State.DELIVERED, actor=actor, also={"delivered_at": now, "payable_from": hold_end(now)})
    tell_buyer(locked.order, "vendor_order_delivered", about=locked.number, vendor=locked.vendor.name)
    return True


@transaction.atomic
def confirm_received(vendor_order: VendorOrder, *, actor: User | None) -> bool:
    """The buyer says that the goods are there and right: the group's share may be paid out at once.

    actor: None for a guest, who has proved the contact. False when it was said before.
    Raises IllegalTransition before the goods have left, and when they came back, CashFirst while the group has not
    noted the cash for them.
    """
    locked = lock_part(vendor_order)
    if locked.confirmed_at:
        return False
    now = timezone.now()
    if locked.state == State.SHIPPED:
        _refuse_unpaid(locked)
        move_part(locked, State.DELIVERED, actor=actor, also={"delivered_at": now})
    elif locked.state not in (State.DELIVERED, State.COMPLETED):
        raise IllegalTransition(locked, locked.state, State.DELIVERED)
    locked.confirmed_at = now
    locked.payable_from = earlier(locked.payable_from, now)
    locked.save(update_fields=["confirmed_at", "payable_from"])
    return True


def deliver_overdue(now: datetime) -> int:
    """Count as delivered what left so long ago that it must have come, at most one batch; returns how many.

    That is settings.DELIVERED_BY_TIME_DAYS after the last day that the buyer was promised; nobody objected. The buyer
    is told as usual, and the group's share is kept back as usual. What is paid at hand-over is left to a person.
    Safe to repeat and beside itself: whoever comes second finds it delivered.
    """
    overdue = VendorOrder.objects.overdue(now).exclude(order__status=Order.Status.PAY_ON_DELIVERY)
    done = 0
    for part in list(overdue.order_by("pk")[:BATCH]):
        try:
            done += deliver(part, actor=None)
        except IllegalTransition:
            # It came back, or its money was given up, a moment ago.
            continue
        except Exception:
            # The outer edge: one part that nobody foresaw must not hold up the others.
            logger.exception("overdue part not delivered", extra={"vendor_order": part.pk})
    return done


def _refuse_unpaid(locked: VendorOrder) -> None:
    if locked.state == State.SHIPPED and locked.order.status == Order.Status.PAY_ON_DELIVERY:
        raise CashFirst


def _units_sent(locked: VendorOrder) -> dict[int, int]:
    # What could not be supplied went back to stock when that was said.
    return stock_units({line: line.quantity - line.cancelled_quantity for line in lines_of(locked, {})})
