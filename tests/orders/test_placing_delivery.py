"""Placing: how each group sends its goods, and where to."""

from decimal import Decimal

import pytest

from orders.errors import (
    NoDelivery,
    TotalChanged,
)
from orders.models import ShippingAddress
from orders.services.placing import place_order
from tests.factories.orders import DeliveryMethodFactory
from tests.factories.vendors import VendorFactory
from tests.support.sale import (
    a_listing,
    checkout_data,
    filled_basket,
)

pytestmark = pytest.mark.django_db


def test_a_delivery_price_that_changed_since_it_was_shown_is_refused(refusal, shop):
    basket = filled_basket((a_listing(), 1))
    shown = checkout_data(basket)
    shop.price = Decimal("61.00")
    shop.save()

    refusal(basket, shown, TotalChanged)


def test_a_delivery_that_was_not_offered_is_refused(refusal):
    theirs = DeliveryMethodFactory(vendor=VendorFactory(), code="elephant", price=Decimal("0.00"))
    basket = filled_basket((a_listing(vendor=VendorFactory(name="Khoma weavers")), 1))
    vendor_pk = VendorFactory._meta.model.objects.get(name="Khoma weavers").pk
    shown = checkout_data(basket)

    for delivery in ({}, {vendor_pk: ""}, {vendor_pk: "none"}, {vendor_pk: theirs.code}):
        data = checkout_data(basket, delivery=delivery, expected_total=shown.expected_total)
        refusal(basket, data, NoDelivery, "Choose how Khoma weavers should send its goods")


def test_a_delivery_that_is_not_offered_any_more_is_refused(refusal, shop):
    basket = filled_basket((a_listing(), 1))
    shown = checkout_data(basket)
    shop.is_active = False
    shop.save()

    refusal(basket, shown, NoDelivery)


def test_a_country_that_no_group_sends_to_is_refused(refusal):
    basket = filled_basket((a_listing(), 1))
    data = checkout_data(basket, country_code="JP")

    refusal(basket, data, NoDelivery)


@pytest.mark.parametrize("country_code", ["XX", ""])
def test_a_country_that_does_not_exist_is_refused(refusal, country_code):
    DeliveryMethodFactory(code="air", zone="anywhere")
    basket = filled_basket((a_listing(), 1))
    data = checkout_data(basket)
    chosen = dict.fromkeys(data.delivery, "air")
    data = checkout_data(basket, country_code=country_code, delivery=chosen)

    refusal(basket, data, NoDelivery)


def test_the_delivery_chosen_is_kept_whatever_becomes_of_the_method(shop):
    express = DeliveryMethodFactory(
        code="express", name="Express", price=Decimal("199.99"), days_min=1, days_max=2
    )
    first, second = a_listing(), a_listing()
    basket = filled_basket((first, 1), (second, 1))
    delivery = {first.vendor_id: "express", second.vendor_id: "post"}

    order = place_order(basket, checkout_data(basket, delivery=delivery, expected_total=Decimal("759.99")))
    express.name, express.price = "Slow", Decimal("1.00")
    express.save()

    parts = order.vendor_orders.order_by("pk")
    kept = [
        (
            each.delivery_code,
            each.delivery_name,
            each.delivery_price,
            each.delivery_days_min,
            each.delivery_days_max,
        )
        for each in parts
    ]
    assert kept == [
        ("express", "Express", Decimal("199.99"), 1, 2),
        ("post", "Post", Decimal("60.00"), 3, 7),
    ]
    assert order.total_incl_tax == Decimal("759.99")


def test_a_groups_own_delivery_replaces_the_programmes_and_may_be_free_from_an_amount(shop):
    vendor = VendorFactory()
    DeliveryMethodFactory(vendor=vendor, code="van", price=Decimal("80.00"), free_above=Decimal("500.00"))
    basket = filled_basket((a_listing(vendor=vendor), 2))

    order = place_order(basket, checkout_data(basket, expected_total=Decimal("500.00")))

    part = order.vendor_orders.get()
    assert (part.delivery_code, part.delivery_price, part.total) == (
        "van",
        Decimal("0.00"),
        Decimal("500.00"),
    )


def test_the_address_is_kept_with_a_bhutanese_postcode(shop):
    basket = filled_basket((a_listing(), 1))

    place_order(basket, checkout_data(basket))

    address = ShippingAddress.objects.get()
    address.full_clean()
    assert (address.line1, address.line4, address.state, address.postcode, address.country_id) == (
        "Norzin Lam 12",
        "Thimphu",
        "Thimphu",
        "11001",
        "BT",
    )
