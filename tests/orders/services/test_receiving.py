"""Goods that arrived: by the hand-over code, by the buyer's word; and a buyer who cancels in time."""

import pytest
from django.contrib.auth.models import AnonymousUser

from notices.models import Notice
from orders.errors import AnsweredAlready, CashFirst, WrongCode
from orders.models import Order, Shipment, VendorOrder
from orders.services.cancelling import cancel_by_buyer
from orders.services.fulfilment import ShipmentData, accept, confirm_received, ship
from orders.services.packing import pack
from orders.services.receiving import MOST_WRONG_CODES, receive_by_code
from tests.factories.people import PersonFactory
from tests.orders.services.parts_of_sales import released_part, seen
from tests.support.race import race
from tests.support.sale import a_listing, notice_kinds, stock_of

pytestmark = pytest.mark.django_db

BUS = ShipmentData(carrier=Shipment.Carrier.VEHICLE, vehicle_number="BP-1-A1234")


def part_on_the_bus(units=2, *, is_paid=True):
    part, member = released_part((a_listing(), units), is_paid=is_paid)
    accept(part, actor=member)
    ship(part, BUS, actor=member)
    Notice.objects.all().delete()
    return part, part.shipments.get().code


def test_the_code_delivers_and_the_share_is_kept_back_as_always():
    part, code = part_on_the_bus()

    said = [receive_by_code(part.number.lower(), f" {code[:3]} {code[3:]} ") for _try in range(2)]

    part.refresh_from_db()
    assert said == [part, part]
    assert (part.state, part.confirmed_at) == ("delivered", None)
    assert (part.payable_from - part.delivered_at).days == 7
    assert set(notice_kinds()) == {"sale_received email", "vendor_order_delivered email"}
    assert part.shipments.get().received_at is not None


@pytest.mark.parametrize("digits", ["०१२३४५६७८९", "༠༡༢༣༤༥༦༧༨༩"])
def test_number_and_code_may_be_typed_in_the_digits_of_the_reader(digits):
    part, code = part_on_the_bus()
    own = str.maketrans("0123456789", digits)

    receive_by_code(part.number.translate(own), code.translate(own))

    part.refresh_from_db()
    assert part.state == "delivered"


def test_a_part_in_two_shipments_is_delivered_with_the_second_code():
    part, member = released_part((a_listing(), 2))
    accept(part, actor=member)
    (key,) = part.lines.values_list("pk", flat=True)
    for place in (1, 2):
        pack(part, {key: 1}, seen=place - 1, actor=member)
        ship(part, BUS, actor=member, packages=[place])
    Shipment.objects.filter(vendor_order=part).update(code="111111")
    Shipment.objects.filter(packages__place=2).update(code="222222")

    receive_by_code(part.number, "111111")
    half = seen(part)[0]
    receive_by_code(part.number, "222222")

    assert (half, seen(part)[0]) == ("shipped", "delivered")


@pytest.mark.parametrize("typed", ["", "12345", "0000000", "abcdef"])
def test_a_wrong_code_changes_nothing(typed):
    part, _code = part_on_the_bus()

    with pytest.raises(WrongCode):
        receive_by_code(part.number, typed)

    assert (seen(part)[0], notice_kinds()) == ("shipped", [])
    assert part.shipments.get().wrong_codes == 1


@pytest.mark.parametrize("number", ["", "x", "7K3M-2291-9X-1", "7K3M22919X-99999999"])
def test_a_number_that_nobody_has_is_answered_alike(number):
    with pytest.raises(WrongCode):
        receive_by_code(number, "123456")


def test_after_many_wrong_codes_the_right_one_is_not_heard_any_more():
    part, _code = part_on_the_bus()
    Shipment.objects.update(code="123456")
    for _try in range(MOST_WRONG_CODES):
        with pytest.raises(WrongCode):
            receive_by_code(part.number, "000000")

    with pytest.raises(WrongCode):
        receive_by_code(part.number, "123456")

    assert seen(part)[0] == "shipped"
    assert confirm_received(part, actor=None) is True


