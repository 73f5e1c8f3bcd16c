"""Which rule and which tax a sale is made at: the most specific one of the day, in the group's country."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from marketplace.lib.dates import today_in
from orders.models import TaxRate
from orders.selectors.rates import sale_rates
from tests.factories.catalogue import CategoryFactory, ListingFactory, SizeFactory
from tests.factories.orders import CommissionRuleFactory, TaxRateFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import VendorFactory

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def cloth():
    return CategoryFactory(name="Cloth")


@pytest.fixture
def silk(cloth):
    return CategoryFactory(name="Silk", parent=cloth)


@pytest.fixture
def stole(silk):
    return ListingFactory(categories=[silk])


def rate_of(product, **options):
    return sale_rates([product], **options).commission(product.vendor, product).rate


def test_without_a_rule_the_usual_rate_counts(stole, settings):
    settings.COMMISSION_RATE = D("0.0700")

    found = sale_rates([stole]).commission(stole.vendor, stole)

    assert (found.rate, found.reason) == (D("0.0700"), "the programme's usual rate")


def test_each_narrower_rule_wins_over_the_wider_ones(stole, cloth, silk):
    found = []
    narrower = (
        {},
        {"category": cloth},
        {"category": silk},
        {"vendor": stole.vendor},
        {"vendor": stole.vendor, "category": cloth},
        {"vendor": stole.vendor, "category": silk},
        {"product": stole},
    )

    for number, subject in enumerate(narrower, start=1):
        CommissionRuleFactory(rate=D(number) / 100, **subject)
        found.append(rate_of(stole))

    assert found == [D(number) / 100 for number in range(1, 8)]


def test_rules_of_others_do_not_count(stole, settings):
    settings.COMMISSION_RATE = D("0.0700")
    CommissionRuleFactory(vendor=VendorFactory())
    CommissionRuleFactory(product=ListingFactory())
    CommissionRuleFactory(category=CategoryFactory(name="Food"))

    assert rate_of(stole) == D("0.0700")


def test_a_rule_of_a_listing_counts_for_its_sizes():
    size = SizeFactory()
    CommissionRuleFactory(product=size.parent, rate=D("0.0300"))

    assert rate_of(size) == D("0.0300")


def test_of_two_alike_the_later_one_counts_from_its_first_day_and_ends_with_its_last(stole):
    vendor = stole.vendor
    CommissionRuleFactory(vendor=vendor, rate=D("0.0100"), valid_from=date(2026, 1, 1))
    CommissionRuleFactory(
        vendor=vendor, rate=D("0.0200"), valid_from=date(2026, 3, 1), valid_until=date(2026, 3, 31)
    )

    days = (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1))
    assert [rate_of(stole, day=day) for day in days] == [D("0.01"), D("0.02"), D("0.02"), D("0.01")]


def test_a_rule_that_begins_tomorrow_does_not_count_today(stole, settings):
    settings.COMMISSION_RATE = D("0.0700")
    CommissionRuleFactory(vendor=stole.vendor, valid_from=today_in("BT") + timedelta(days=1))

    assert rate_of(stole) == D("0.0700")


def test_the_reason_names_the_rule_and_its_note(stole):
    rule = CommissionRuleFactory(vendor=stole.vendor, note="first year")

    reason = sale_rates([stole]).commission(stole.vendor, stole).reason

    assert reason == f"rule {rule.pk} for group, from 2020-01-01: first year"


def test_tax_is_that_of_the_groups_country_and_the_deepest_category(stole, cloth, silk):
    TaxRateFactory(kind=TaxRate.Kind.GOODS, rate=D("0.0500"))
    TaxRateFactory(kind=TaxRate.Kind.GOODS, rate=D("0.1200"), category=silk)
    TaxRateFactory(kind=TaxRate.Kind.GOODS, rate=D("0.0900"), category=cloth)
    TaxRateFactory(kind=TaxRate.Kind.GOODS, rate=D("0.2800"), country="IN")
    other = ListingFactory()

    rates = sale_rates([stole, other])

    assert rates.tax(stole.vendor, TaxRate.Kind.GOODS, stole) == D("0.1200")
    assert rates.tax(other.vendor, TaxRate.Kind.GOODS, other) == D("0.0500")
    assert rates.tax(stole.vendor, TaxRate.Kind.DELIVERY) == 0


def test_an_indian_group_pays_indias_tax_on_commission():
    TaxRateFactory(country="IN")
    indian = ListingFactory(vendor__home_region=RegionFactory(district=True))

    rates = sale_rates([indian])

    assert rates.tax(indian.vendor, TaxRate.Kind.COMMISSION) == D("0.1800")
    assert rates.tax_name(indian.vendor, TaxRate.Kind.COMMISSION) == "GST"
    assert rates.tax_name(indian.vendor, TaxRate.Kind.GOODS) == ""


@pytest.mark.parametrize("listings", [1, 20])
def test_rates_take_three_queries_however_many_listings(listings, django_assert_num_queries):
    goods = [ListingFactory() for _ in range(listings)]
    CommissionRuleFactory(vendor=goods[0].vendor)

    with django_assert_num_queries(3):
        rates = sale_rates(goods)
        for each in goods:
            rates.commission(each.vendor, each)
