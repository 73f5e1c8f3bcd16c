"""Placing: what the database refuses, and how much it is asked."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from orders.models import Order, VendorOrder
from orders.services.placing import place_order
from tests.factories.vendors import VendorFactory
from tests.support.sale import (
    a_listing,
    checkout_data,
    filled_basket,
    placed_order,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 20])
def test_placing_takes_as_many_queries_for_one_line_of_a_group_as_for_twenty(
    shop, django_assert_num_queries, count
):
    vendor = VendorFactory()
    basket = filled_basket(*[(a_listing(vendor=vendor), 1) for _ in range(count)])
    data = checkout_data(basket)

    # Each stock record is reserved by a statement of its own; everything else is read and written at once.
    with django_assert_num_queries(35 + count):
        place_order(basket, data)


@pytest.mark.parametrize(
    ("sql", "constraint"),
    [
        ("UPDATE order_order SET total_incl_tax = 0", "order_total_is_positive"),
        ("UPDATE order_order SET guest_email = ''", "order_has_contact"),
        ("UPDATE order_order SET status = 'paid'", "order_paid_has_time"),
        ("UPDATE order_vendororder SET total = total + 0.01", "vendor_order_parts_add_up"),
        ("UPDATE order_vendororder SET goods_total = 0, total = delivery_price", "amounts_not_negative"),
        ("UPDATE order_vendororder SET delivery_price = -1, total = goods_total - 1", "amounts_not_negative"),
        ("UPDATE order_vendororder SET commission = goods_total + 0.01", "commission_within_goods"),
        ("UPDATE order_vendororder SET commission = -0.01", "commission_within_goods"),
        ("UPDATE order_line SET quantity = 0", "order_line"),
        (
            "UPDATE order_line SET line_price_incl_tax = line_price_incl_tax + 0.01",
            "order_line_price_adds_up",
        ),
        ("UPDATE basket_line SET quantity = 0", "basket_line_quantity_is_positive"),
    ],
)
def test_the_database_refuses_amounts_that_cannot_be(sql, constraint):
    order = placed_order()
    before = VendorOrder.objects.values().get()

    with pytest.raises(IntegrityError, match=constraint):
        run(sql)

    assert Order.objects.get().total_incl_tax == order.total_incl_tax == Decimal("310.00")
    assert VendorOrder.objects.values().get() == before


def test_the_database_refuses_a_second_order_of_a_basket():
    order = placed_order()
    twin = Order.objects.get(pk=order.pk)
    twin.pk, twin.number = None, "0000-0000-00"

    with pytest.raises(IntegrityError, match="order_once_per_basket"), transaction.atomic():
        twin.save()

    assert Order.objects.count() == 1


def test_the_database_refuses_a_second_part_of_the_same_group():
    part = placed_order().vendor_orders.get()
    twin = VendorOrder.objects.get(pk=part.pk)
    twin.pk, twin.number = None, f"{part.number}-2"

    with pytest.raises(IntegrityError, match="vendor_order_once_per_group"), transaction.atomic():
        twin.save()

    assert VendorOrder.objects.count() == 1


@pytest.mark.parametrize("room", [Order, VendorOrder])
def test_numbers_are_given_once(room):
    first, second = placed_order(), placed_order()
    numbers = {Order: (first, second), VendorOrder: (first.vendor_orders.get(), second.vendor_orders.get())}
    known, twin = numbers[room]
    twin.number = known.number

    with pytest.raises(IntegrityError, match="number"), transaction.atomic():
        twin.save()


def run(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
