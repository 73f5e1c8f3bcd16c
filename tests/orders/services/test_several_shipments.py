"""Goods in several shipments: each has its own clock, the part is delivered when all are, masked 14 days later."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.lib.states import IllegalTransition
from orders.models import Shipment, VendorOrder
from orders.policies import can_see_buyer
from orders.services.fulfilment import ShipmentData, accept, confirm_received, deliver, deliver_overdue, ship
from orders.services.packing import pack
from orders.services.receiving import receive_by_code
from tests.orders.services.parts_of_sales import released_part, seen
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db

BUS = ShipmentData(carrier=Shipment.Carrier.VEHICLE, vehicle_number="BP-1-A1234")


def part_on_two_buses(*, days_between=10):
    """A part whose second half left some days after the first; its shipments with codes 111111 and 222222."""
    part, member = released_part((a_listing(), 2))
    accept(part, actor=member)
    (key,) = part.lines.values_list("pk", flat=True)
    pack(part, {key: 1}, seen=0, actor=member)
    ship(part, BUS, actor=member, packages=[1])
    ship(part, BUS, actor=member)
    first, second = part.shipments.order_by("pk")
    first.code, second.code = "111111", "222222"
    second.shipped_at = first.shipped_at + timedelta(days=days_between)
    for shipment in (first, second):
        shipment.save()
    return VendorOrder.objects.get(pk=part.pk), first, second


def due_after(part, shipment):
    """The first moment at which a shipment must have come."""
    return shipment.shipped_at + timedelta(days=part.delivery_days_max + 14, microseconds=1)


def test_the_clock_waits_for_the_last_shipment():
    part, first, second = part_on_two_buses()

    done = [deliver_overdue(due_after(part, shipment)) for shipment in (first, second)]

    assert (done, seen(part)[0]) == ([0, 1], "delivered")


def test_a_last_shipment_that_was_received_leaves_the_clock_of_the_first():
    part, first, _second = part_on_two_buses()
    receive_by_code(part.number, "222222")

    now = due_after(part, first)
    done = [deliver_overdue(now - timedelta(microseconds=1)), deliver_overdue(now)]

    assert (done, seen(part)[0]) == ([0, 1], "delivered")


def test_a_first_shipment_that_was_received_does_not_hurry_the_last():
    part, first, second = part_on_two_buses()
    receive_by_code(part.number, "111111")

    done = [deliver_overdue(due_after(part, shipment)) for shipment in (first, second)]

    assert (done, seen(part)[0]) == ([0, 1], "delivered")


def test_nothing_is_delivered_while_some_is_still_with_the_group():
    part, member = released_part((a_listing(), 2))
    accept(part, actor=member)
    (key,) = part.lines.values_list("pk", flat=True)
    pack(part, {key: 1}, seen=0, actor=member)
    ship(part, BUS, actor=member, packages=[1])
    receive_by_code(part.number, part.shipments.get().code)

    with pytest.raises(IllegalTransition):
        deliver(part, actor=member)
    with pytest.raises(IllegalTransition):
        confirm_received(part, actor=None)
    done = deliver_overdue(timezone.now() + timedelta(days=999))

    part.refresh_from_db()
    assert (done, part.state, part.delivered_at, part.payable_from) == (0, "accepted", None, None)


def test_the_buyer_is_shown_until_14_days_after_the_last_shipment_came():
    part, _first, _second = part_on_two_buses()
    receive_by_code(part.number, "111111")
    part.refresh_from_db()
    between = can_see_buyer(part, now=timezone.now() + timedelta(days=999))

    receive_by_code(part.number, "222222")

    part.refresh_from_db()
    end = part.delivered_at + timedelta(days=14)
    shown = [can_see_buyer(part, now=end + timedelta(microseconds=late)) for late in (0, 1)]
    assert (between, shown) == (True, [True, False])
