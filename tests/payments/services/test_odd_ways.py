"""Odd ways of an order through packing, sending and giving up: stock, money and books agree after each step."""

from datetime import timedelta
from decimal import Decimal

import pytest

from marketplace.lib.states import IllegalTransition
from orders.errors import AnsweredAlready
from orders.models import Shipment, VendorOrder
from orders.services.cancelling import cancel, cancel_by_buyer, cancel_unanswered, supply_short
from orders.services.fulfilment import ShipmentData, accept, confirm_received, deliver, ship
from orders.services.packing import pack, unpack
from orders.services.receiving import receive_by_code
from orders.services.rest_clock import keep_rest_clock
from orders.services.returning import take_back
from payments.errors import CashNotDue
from payments.models import CashCollection, Difference, Refund
from payments.services.cash import close_finished_orders, collect_cash
from payments.services.owed import refund_what_is_owed
from payments.services.reconciling import reconcile
from payments.services.refunds import make_waiting_refunds
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.payments.given import cash_order
from tests.support.refunds import balances, paid_order, parts_of
from tests.support.sale import a_listing, states_of, stock_of

pytestmark = pytest.mark.django_db

D = Decimal
WHY = "It was torn"
BUS = ShipmentData(carrier=Shipment.Carrier.VEHICLE, vehicle_number="BP-1-A1234")


def settled():
    """Refund what is owed until nothing is; then the books must agree."""
    while refund_what_is_owed():
        make_waiting_refunds()
    make_waiting_refunds()
    close_finished_orders()
    assert reconcile().is_clean, list(Difference.objects.values_list("key", "expected", "found"))


def refunds():
    return list(Refund.objects.order_by("pk").values_list("amount", "reason", "state"))


def goods():
    vendor = VendorFactory(commission_rate=D("0.0700"))
    return (a_listing("33.33", vendor=vendor), 5), (a_listing("0.07", vendor=vendor), 3)


def test_a_part_that_is_sent_in_pieces_short_of_the_rest_and_brought_back_agrees_at_every_step(fake_provider):
    order, _attempt = paid_order(fake_provider, *goods())
    (part,), member = parts_of(order), PersonFactory()
    many, few = part.lines.order_by("pk")
    accept(part, actor=member)
    pack(part, {many.pk: 2, few.pk: 3}, seen=0, actor=member)
    pack(part, {many.pk: 3}, seen=1, actor=member)
    unpack(part, 2, actor=member)
    pack(part, {many.pk: 3}, seen=2, actor=member)
    supply_short(part, {many.pk: 1}, actor=member, reason=WHY)
    settled()
    ship(part, BUS, actor=member, packages=[1])
    with pytest.raises(IllegalTransition):
        cancel(part, actor=member, reason=WHY)
    with pytest.raises(AnsweredAlready):
        cancel_by_buyer(part, actor=None)
    with pytest.raises(IllegalTransition):
        deliver(part, actor=member)
    assert not cancel_unanswered(part, now=part.created_at + timedelta(days=365))
    settled()

    supply_short(part, {many.pk: 3}, actor=member, reason=WHY)
    settled()
    confirm_received(part, actor=None)
    take_back(part, {many.pk: 2, few.pk: 3}, actor=member, reason=WHY)
    settled()

    assert refunds() == [
        (D("33.33"), "not_supplied", "succeeded"),
        (D("66.66"), "not_supplied", "succeeded"),
        (D("66.87"), "returned", "succeeded"),
    ]
    assert states_of(order)[1] == ["returned"]
    assert [stock_of(line.product) for line in (many, few)] == [(8, 0), (7, 0)]


def test_a_part_short_before_the_answer_and_given_up_by_the_clock_is_refunded_with_its_delivery(
    fake_provider,
):
    order, _attempt = paid_order(fake_provider, *goods())
    (part,) = parts_of(order)
    many, few = part.lines.order_by("pk")
    supply_short(part, {many.pk: 4}, actor=PersonFactory(), reason=WHY)
    settled()
    part.refresh_from_db()

    cancel_unanswered(part, now=part.released_at + timedelta(days=365))
    settled()

    assert sum(amount for amount, _why, _state in refunds()) == part.total
    assert balances(vendor=part.vendor) == {}
    assert [stock_of(line.product) for line in (many, few)] == [(10, 0), (10, 0)]


def test_a_rest_that_never_goes_is_refunded_by_the_clock_and_the_books_agree(fake_provider):
    order, _attempt = paid_order(fake_provider, *goods())
    (part,), member = parts_of(order), PersonFactory()
    many, few = part.lines.order_by("pk")
    accept(part, actor=member)
    pack(part, {many.pk: 2, few.pk: 3}, seen=0, actor=member)
    ship(part, BUS, actor=member, packages=[1])

    late = part.shipments.get().shipped_at + timedelta(days=14)
    done = [keep_rest_clock(late) for _try in range(2)]
    settled()

    assert done == [(0, 1), (0, 0)]
    assert refunds() == [(D("99.99"), "not_supplied", "succeeded")]
    assert states_of(order)[1] == ["shipped"]
    assert [stock_of(line.product) for line in (many, few)] == [(8, 0), (7, 0)]


def test_cash_is_owed_for_what_came_of_a_part_that_was_sent_in_pieces(fake_provider):
    order = cash_order(*goods())
    (part,), member = parts_of(order), PersonFactory()
    many, few = part.lines.order_by("pk")
    accept(part, actor=member)
    pack(part, {many.pk: 2}, seen=0, actor=member)
    ship(part, BUS, actor=member, packages=[1])
    receive_by_code(part.number, part.shipments.get().code)
    with pytest.raises(CashNotDue):
        collect_cash(part, actor=member)
    supply_short(part, {few.pk: 3, many.pk: 3}, actor=member, reason=WHY)
    settled()
    assert states_of(order) == ("pay_on_delivery", ["shipped"])

    said = [collect_cash(VendorOrder.objects.get(pk=part.pk), actor=member) for _try in range(2)]
    settled()

    assert said == [True, False]
    assert CashCollection.objects.get().amount == D("66.66") + part.delivery_price
    assert states_of(order) == ("paid", ["delivered"])
    assert [stock_of(line.product) for line in (many, few)] == [(8, 0), (10, 0)]
