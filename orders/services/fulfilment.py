"""What becomes of a group's part of an order: accepted, handed to a carrier, delivered, confirmed by the buyer."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from marketplace.lib.states import IllegalTransition
from orders.domain.numbers import new_code
from orders.errors import CashFirst, PackageGone, PackedMeanwhile, ShipmentIncomplete
from orders.models import Line, Order, Package, PackageLine, Shipment, VendorOrder
from orders.services.notifying import code_words, tell_buyer, tell_group
from orders.services.packing import OPEN, put_in
from orders.services.parts import (
    earlier,
    follow_units,
    goods_words,
    hold_end,
    lines_of,
    lock_part,
    move_part,
    require_state,
    stock_units,
)
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
    """The group says yes, and the buyer hears of it; False when it had already, or has packed it.

    Raises IllegalTransition when it is too late.
    """
    locked = lock_part(vendor_order)
    if locked.state == State.PACKED or not move_part(locked, State.ACCEPTED, actor=actor):
        return False
    tell_buyer(locked.order, "part_accepted", about=locked.number, vendor=locked.vendor.name)
    return True


@transaction.atomic
def ship(
    vendor_order: VendorOrder,
    shipment: ShipmentData,
    *,
    actor: User,
    packages: Collection[int] | None = None,
    seen: int | None = None,
) -> bool:
    """Packages have left: the stock of their units is used up and the buyer is told; False when that was said before.

    packages: numbers of those that leave together; None for everything that is still there, packed or not. With the
    last unit the vendor order is shipped. seen: where everything goes, the vendor order's last_package as the member
    saw it, None for whatever it is by now.
    Raises PackedMeanwhile where that is another by now, ShipmentIncomplete without a number to follow, PackageGone where some of the packages have left before or
    are not there, and IllegalTransition before the group has accepted.
    """
    is_courier = shipment.carrier == Shipment.Carrier.COURIER
    if not (shipment.tracking_number if is_courier else shipment.vehicle_number).strip():
        raise ShipmentIncomplete
    locked = lock_part(vendor_order)
    if packages is None and locked.state == State.SHIPPED:
        return False
    if packages is None and seen not in (None, locked.last_package):
        raise PackedMeanwhile
    lines = lines_of(locked, {})
    leaving = _leaving(locked, lines, packages=packages, actor=actor)
    if not leaving:
        return False
    sent = _send(locked, leaving, shipment)
    units = _count_sent(lines, leaving)
    stock.consume(stock_units(units), order=locked.number, actor=actor)
    follow_units(locked, lines, actor=actor)
    values = {
        "about": f"{locked.number}:{sent.pk}",
        "vendor": locked.vendor.name,
        "carrier": str(shipment.carrier.label),
        "tracking": shipment.reference,
        "goods": goods_words(units),
        "hand_over": code_words(sent.code, language=locked.order.language),
    }
    if locked.state == State.SHIPPED:
        tell_buyer(locked.order, "vendor_order_shipped", **values)
    else:
        tell_buyer(locked.order, "package_shipped", **values)
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
        tell_group(locked, "sale_received")
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


def _leaving(
    locked: VendorOrder, lines: list[Line], *, packages: Collection[int] | None, actor: User
) -> list[Package]:
    """The packages that leave now; empty when all of them have left before."""
    if packages is None:
        require_state(locked, OPEN, State.SHIPPED)
        rest = {line: line.to_pack for line in lines if line.to_pack}
        if rest:
            put_in(locked, rest, actor=actor)
        return list(locked.packages.filter(shipment=None))
    found = list(locked.packages.filter(place__in=packages))
    gone = [package for package in found if package.shipment_id]
    if len(found) != len(set(packages)) or (gone and len(gone) != len(found)):
        raise PackageGone
    if gone:
        return []
    require_state(locked, OPEN, State.SHIPPED)
    return found


def _send(locked: VendorOrder, leaving: list[Package], data: ShipmentData) -> Shipment:
    is_vehicle = data.carrier == Shipment.Carrier.VEHICLE
    shipment: Shipment = locked.shipments.create(
        carrier=data.carrier,
        courier_name=data.courier_name,
        tracking_number=data.tracking_number,
        vehicle_number=data.vehicle_number,
        driver_name=data.driver_name,
        driver_phone=data.driver_phone,
        shipped_at=timezone.now(),
        code=new_code() if is_vehicle else "",
    )
    # Test and write in one statement: a package leaves once.
    free = Package.objects.filter(pk__in=[package.pk for package in leaving], shipment=None)
    if free.update(shipment=shipment) != len(leaving):
        raise PackageGone
    return shipment


def _count_sent(lines: list[Line], leaving: list[Package]) -> dict[Line, int]:
    content = PackageLine.objects.filter(package__in=leaving).values_list("line_id", "quantity")
    units: dict[int, int] = {}
    for key, quantity in content:
        units[key] = units.get(key, 0) + quantity
    sent = {line: units[line.pk] for line in lines if line.pk in units}
    for line, count in sent.items():
        Line.objects.filter(pk=line.pk).update(shipped_quantity=F("shipped_quantity") + count)
        line.shipped_quantity += count
    return sent
