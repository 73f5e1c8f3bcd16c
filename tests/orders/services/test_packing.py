"""Packages: what goes in, what comes out, and what leaves in several shipments; no unit twice."""

import pytest
from django.db import IntegrityError, transaction

from marketplace.lib.states import IllegalTransition
from notices.models import Notice
from orders.errors import PackageGone, PackedMeanwhile, UnitsNotThere
from orders.models import Line, Package, Shipment, VendorOrder
from orders.services.cancelling import cancel, supply_short
from orders.services.fulfilment import ShipmentData, accept, ship
from orders.services.packing import pack, unpack
from tests.orders.services.parts_of_sales import COURIER, released_part, seen
from tests.support.race import pausing, race
from tests.support.sale import a_listing, notice_kinds, stock_of

pytestmark = pytest.mark.django_db

BUS = ShipmentData(carrier=Shipment.Carrier.VEHICLE, vehicle_number="BP-1-A1234", driver_name="Karma")


def accepted_part(*goods):
    """A part whose group has said yes, a member, and the keys of its lines."""
    part, member = released_part(*goods)
    accept(part, actor=member)
    Notice.objects.all().delete()
    return part, member, [line.pk for line in part.lines.order_by("pk")]


def boxes(part):
    """Content of each package by its number, and whether it has left."""
    return {
        package.place: ([line.quantity for line in package.lines.order_by("line")], bool(package.shipment_id))
        for package in part.packages.order_by("place")
    }


def counted(part):
    """Units (ordered, packed, sent) of each line."""
    return list(part.lines.order_by("pk").values_list("quantity", "packed_quantity", "shipped_quantity"))


def test_a_part_is_packed_when_its_last_unit_lies_in_a_package():
    part, member, (key,) = accepted_part((a_listing(), 3))

    pack(part, {key: 2}, seen=0, actor=member)
    half = (seen(part)[0], counted(part))
    pack(part, {key: 1}, seen=1, actor=member)

    assert half == ("accepted", [(3, 2, 0)])
    assert (seen(part)[0], counted(part)) == ("packed", [(3, 3, 0)])
    assert boxes(part) == {1: ([2], False), 2: ([1], False)}


def test_the_same_package_sent_twice_is_packed_once():
    part, member, (key,) = accepted_part((a_listing(), 4))

    said = [pack(part, {key: 2}, seen=0, actor=member) for _try in range(2)]

    assert (said, boxes(part)) == ([True, False], {1: ([2], False)})


def test_who_packs_on_an_old_page_is_told_and_nothing_changes():
    part, member, (key,) = accepted_part((a_listing(), 4))
    pack(part, {key: 2}, seen=0, actor=member)

    with pytest.raises(PackedMeanwhile):
        pack(part, {key: 1}, seen=0, actor=member)

    assert (boxes(part), counted(part)) == ({1: ([2], False)}, [(4, 2, 0)])


@pytest.mark.parametrize("units", [0, 4, -1])
def test_a_package_holds_what_the_order_has(units):
    part, member, (key,) = accepted_part((a_listing(), 3))

    with pytest.raises(UnitsNotThere):
        pack(part, {key: units}, seen=0, actor=member)

    assert (boxes(part), counted(part)) == ({}, [(3, 0, 0)])


def test_goods_are_not_packed_before_the_group_has_said_yes():
    part, member = released_part((a_listing(), 3))

    with pytest.raises(IllegalTransition):
        pack(part, {part.lines.get().pk: 1}, seen=0, actor=member)

    assert boxes(part) == {}


def test_an_opened_package_gives_its_units_back_once():
    part, member, (key,) = accepted_part((a_listing(), 3))
    pack(part, {key: 3}, seen=0, actor=member)

    said = [unpack(part, 1, actor=member) for _try in range(2)]

    assert said == [True, False]
    assert (seen(part)[0], boxes(part), counted(part)) == ("accepted", {}, [(3, 0, 0)])


