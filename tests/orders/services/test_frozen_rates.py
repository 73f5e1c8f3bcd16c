"""Rates at the sale: frozen on lines and vendor orders, tax within the prices, old sales left alone."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from orders.models import CommissionRule, Line, TaxRate
from tests.factories.catalogue import CategoryFactory
from tests.factories.orders import CommissionRuleFactory, TaxRateFactory
from tests.factories.vendors import VendorFactory
from tests.support.sale import a_listing, placed_order

pytestmark = pytest.mark.django_db

D = Decimal


def frozen(order):
    """All that a rate decides, as it is stored."""
    lines = Line.objects.filter(order=order).order_by("pk")
    return (
        list(order.vendor_orders.order_by("pk").values()),
        list(
            lines.values("commission_rate", "commission", "commission_tax", "tax_rate", "line_price_excl_tax")
        ),
    )


def test_two_rates_in_one_vendor_order_are_rounded_by_rate_and_shared_out():
    vendor, cloth = VendorFactory(), CategoryFactory(name="Cloth")
    CommissionRuleFactory(vendor=vendor, rate=D("0.0800"))
    CommissionRuleFactory(vendor=vendor, category=cloth, rate=D("0.0500"))
    goods = [
        (a_listing("0.99", vendor=vendor), 1),
        (a_listing("0.99", vendor=vendor, categories=[cloth]), 1),
        (a_listing("0.99", vendor=vendor), 1),
    ]

    part = placed_order(*goods).vendor_orders.get()

    lines = part.lines.order_by("pk")
    assert [(line.commission_rate, line.commission) for line in lines] == [
        (D("0.0800"), D("0.08")),
        (D("0.0500"), D("0.05")),
        (D("0.0800"), D("0.08")),
    ]
    assert (part.commission_rate, part.commission, part.commission_base) == (None, D("0.21"), D("2.97"))
    assert part.commission_reason == "differs by line"


def test_tax_on_commission_is_kept_back_beside_it():
    TaxRateFactory(rate=D("0.1800"))
    vendor = VendorFactory(commission_rate=D("0.1000"))

    part = placed_order((a_listing("99.95", vendor=vendor), 1)).vendor_orders.get()

    assert (part.commission, part.commission_tax_rate, part.commission_tax) == (
        D("10.00"),
        D("0.1800"),
        D("1.80"),
    )
    assert part.share == D("159.95") - D("10.00") - D("1.80")
    line = part.lines.get()
    assert (line.commission, line.commission_tax) == (D("10.00"), D("1.80"))


def test_tax_of_goods_and_delivery_lies_within_the_prices_and_the_total_stays():
    TaxRateFactory(kind=TaxRate.Kind.GOODS, rate=D("0.0500"))
    TaxRateFactory(kind=TaxRate.Kind.DELIVERY, rate=D("0.1800"))

    order = placed_order((a_listing("105.00"), 2))

    part, line = order.vendor_orders.get(), order.lines.get()
    assert (order.total_incl_tax, order.total_excl_tax) == (D("270.00"), D("250.85"))
    assert (order.shipping_incl_tax, order.shipping_excl_tax) == (D("60.00"), D("50.85"))
    assert (part.goods_tax, part.delivery_tax, part.delivery_tax_rate) == (D("10.00"), D("9.15"), D("0.1800"))
    assert (line.tax_rate, line.unit_price_excl_tax, line.line_price_excl_tax) == (
        D("0.0500"),
        D("100.00"),
        D("200.00"),
    )


def test_rules_changed_later_change_no_old_sale():
    vendor = VendorFactory(commission_rate=D("0.1000"))
    tax = TaxRateFactory()
    order = placed_order((a_listing(vendor=vendor), 2))
    before = frozen(order)

    CommissionRule.objects.update(rate=D("0.9000"))
    CommissionRuleFactory(vendor=vendor, rate=D("0.5000"), valid_from="2024-01-01")
    TaxRate.objects.filter(pk=tax.pk).update(rate=D("0.5000"))

    assert frozen(order) == before
    newer = placed_order((a_listing(vendor=vendor), 2)).vendor_orders.get()
    assert (newer.commission_rate, newer.commission_tax_rate) == (D("0.5000"), D("0.5000"))


@pytest.mark.parametrize(
    ("model", "fields", "constraint"),
    [
        (CommissionRuleFactory, {"rate": D("1.0001")}, "commission_rule_is_a_fraction"),
        (CommissionRuleFactory, {"rate": D("-0.0001")}, "commission_rule_is_a_fraction"),
        (CommissionRuleFactory, {"valid_until": "2019-12-31"}, "commission_rule_ends_after_it_begins"),
        (TaxRateFactory, {"rate": D("1.0001")}, "tax_rate_is_a_fraction"),
        (TaxRateFactory, {"country": "bt"}, "tax_rate_names_a_country"),
        (TaxRateFactory, {"valid_until": "2019-12-31"}, "tax_rate_ends_after_it_begins"),
    ],
)
def test_the_database_refuses_rates_that_make_no_sense(model, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model(**fields)


def test_the_database_refuses_the_same_rule_twice():
    vendor = VendorFactory()
    CommissionRuleFactory(vendor=vendor)
    CommissionRuleFactory()
    TaxRateFactory()

    for again in (lambda: CommissionRuleFactory(vendor=vendor), CommissionRuleFactory, TaxRateFactory):
        with pytest.raises(IntegrityError, match="_once"), transaction.atomic():
            again()


def test_a_rule_of_a_listing_names_nothing_else():
    listing = a_listing()

    with pytest.raises(IntegrityError, match="stands_alone"), transaction.atomic():
        CommissionRuleFactory(product=listing, vendor=listing.vendor)
