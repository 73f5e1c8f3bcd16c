"""Which ways to pay are offered: by account, by group, by address."""

import pytest

from payments.selectors.ways import Address, vendors_taking_cash, ways_for_order, ways_to_pay
from tests.factories.offers import an_offer
from tests.factories.regions import CountryFactory, RegionAliasFactory, RegionFactory
from tests.factories.vendors import VendorFactory
from tests.payments.given import allow_cash
from tests.support.sale import a_listing, placed_order

pytestmark = pytest.mark.django_db

CARD, TRANSFER, CASH = "stripe", "bank_transfer", "cash_on_delivery"


@pytest.fixture
def thimphu():
    return RegionFactory(dzongkhag=True, code="BT-15", name="Thimphu")


@pytest.fixture
def mewang(thimphu):
    return RegionFactory(parent=thimphu, code="BT-15-MEWA", name="Mewang")


def to(state="Thimphu", town="Mewang", country="BT"):
    return Address(country, state, town)


def test_card_and_transfer_are_offered_everywhere():
    assert ways_to_pay([VendorFactory().pk], to(), currency="INR") == [CARD, TRANSFER]


def test_no_card_pays_ngultrum():
    assert ways_to_pay([VendorFactory().pk], to(), currency="BTN") == [TRANSFER]


def test_without_an_account_there_is_no_transfer(settings):
    settings.BANK_ACCOUNT_NUMBER = ""

    assert ways_to_pay([VendorFactory().pk], to(), currency="INR") == [CARD]


@pytest.mark.parametrize(
    ("address", "is_taken"),
    [
        (to(), True),
        (to(state="thimphu", town=" MEWANG "), True),
        (to(town="Other"), False),
        (to(state="Paro"), False),
        (to(country="IN"), False),
        (to(country=""), False),
        (to(state="", town=""), False),
    ],
)
def test_a_rule_for_a_gewog_covers_addresses_that_name_it(mewang, address, is_taken):
    vendor = VendorFactory()
    allow_cash(vendor, region=mewang)

    assert vendors_taking_cash([vendor.pk], address) == ({vendor.pk} if is_taken else set())


def test_a_rule_for_a_dzongkhag_covers_all_of_it_and_one_for_a_country_all_of_that(thimphu):
    of_dzongkhag, of_country, nowhere = VendorFactory(), VendorFactory(), VendorFactory()
    allow_cash(of_dzongkhag, region=thimphu)
    allow_cash(of_country)
    everybody = [of_dzongkhag.pk, of_country.pk, nowhere.pk]

    assert vendors_taking_cash(everybody, to(town="Changbangdu")) == {of_dzongkhag.pk, of_country.pk}
    assert vendors_taking_cash(everybody, to(state="Paro")) == {of_country.pk}


def test_a_place_is_known_by_its_other_names_too(thimphu):
    RegionAliasFactory(region=thimphu, alias="Thimbu")
    vendor = VendorFactory()
    allow_cash(vendor, region=thimphu)

    assert vendors_taking_cash([vendor.pk], to(state="thimbu")) == {vendor.pk}


def test_a_gewog_of_the_same_name_elsewhere_is_not_meant(mewang):
    paro = RegionFactory(dzongkhag=True, code="BT-11", name="Paro")
    vendor = VendorFactory()
    allow_cash(vendor, region=RegionFactory(parent=paro, code="BT-11-MEWA", name="Mewang"))

    assert vendors_taking_cash([vendor.pk], to()) == set()


def test_an_order_asks_every_one_of_its_groups():
    first, second = VendorFactory(), VendorFactory()
    order = placed_order((a_listing(vendor=first), 1), (a_listing(vendor=second), 1))
    allow_cash(first)
    of_one = ways_for_order(order)
    allow_cash(second, region=CountryFactory())

    assert of_one == [CARD, TRANSFER]
    assert ways_for_order(order) == [CARD, TRANSFER, CASH]


@pytest.mark.parametrize(
    ("is_programmes", "ways"), [(True, [CARD, TRANSFER]), (False, [CARD, TRANSFER, CASH])]
)
def test_what_the_programme_pays_a_part_of_is_not_paid_in_cash(is_programmes, ways):
    vendor = VendorFactory()
    an_offer(payer=None if is_programmes else vendor)
    order = placed_order((a_listing(vendor=vendor), 1))
    allow_cash(vendor)

    assert ways_for_order(order) == ways


def test_the_number_of_queries_does_not_grow(thimphu, django_assert_max_num_queries):
    vendors = [VendorFactory() for _ in range(10)]
    allow_cash(*vendors, region=thimphu)

    with django_assert_max_num_queries(2):
        ways_to_pay([vendor.pk for vendor in vendors], to(), currency="INR")