def test_the_number_of_an_opened_package_is_not_used_again():
    """A page that was made before names the old package, and must not act on a new one."""
    part, member, (key,) = accepted_part((a_listing(), 4))
    pack(part, {key: 4}, seen=0, actor=member)
    unpack(part, 1, actor=member)

    with pytest.raises(PackedMeanwhile):
        pack(part, {key: 4}, seen=0, actor=member)
    pack(part, {key: 2}, seen=1, actor=member)
    with pytest.raises(PackageGone):
        ship(part, BUS, actor=member, packages=[1])

    assert unpack(part, 1, actor=member) is False
    assert (boxes(part), counted(part)) == ({2: ([2], False)}, [(4, 2, 0)])


def test_who_sends_everything_on_an_old_page_is_told_and_nothing_leaves():
    listing = a_listing()
    part, member, (key,) = accepted_part((listing, 4))
    pack(part, {key: 2}, seen=0, actor=member)

    with pytest.raises(PackedMeanwhile):
        ship(part, BUS, actor=member, seen=0)
    unchanged = (boxes(part), stock_of(listing))
    said = [ship(part, BUS, actor=member, seen=1) for _try in range(2)]

    assert unchanged == ({1: ([2], False)}, (10, 4))
    assert (said, boxes(part), stock_of(listing)) == (
        [True, False],
        {1: ([2], True), 2: ([2], True)},
        (6, 0),
    )


def test_a_package_that_has_left_is_not_opened():
    part, member, (key,) = accepted_part((a_listing(), 3))
    pack(part, {key: 1}, seen=0, actor=member)
    ship(part, BUS, actor=member, packages=[1])

    assert unpack(part, 1, actor=member) is False
    assert (boxes(part), counted(part)) == ({1: ([1], True)}, [(3, 1, 1)])


def test_goods_leave_in_several_shipments_and_the_last_one_ships_the_part():
    listing = a_listing()
    part, member, (key,) = accepted_part((listing, 5))
    pack(part, {key: 2}, seen=0, actor=member)
    pack(part, {key: 3}, seen=1, actor=member)

    ship(part, BUS, actor=member, packages=[1])
    first = (seen(part)[0], stock_of(listing), notice_kinds())
    ship(part, COURIER, actor=member, packages=[2])

    assert first == ("packed", (8, 3), ["package_shipped email"])
    assert (seen(part)[0], stock_of(listing)) == ("shipped", (5, 0))
    assert notice_kinds() == ["package_shipped email", "vendor_order_shipped email"]
    by_bus, by_courier = part.shipments.order_by("pk")
    assert (len(by_bus.code), by_courier.code) == (6, "")
    told = Notice.objects.get(kind="package_shipped").context
    assert (told["goods"].split(" x ")[0], by_bus.code in told["hand_over"]) == ("2", True)


def test_a_package_that_has_left_is_not_sent_again():
    listing = a_listing()
    part, member, (key,) = accepted_part((listing, 5))
    pack(part, {key: 2}, seen=0, actor=member)
    pack(part, {key: 3}, seen=1, actor=member)
    ship(part, BUS, actor=member, packages=[1])

    again = ship(part, COURIER, actor=member, packages=[1])
    with pytest.raises(PackageGone):
        ship(part, COURIER, actor=member, packages=[1, 2])
    with pytest.raises(PackageGone):
        ship(part, COURIER, actor=member, packages=[3])

    assert again is False
    assert (part.shipments.count(), stock_of(listing), counted(part)) == (1, (8, 3), [(5, 5, 2)])


def test_what_is_still_there_goes_in_one_package_when_none_is_named():
    listing = a_listing()
    part, member, (key,) = accepted_part((listing, 5))
    pack(part, {key: 2}, seen=0, actor=member)

    said = [ship(part, COURIER, actor=member) for _try in range(2)]

    assert said == [True, False]
    assert boxes(part) == {1: ([2], True), 2: ([3], True)}
    assert (seen(part)[0], stock_of(listing), part.shipments.count()) == ("shipped", (5, 0), 1)


def test_missing_units_are_taken_out_of_packages_that_have_not_left():
    listing = a_listing()
    part, member, (key,) = accepted_part((listing, 5))
    pack(part, {key: 2}, seen=0, actor=member)
    pack(part, {key: 3}, seen=1, actor=member)

    supply_short(part, {key: 4}, actor=member, reason="broken")

    assert (boxes(part), counted(part)) == ({1: ([1], False)}, [(5, 1, 0)])
    assert (seen(part), stock_of(listing)) == (("packed", [(5, 4, 0)]), (10, 1))


