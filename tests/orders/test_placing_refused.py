"""Placing: what is refused, with nothing written and nobody told."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.utils.formats import date_format

from marketplace.lib.dates import today_in
from orders.basket.models import Basket
from orders.errors import (
    BasketClosed,
    BasketEmpty,
    ForeignCurrency,
    GroupClosed,
    NotEnoughUnits,
    NotForSale,
    OrderTooLarge,
    TotalChanged,
)
from orders.services.placing import place_order
from tests.factories.vendors import VendorFactory
from tests.support.sale import (
    a_listing,
    checkout_data,
    count_of_sale_rows,
    filled_basket,
    stock_of,
)
from vendors.models import StockRecord

pytestmark = pytest.mark.django_db


def test_a_guest_without_any_contact_is_refused_by_the_database(refusal):
    basket = filled_basket((a_listing(), 1))

    refusal(basket, checkout_data(basket, email="", phone=""), IntegrityError, "order_has_contact")


@pytest.mark.fault(28)
def test_a_price_that_changed_since_it_was_shown_is_refused(refusal):
    listing = a_listing(price="250.00")
    basket = filled_basket((listing, 1))
    shown = checkout_data(basket)
    StockRecord.objects.filter(product=listing).update(price=Decimal("250.01"))

    refusal(basket, shown, TotalChanged, "A price has changed")

    order = place_order(basket, checkout_data(basket))
    assert order.total_incl_tax == Decimal("310.01")


@pytest.mark.parametrize("price", ["500000.00", "9999999999.99"])
def test_more_than_any_provider_charges_at_once_is_refused(refusal, price):
    basket = filled_basket((a_listing(price=price), 2))

    refusal(basket, checkout_data(basket), OrderTooLarge, "more than can be paid at once")


@pytest.mark.parametrize("off", ["0.01", "-0.01", "1000000"])
def test_a_total_that_was_not_shown_is_refused(refusal, off):
    basket = filled_basket((a_listing(), 1))
    data = checkout_data(basket, expected_total=Decimal("310.00") + Decimal(off))

    refusal(basket, data, TotalChanged)


def test_what_was_sold_since_it_was_put_in_is_refused_with_the_number_left(refusal):
    listing, other = a_listing(units=5, title="Red rice"), a_listing()
    basket = filled_basket((other, 1), (listing, 3))
    data = checkout_data(basket)
    StockRecord.objects.filter(product=listing).update(num_allocated=4)

    error = refusal(basket, data, NotEnoughUnits, "Only 1 left of Red rice")

    assert (error.titles, error.left) == (["Red rice"], 1)


def test_what_was_sold_out_since_it_was_put_in_is_refused(refusal):
    listing = a_listing(units=1, title="Red rice")
    basket = filled_basket((listing, 1))
    data = checkout_data(basket)
    StockRecord.objects.filter(product=listing).update(num_allocated=1)

    refusal(basket, data, NotEnoughUnits, "Sold out: Red rice")


def test_everything_that_is_short_is_named(refusal):
    first, second = a_listing(units=1, title="Red rice"), a_listing(units=1, title="Honey")
    basket = filled_basket((first, 1), (second, 1))
    data = checkout_data(basket)
    StockRecord.objects.update(num_allocated=1)

    error = refusal(basket, data, NotEnoughUnits, "Red rice, Honey")

    assert error.titles == ["Red rice", "Honey"]


def test_a_listing_withdrawn_since_it_was_put_in_is_refused(refusal):
    listing = a_listing()
    basket = filled_basket((listing, 1))
    data = checkout_data(basket)
    listing.state, listing.is_public = "withdrawn", False
    listing.save()

    refusal(basket, data, NotForSale)


def test_a_group_suspended_since_its_goods_were_put_in_is_refused(refusal):
    listing = a_listing()
    basket = filled_basket((listing, 1))
    data = checkout_data(basket)
    listing.vendor.state = "suspended"
    listing.vendor.save()

    refusal(basket, data, NotForSale)


@pytest.mark.parametrize(("first", "last"), [(0, 0), (-3, 0), (0, 3)])
def test_a_group_closed_today_takes_no_orders(refusal, first, last):
    today = today_in("BT")
    listing = a_listing(vendor=VendorFactory(name="Khoma weavers"))
    basket = filled_basket((listing, 1))
    data = checkout_data(basket)
    listing.vendor.closed_from, listing.vendor.closed_until = (
        today + timedelta(days=first),
        today + timedelta(days=last),
    )
    listing.vendor.save()

    refusal(
        basket,
        data,
        GroupClosed,
        f"Khoma weavers is closed until {date_format(today + timedelta(days=last), 'j F Y')}",
    )


def test_an_empty_basket_is_refused(refusal):
    basket = Basket.objects.create()

    refusal(basket, checkout_data(basket), BasketEmpty)


@pytest.mark.parametrize("status", [Basket.FROZEN, Basket.MERGED])
def test_a_basket_that_is_not_open_is_refused(shop, status):
    listing = a_listing()
    basket = filled_basket((listing, 1))
    data = checkout_data(basket)
    Basket.objects.filter(pk=basket.pk).update(status=status)
    before = count_of_sale_rows()

    with pytest.raises(BasketClosed):
        place_order(basket, data)

    assert count_of_sale_rows() == before
    assert stock_of(listing) == (10, 0)


def test_two_currencies_in_one_basket_are_refused_also_when_a_price_changed_its_currency(refusal):
    first, second = a_listing(), a_listing()
    basket = filled_basket((first, 1), (second, 1))
    data = checkout_data(basket)
    StockRecord.objects.filter(product=second).update(price_currency="USD")

    refusal(basket, data, ForeignCurrency)
