"""Placing: the whole order with its stock, or nothing at all."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from marketplace.lib.dates import today_in
from notices.models import Notice
from orders.basket.models import Basket, Line
from orders.domain.numbers import read_order_number
from orders.services.notifying import status_key
from orders.services.placing import place_order
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.sale import (
    a_listing,
    checkout_data,
    count_of_sale_rows,
    filled_basket,
    notice_kinds,
    states_of,
    stock_of,
)

pytestmark = pytest.mark.django_db


def test_three_groups_get_their_parts_and_the_parts_sum_to_the_charge(shop):
    goods = [(a_listing(price="99.95"), 3), (a_listing(price="0.01"), 1), (a_listing(price="1234.56"), 2)]
    basket = filled_basket(*goods)

    order = place_order(basket, checkout_data(basket))

    parts = list(order.vendor_orders.order_by("pk"))
    assert [(part.vendor, part.goods_total, part.delivery_price, part.total) for part in parts] == [
        (goods[0][0].vendor, Decimal("299.85"), Decimal("60.00"), Decimal("359.85")),
        (goods[1][0].vendor, Decimal("0.01"), Decimal("60.00"), Decimal("60.01")),
        (goods[2][0].vendor, Decimal("2469.12"), Decimal("60.00"), Decimal("2529.12")),
    ]
    assert sum(part.total for part in parts) == order.total_incl_tax == Decimal("2948.98")
    assert order.shipping_incl_tax == Decimal("180.00")
    assert [part.number for part in parts] == [f"{order.number}-{place}" for place in (1, 2, 3)]
    assert [(line.vendor_order, line.quantity) for line in order.lines.order_by("pk")] == [
        (parts[0], 3),
        (parts[1], 1),
        (parts[2], 2),
    ]
    assert [stock_of(listing) for listing, _ in goods] == [(10, 3), (10, 1), (10, 2)]


def test_a_placed_order_waits_for_money_and_the_buyer_hears_of_it(shop):
    basket = filled_basket((a_listing(), 1))

    order = place_order(basket, checkout_data(basket, phone="+97517123456"))

    assert states_of(order) == ("awaiting_payment", ["awaiting_payment"])
    assert order.paid_at is None
    assert timedelta(minutes=39) < order.reserved_until - timezone.now() <= timedelta(minutes=40)
    assert read_order_number(order.number) == order.number
    assert Basket.objects.get(pk=basket.pk).status == Basket.SUBMITTED
    assert notice_kinds() == ["order_placed email", "order_placed sms"]
    context = Notice.objects.get(channel="email").context
    assert context["link"].endswith(f"/{order.number}/?key={status_key(order)}")
    assert [event.to_state for event in order.events.all()] == ["awaiting_payment"]


@pytest.mark.parametrize(
    ("email", "phone", "kinds"),
    [("dema@example.org", "", ["order_placed email"]), ("", "+97517123456", ["order_placed sms"])],
)
def test_a_guest_needs_an_email_address_or_a_phone_number(shop, email, phone, kinds):
    basket = filled_basket((a_listing(), 1))

    order = place_order(basket, checkout_data(basket, email=email, phone=phone))

    assert (order.user, order.contact_email, order.contact_phone) == (None, email, phone)
    assert notice_kinds() == kinds


def test_a_buyer_with_an_account_is_written_to_there(shop):
    buyer = PersonFactory(phone="+97517999999")
    basket = filled_basket((a_listing(), 1))

    order = place_order(basket, checkout_data(basket, user=buyer, email="", phone=""))

    assert (order.user, order.contact_email, order.contact_phone) == (buyer, buyer.email, "+97517999999")
    assert notice_kinds() == ["order_placed email", "order_placed sms"]


@pytest.mark.fault(25)
def test_the_same_basket_twice_is_the_same_order(shop):
    listing = a_listing()
    basket = filled_basket((listing, 2))
    data = checkout_data(basket)
    order = place_order(basket, data)
    before = count_of_sale_rows()

    again = place_order(basket, data)

    assert again == order
    assert count_of_sale_rows() == before
    assert stock_of(listing) == (10, 2)


@pytest.mark.fault(27)
def test_a_basket_that_was_ordered_cannot_be_edited_and_stays_the_order_it_was(shop):
    listing = a_listing()
    basket = filled_basket((listing, 2))
    order = place_order(basket, checkout_data(basket))
    Line.objects.filter(basket=basket).update(quantity=9)

    again = place_order(basket, checkout_data(basket))

    assert again == order
    assert [line.quantity for line in order.lines.all()] == [2]
    assert stock_of(listing) == (10, 2)


def test_as_much_as_a_provider_charges_at_once_can_be_ordered(shop):
    basket = filled_basket((a_listing(price="999939.99"), 1))

    order = place_order(basket, checkout_data(basket))

    assert order.total_incl_tax == Decimal("999999.99")


@pytest.mark.parametrize(("first", "last"), [(-3, -1), (1, 3)])
def test_a_closure_of_another_day_does_not_matter(shop, first, last):
    today = today_in("BT")
    vendor = VendorFactory(
        closed_from=today + timedelta(days=first), closed_until=today + timedelta(days=last)
    )
    basket = filled_basket((a_listing(vendor=vendor), 1))

    order = place_order(basket, checkout_data(basket))

    assert states_of(order) == ("awaiting_payment", ["awaiting_payment"])