def test_when_the_rest_is_missing_what_has_left_ships_the_part():
    listing = a_listing()
    part, member, (key,) = accepted_part((listing, 5))
    pack(part, {key: 2}, seen=0, actor=member)
    ship(part, BUS, actor=member, packages=[1])

    supply_short(part, {key: 3}, actor=member, reason="broken")

    assert (seen(part), stock_of(listing)) == (("shipped", [(5, 3, 0)]), (8, 0))


def test_units_that_have_left_are_neither_missing_nor_cancelled():
    listing = a_listing()
    part, member, (key,) = accepted_part((listing, 5))
    pack(part, {key: 2}, seen=0, actor=member)
    ship(part, BUS, actor=member, packages=[1])

    with pytest.raises(UnitsNotThere):
        supply_short(part, {key: 4}, actor=member, reason="broken")
    with pytest.raises(IllegalTransition):
        cancel(part, actor=member, reason="broken")

    assert (seen(part), stock_of(listing)) == (("accepted", [(5, 0, 0)]), (8, 3))


def test_a_cancelled_part_has_no_packages_and_its_stock_is_free():
    listing = a_listing()
    part, member, (key,) = accepted_part((listing, 5))
    pack(part, {key: 5}, seen=0, actor=member)

    cancel(part, actor=member, reason="broken")

    assert (seen(part), boxes(part), stock_of(listing)) == (("cancelled", [(5, 5, 0)]), {}, (10, 0))


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"packed_quantity": 4}, "order_line_packs_what_it_has"),
        ({"packed_quantity": 3, "cancelled_quantity": 1}, "order_line_packs_what_it_has"),
        ({"packed_quantity": 1, "shipped_quantity": 2}, "order_line_sends_what_is_packed"),
    ],
)
def test_the_database_refuses_units_packed_or_sent_twice(changes, constraint):
    part, _member, _keys = accepted_part((a_listing(), 3))

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Line.objects.filter(vendor_order=part).update(**changes)


@pausing
def lost_lock(vendor_order):
    """The part as it was read, without any lock on it, when everybody has read it."""
    return VendorOrder.objects.select_related("order__user", "vendor").get(pk=vendor_order.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
def test_two_members_who_send_the_last_package_at_once_send_it_once(is_guarded, monkeypatch):
    """Without the lock the database still lets the package leave once, but the other is not told kindly."""
    listing = a_listing()
    part, member, (key,) = accepted_part((listing, 2))
    pack(part, {key: 2}, seen=0, actor=member)
    if not is_guarded:
        monkeypatch.setattr("orders.services.fulfilment.lock_part", lost_lock)
    said = []

    outcomes = race(lambda: said.append(ship(part, COURIER, actor=member, packages=[1])), contenders=4)

    assert sorted(said, reverse=True)[:1] == [True]
    assert said.count(True) == part.shipments.count() == 1
    assert (stock_of(listing), counted(part)) == ((8, 0), [(2, 2, 2)])
    refused = [error for error in outcomes if error]
    if is_guarded:
        assert refused == []
    else:
        assert {type(error) for error in refused} <= {PackageGone, IllegalTransition}
        assert refused


@pytest.mark.django_db(transaction=True)
def test_two_packers_who_say_yes_at_once_say_it_once():
    part, member = released_part((a_listing(), 2))
    said = []

    outcomes = race(lambda: said.append(accept(part, actor=member)), contenders=4)

    assert outcomes == [None] * 4
    assert sorted(said) == [False, False, False, True]
    assert [event.to_state for event in part.events.order_by("pk")][2:] == ["accepted"]
    assert notice_kinds() == ["part_accepted email"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
def test_two_packers_who_pack_the_same_units_at_once_pack_them_once(is_guarded, monkeypatch):
    part, member, (key,) = accepted_part((a_listing(), 3))
    if not is_guarded:
        monkeypatch.setattr("orders.services.packing.lock_part", lost_lock)

    outcomes = race(lambda: pack(part, {key: 3}, seen=0, actor=member), contenders=4)

    assert (boxes(part), counted(part)) == ({1: ([3], False)}, [(3, 3, 0)])
    refused = {type(error) for error in outcomes if error}
    assert refused == set() if is_guarded else IntegrityError in refused
    assert Package.objects.count() == 1
