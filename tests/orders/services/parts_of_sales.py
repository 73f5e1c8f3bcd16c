"""Parts of orders that were paid for, for tests of what becomes of them."""

from django.db import transaction

from notices.models import Notice
from orders.models import Shipment, VendorOrder
from orders.services.fulfilment import ShipmentData, accept, ship
from orders.services.releasing import lock_order, release, release_unpaid
from tests.factories.vendors import MembershipFactory
from tests.support.sale import placed_order

COURIER = ShipmentData(
    carrier=Shipment.Carrier.COURIER, courier_name="Bhutan Post", tracking_number="EE123456789BT"
)


def released_part(*goods, is_paid=True):
    """The vendor order of a sale of (listing, units), and a member of its group; nobody has been told a thing."""
    order = placed_order(*goods)
    with transaction.atomic():
        (release if is_paid else release_unpaid)(lock_order(order.pk))
    Notice.objects.all().delete()
    return order.vendor_orders.get(), MembershipFactory(vendor=goods[0][0].vendor).user


def shipped_part(*goods, is_paid=True):
    """The same, on its way."""
    part, member = released_part(*goods, is_paid=is_paid)
    accept(part, actor=member)
    ship(part, COURIER, actor=member)
    Notice.objects.all().delete()
    return part, member


def seen(part):
    """State, and units (ordered, not supplied, returned) of each line, as the database has them."""
    lines = part.lines.order_by("pk").values_list("quantity", "cancelled_quantity", "returned_quantity")
    return VendorOrder.objects.get(pk=part.pk).state, list(lines)
