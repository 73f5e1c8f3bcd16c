"""What a group does with its part of an order: accept it, and hand the goods to a carrier."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from marketplace.lib.states import move
from orders.errors import ShipmentIncomplete
from orders.models import Shipment, VendorOrder, VendorOrderEvent
from orders.services.notifying import tell_buyer
from people.models import User
from vendors.services import stock


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
    return _move(_lock(vendor_order), VendorOrder.State.ACCEPTED, actor)


@transaction.atomic
def ship(vendor_order: VendorOrder, shipment: ShipmentData, *, actor: User) -> bool:
    """The goods have left: stock is used up and the buyer is told; False when that was said before.

    Raises ShipmentIncomplete without a number to follow, IllegalTransition before the group has accepted.
    """
    is_courier = shipment.carrier == Shipment.Carrier.COURIER
    if not (shipment.tracking_number if is_courier else shipment.vehicle_number).strip():
        raise ShipmentIncomplete
    locked = _lock(vendor_order)
    if not _move(locked, VendorOrder.State.SHIPPED, actor):
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
    stock.consume(_units(locked))
    tell_buyer(
        locked.order,
        "vendor_order_shipped",
        about=locked.number,
        vendor=locked.vendor.name,
        carrier=str(shipment.carrier.label),
        tracking=shipment.reference,
    )
    return True


def _lock(vendor_order: VendorOrder) -> VendorOrder:
    locked = VendorOrder.objects.select_for_update(of=("self",)).select_related("order__user", "vendor")
    return locked.get(pk=vendor_order.pk)


def _move(locked: VendorOrder, target: VendorOrder.State, actor: User) -> bool:
    return move(
        locked,
        target,
        moves=VendorOrder.MOVES,
        event=VendorOrderEvent,
        subject_field="vendor_order",
        actor=actor,
    )


def _units(vendor_order: VendorOrder) -> dict[int, int]:
    units: dict[int, int] = {}
    for line in vendor_order.lines.filter(stockrecord__isnull=False):
        units[line.stockrecord_id] = units.get(line.stockrecord_id, 0) + line.quantity
    return units
