"""Placing: what a sale keeps, whatever is changed later."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from orders.models import Line as OrderLine
from orders.models import VendorOrder
from orders.services.placing import place_order
from tests.factories.catalogue import SizeFactory
from tests.factories.vendors import VendorFactory
from tests.support.sale import (
    a_listing,
    checkout_data,
    filled_basket,
    placed_order,
)
from vendors.models import StockRecord

pytestmark = pytest.mark.django_db


def test_the_commission_rate_is_frozen_at_the_sale(shop, settings):
    settings.COMMISSION_RATE = Decimal("0.0800")
    own = VendorFactory(commission_rate=Decimal("0.1250"))
    programmes, special = a_listing(price="99.95"), a_listing(price="99.95", vendor=own)
    basket = filled_basket((programmes, 1), (special, 1))

    order = place_order(basket, checkout_data(basket))
    settings.COMMISSION_RATE = Decimal("0.5000")
    own.commission_rules.update(rate=Decimal("0.5000"))

    parts = VendorOrder.objects.filter(order=order).order_by("pk")
    assert [(part.commission_rate, part.commission) for part in parts] == [
        (Decimal("0.0800"), Decimal("8.00")),
        (Decimal("0.1250"), Decimal("12.49")),
    ]


def test_a_group_that_pays_no_commission_pays_none_although_the_programmes_rate_is_set(shop):
    vendor = VendorFactory(commission_rate=Decimal(0))
    basket = filled_basket((a_listing(vendor=vendor), 1))

    order = place_order(basket, checkout_data(basket))

    assert order.vendor_orders.get().commission == Decimal("0.00")


@pytest.mark.parametrize(("label", "words"), [("Family pack", "Family pack"), ("", "1.5 kg")])
def test_a_size_without_a_label_is_told_from_its_sisters_by_its_content(shop, label, words):
    rice = a_listing(title="Red rice", stock=None)
    size = SizeFactory(parent=rice, size_label=label, net_quantity=Decimal(1500))
    with override("hi"):
        order = placed_order((size, 2))

    assert OrderLine.objects.get(order=order).size_label == words


def test_an_order_keeps_its_titles_and_prices_whatever_becomes_of_the_listing(shop):
    listing = a_listing(price="250.00", title="Red rice")
    order = placed_order((listing, 2))
    listing.title = "Blue rice"
    listing.save()
    StockRecord.objects.filter(product=listing).update(price=Decimal("1.00"))

    line = OrderLine.objects.get(order=order)

    assert (line.title, line.unit_price_incl_tax, line.line_price_incl_tax) == (
        "Red rice",
        Decimal("250.00"),
        Decimal("500.00"),
    )
