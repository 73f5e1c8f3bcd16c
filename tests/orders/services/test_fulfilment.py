"""A group accepts and ships its part: once, in order, and the buyer hears of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.lib.states import IllegalTransition
from notices.models import Notice
from orders.errors import CashFirst, ShipmentIncomplete
from orders.models import Shipment, VendorOrder, VendorOrderEvent
from orders.services import fulfilment
from orders.services.fulfilment import (
    ShipmentData,
    accept,
    confirm_received,
    deliver,
    deliver_overdue,
    ship,
)
from orders.services.releasing import lock_order, release
from orders.services.returning import take_back
from tests.factories.vendors import MembershipFactory
from tests.orders.services.parts_of_sales import shipped_part
from tests.support.race import race
from tests.support.sale import a_listing, notice_kinds, placed_order, stock_of

pytestmark = pytest.mark.django_db

COURIER = ShipmentData(
    carrier=Shipment.Carrier.COURIER, courier_name="Bhutan Post", tracking_number="EE123456789BT"
)
TAXI = ShipmentData(
    carrier=Shipment.Carrier.VEHICLE,
    vehicle_number="BP-1-A1234",
    driver_name="Karma",
    driver_phone="+97517000000",
)


def released_part(listing, quantity=2):
    """A vendor order that was paid for, and its chair."""
    order = placed_order((listing, quantity))
    with transaction.atomic():
        release(lock_order(order.pk))
    Notice.objects.all().delete()
    return order.vendor_orders.get(), MembershipFactory(vendor=listing.vendor).user


def moves_of(part):
    return [(event.from_state, event.to_state, event.actor) for event in part.events.all()][2:]


@pytest.mark.parametrize(
    ("data", "tracking"),
    [(COURIER, "Bhutan Post EE123456789BT"), (TAXI, "BP-1-A1234, Karma, +97517000000")],
)
def test_accepted_and_shipped_goods_leave_the_store_and_the_buyer_hears_of_it(data, tracking):
    listing = a_listing()
    part, chair = released_part(listing)

    accepted = accept(part, actor=chair)
    shipped = ship(part, data, actor=chair)

    part.refresh_from_db()
    assert (accepted, shipped, part.state) == (True, True, "shipped")
    assert stock_of(listing) == (8, 0)
    assert moves_of(part) == [("new", "accepted", chair), ("accepted", "shipped", chair)]
    said_yes, notice = Notice.objects.order_by("pk")
    assert (said_yes.kind, said_yes.channel) == ("part_accepted", "email")
    assert (notice.kind, notice.channel, notice.context["tracking"]) == (
        "vendor_order_shipped",
        "email",
        tracking,
    )


def test_said_twice_is_said_once():
    listing = a_listing()
    part, chair = released_part(listing)
    accept(part, actor=chair)
    ship(part, COURIER, actor=chair)

    again = (ship(part, TAXI, actor=chair), ship(part, COURIER, actor=chair))

    assert again == (False, False)
    assert stock_of(listing) == (8, 0)
    assert Shipment.objects.get().tracking_number == "EE123456789BT"
    assert notice_kinds() == ["part_accepted email", "vendor_order_shipped email"]
    assert len(moves_of(part)) == 2


def test_accepting_twice_is_accepting_once():
    part, chair = released_part(a_listing())

    first, second = accept(part, actor=chair), accept(part, actor=chair)

    assert (first, second) == (True, False)
    assert moves_of(part) == [("new", "accepted", chair)]


def test_goods_cannot_leave_before_the_group_has_said_yes():
    listing = a_listing()
    part, chair = released_part(listing)

    with pytest.raises(IllegalTransition):
        ship(part, COURIER, actor=chair)

    assert VendorOrder.objects.get().state == "new"
    assert (stock_of(listing), Shipment.objects.count(), notice_kinds()) == ((10, 2), 0, [])


def test_an_order_that_is_not_paid_cannot_be_accepted_or_shipped():
    listing = a_listing()
    order = placed_order((listing, 2))
    part, chair = order.vendor_orders.get(), MembershipFactory(vendor=listing.vendor).user
    before = VendorOrderEvent.objects.count()

    with pytest.raises(IllegalTransition):
        accept(part, actor=chair)
    with pytest.raises(IllegalTransition):
        ship(part, COURIER, actor=chair)

    assert VendorOrder.objects.get().state == "awaiting_payment"
    assert (stock_of(listing), VendorOrderEvent.objects.count()) == ((10, 2), before)


@pytest.mark.parametrize(
    "data",
    [
        ShipmentData(carrier=Shipment.Carrier.COURIER, courier_name="Bhutan Post", vehicle_number="BP-1"),
        ShipmentData(carrier=Shipment.Carrier.VEHICLE, driver_name="Karma", tracking_number="EE1"),
        ShipmentData(carrier=Shipment.Carrier.COURIER, tracking_number="   "),
        ShipmentData(carrier=Shipment.Carrier.VEHICLE, vehicle_number=" \t"),
    ],
)
def test_goods_cannot_leave_without_a_number_to_follow(data):
    listing = a_listing()
    part, chair = released_part(listing)
    accept(part, actor=chair)

    with pytest.raises(ShipmentIncomplete, match="courier's number, or the vehicle"):
        ship(part, data, actor=chair)

    assert VendorOrder.objects.get().state == "accepted"
    assert (stock_of(listing), Shipment.objects.count(), notice_kinds()) == (
        (10, 2),
        0,
        ["part_accepted email"],
    )


def test_the_database_refuses_a_shipment_that_cannot_be_followed():
    part, chair = released_part(a_listing())
    accept(part, actor=chair)
    ship(part, COURIER, actor=chair)

    with pytest.raises(IntegrityError, match="shipment_can_be_followed"), transaction.atomic():
        Shipment.objects.update(tracking_number="")

    assert Shipment.objects.get().tracking_number == "EE123456789BT"


@pytest.mark.django_db(transaction=True)
def test_two_members_who_ship_at_once_ship_once():
    listing = a_listing()
    part, chair = released_part(listing)
    accept(part, actor=chair)

    outcomes = race(lambda: ship(part, COURIER, actor=chair), contenders=6)

    assert outcomes == [None] * 6
    assert Shipment.objects.count() == 1
    assert stock_of(listing) == (8, 0)
    assert notice_kinds() == ["part_accepted email", "vendor_order_shipped email"]


def test_delivered_goods_are_payable_after_the_holding_time(settings):
    settings.HOLD_DAYS = 7
    part, chair = shipped_part((a_listing(), 2))
    before = timezone.now()

    said = [deliver(part, actor=chair), deliver(part, actor=None)]

    part.refresh_from_db()
    assert (said, part.state, part.confirmed_at) == ([True, False], "delivered", None)
    assert before <= part.delivered_at <= timezone.now()
    assert part.payable_from - part.delivered_at == timedelta(days=7)
    assert notice_kinds() == ["vendor_order_delivered email"]


@pytest.mark.parametrize("is_delivered", [True, False])
def test_a_buyer_who_confirms_makes_the_share_payable_at_once(is_delivered):
    part, chair = shipped_part((a_listing(), 2))
    if is_delivered:
        deliver(part, actor=chair)

    said = [confirm_received(part, actor=None), confirm_received(part, actor=None)]

    part.refresh_from_db()
    assert (said, part.state) == ([True, False], "delivered")
    assert part.delivered_at <= part.confirmed_at == part.payable_from <= timezone.now()
    assert deliver(part, actor=chair) is False


def test_what_has_not_left_is_neither_delivered_nor_confirmed():
    part, chair = released_part(a_listing())

    with pytest.raises(IllegalTransition):
        deliver(part, actor=chair)
    with pytest.raises(IllegalTransition):
        confirm_received(part, actor=None)

    part.refresh_from_db()
    assert (part.state, part.delivered_at, part.payable_from) == ("new", None, None)


def test_what_came_back_is_not_confirmed():
    part, chair = shipped_part((a_listing(), 2))
    take_back(part, {part.lines.get().pk: 2}, actor=chair, reason="The wrong size")

    with pytest.raises(IllegalTransition):
        confirm_received(part, actor=None)

    part.refresh_from_db()
    assert (part.state, part.confirmed_at) == ("returned", None)


def test_goods_to_be_paid_at_the_door_are_there_when_the_cash_is():
    part, chair = shipped_part((a_listing(), 2), is_paid=False)

    with pytest.raises(CashFirst):
        deliver(part, actor=chair)
    with pytest.raises(CashFirst):
        confirm_received(part, actor=None)

    part.refresh_from_db()
    assert (part.state, part.delivered_at, notice_kinds()) == ("shipped", None, [])


def overdue_at(part):
    """The first moment at which a part has been on its way for too long."""
    promised = part.shipments.get().shipped_at + timedelta(days=part.delivery_days_max)
    return promised + timedelta(days=14, microseconds=1)


def test_what_is_long_past_its_promise_is_delivered_by_the_clock(settings):
    settings.DELIVERED_BY_TIME_DAYS, settings.HOLD_DAYS = 14, 7
    part, _chair = shipped_part((a_listing(), 2))
    now = overdue_at(part)

    done = [deliver_overdue(now - timedelta(microseconds=1)), deliver_overdue(now), deliver_overdue(now)]

    part.refresh_from_db()
    event = part.events.last()
    assert (done, part.state, event.to_state, event.actor) == ([0, 1, 0], "delivered", "delivered", None)
    assert part.payable_from - part.delivered_at == timedelta(days=7)
    assert notice_kinds() == ["vendor_order_delivered email"]


def test_the_clock_leaves_what_came_back_and_what_is_paid_at_the_door():
    returned, chair = shipped_part((a_listing(), 2))
    take_back(returned, {returned.lines.get().pk: 2}, actor=chair, reason="The wrong size")
    at_the_door, _chair = shipped_part((a_listing(), 1), is_paid=False)

    done = deliver_overdue(timezone.now() + timedelta(days=99))

    states = {VendorOrder.objects.get(pk=part.pk).state for part in (returned, at_the_door)}
    assert (done, states) == (0, {"returned", "shipped"})
    assert "vendor_order_delivered email" not in notice_kinds()


@pytest.mark.parametrize(("error", "logged"), [(IllegalTransition, 0), (ValueError, 1)])
def test_one_part_that_cannot_be_delivered_does_not_hold_up_the_others(monkeypatch, caplog, error, logged):
    first, _chair = shipped_part((a_listing(), 1))
    second, _chair = shipped_part((a_listing(), 1))
    real = fulfilment.deliver

    def refuses_the_first(part, *, actor):
        if part.pk == first.pk:
            raise error(part, "shipped", "delivered")
        return real(part, actor=actor)

    monkeypatch.setattr(fulfilment, "deliver", refuses_the_first)

    done = deliver_overdue(overdue_at(second))

    second.refresh_from_db()
    assert (done, second.state, len(caplog.records)) == (1, "delivered", logged)


@pytest.mark.django_db(transaction=True)
def test_the_clock_beside_itself_and_beside_the_buyer_delivers_once():
    part, _chair = shipped_part((a_listing(), 2))
    now = overdue_at(part)
    jobs = [lambda: confirm_received(part, actor=None), *[lambda: deliver_overdue(now)] * 3]

    outcomes = race(lambda: jobs.pop()(), contenders=4)

    part.refresh_from_db()
    assert (outcomes, part.state, part.confirmed_at == part.payable_from) == ([None] * 4, "delivered", True)
    assert part.events.filter(to_state="delivered").count() == 1