@pytest.mark.parametrize("who", ["member", "buyer", "guest"])
def test_strangers_do_not_use_up_the_tries_of_those_who_may_see_the_order(who):
    part, _code = part_on_the_bus()
    Shipment.objects.update(code="123456", wrong_codes=MOST_WRONG_CODES)
    Order.objects.update(user=PersonFactory())
    known = {
        "member": {"viewer": part.vendor.memberships.first().user},
        "buyer": {"viewer": Order.objects.get().user},
        "guest": {"viewer": AnonymousUser(), "proved": [part.order.number]},
    }[who]

    for stranger in ({}, {"viewer": PersonFactory()}, {"viewer": AnonymousUser(), "proved": ["x"]}):
        with pytest.raises(WrongCode):
            receive_by_code(part.number, "123456", **stranger)
    with pytest.raises(WrongCode):
        receive_by_code(part.number, "000000", **known)
    tries = Shipment.objects.values_list("wrong_codes", "own_wrong_codes").get()
    receive_by_code(part.number, "123456", **known)

    assert (tries, seen(part)[0]) == ((MOST_WRONG_CODES, 1), "delivered")


def test_who_may_see_the_order_has_ten_tries_too():
    part, _code = part_on_the_bus()
    Shipment.objects.update(code="123456")
    known = {"viewer": None, "proved": [part.order.number]}
    for _try in range(MOST_WRONG_CODES):
        with pytest.raises(WrongCode):
            receive_by_code(part.number, "000000", **known)

    with pytest.raises(WrongCode):
        receive_by_code(part.number, "123456", **known)
    receive_by_code(part.number, "123456")

    assert seen(part)[0] == "delivered"


def test_goods_to_be_paid_at_the_door_need_their_cash():
    part, code = part_on_the_bus(is_paid=False)

    with pytest.raises(CashFirst):
        receive_by_code(part.number, code)

    assert (seen(part)[0], part.shipments.get().received_at) == ("shipped", None)


def test_the_group_hears_that_the_buyer_has_the_goods_once():
    part, _code = part_on_the_bus()

    said = [confirm_received(part, actor=None) for _try in range(2)]

    assert (said, set(notice_kinds())) == ([True, False], {"sale_received email"})


def test_a_buyer_cancels_before_the_group_has_said_yes():
    listing = a_listing()
    part, _member = released_part((listing, 2))

    said = [cancel_by_buyer(part, actor=None) for _try in range(2)]

    assert said == [True, False]
    assert (seen(part), stock_of(listing)) == (("cancelled", [(2, 2, 0)]), (10, 0))
    assert set(notice_kinds()) == {"part_cancelled_by_buyer email", "sale_cancelled_by_buyer email"}


def test_a_buyer_does_not_cancel_what_was_accepted():
    listing = a_listing()
    part, member = released_part((listing, 2))
    accept(part, actor=member)

    with pytest.raises(AnsweredAlready):
        cancel_by_buyer(part, actor=None)

    assert (seen(part), stock_of(listing)) == (("accepted", [(2, 0, 0)]), (10, 2))


@pytest.mark.django_db(transaction=True)
def test_a_yes_beside_a_buyer_who_cancels_has_one_result():
    listing = a_listing()
    part, member = released_part((listing, 2))
    calls = [lambda: accept(part, actor=member), lambda: cancel_by_buyer(part, actor=None)]

    outcomes = race(lambda: calls.pop()(), contenders=2)

    moves = [event.to_state for event in part.events.order_by("pk")][2:]
    state = VendorOrder.objects.get().state
    assert moves == [state]
    assert len([error for error in outcomes if error]) == 1
    assert stock_of(listing) == (10, 2 if state == "accepted" else 0)
