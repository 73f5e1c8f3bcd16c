"""Food is sold to the last minute of its licence: then it is shown and cannot be bought, until a new one is verified."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from catalogue.models import Product
from catalogue.selectors.facets import with_units
from catalogue.selectors.licences import unlicensed
from catalogue.selectors.listings import card_rows, cards
from orders.basket.models import Line
from orders.errors import NoLicence
from orders.models import Order
from orders.selectors.baskets import basket_view
from orders.services.placing import place_order
from tests.factories.catalogue import CategoryFactory, ListingFactory, SizeFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import CertificateFactory, VendorFactory
from tests.support.sale import a_listing, checkout_data, filled_basket, open_shop, stock_of
from vendors.models import Certificate
from vendors.services import certificates

pytestmark = pytest.mark.django_db

LAST = date(2027, 6, 30)
LEVELS = {"BT": "dzongkhag", "IN": "state", "TH": "province"}


@pytest.fixture
def clock(monkeypatch):
    """Set the time everywhere."""

    def at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return at


@pytest.fixture
def honey():
    """A category below food."""
    return CategoryFactory(name="Honey", parent=CategoryFactory(name="Food", slug="food"))


def licensed(vendor, **values):
    return CertificateFactory(
        **{"vendor": vendor, "food": True, "valid_from": date(2026, 1, 1), "valid_until": LAST, **values}
    )


def sold(client, listing):
    """In which places shoppers are offered it."""
    page = client.get(listing.get_absolute_url()).content.decode()
    card = cards(card_rows(Product.objects.filter(pk=listing.pk)))[0]
    return {
        "button": "Add to basket" in page,
        "words": "Not for sale at present." not in page,
        "schema.org": "schema.org/InStock" in page,
        "card": card.is_available,
        "one by one": not unlicensed([listing.pk]),
        "in stock": with_units(Product.objects.filter(pk=listing.pk)).exists(),
    }


@pytest.mark.parametrize(
    ("country", "zone"), [("BT", "Asia/Thimphu"), ("IN", "Asia/Kolkata"), ("TH", "Asia/Bangkok")]
)
def test_food_is_sold_until_midnight_of_the_last_day_and_again_with_the_next_licence(
    client, clock, honey, country, zone
):
    vendor = VendorFactory(home_region=RegionFactory(**{LEVELS[country]: True}), food_licence="typed 1")
    listing = ListingFactory(vendor=vendor, categories=[honey])
    licensed(vendor)
    midnight = datetime(2027, 7, 1, 0, 0, tzinfo=ZoneInfo(zone))

    clock(midnight - timedelta(minutes=1))
    before = sold(client, listing)
    clock(midnight)
    after = sold(client, listing)
    licensed(vendor, valid_until=date(2028, 6, 30))
    renewed = sold(client, listing)

    assert set(before.values()) == {True}, before
    assert set(after.values()) == {False}, after
    assert renewed == before


def test_other_goods_and_food_with_a_typed_number_are_sold_without_a_certificate(client, honey):
    plain = ListingFactory(categories=[CategoryFactory(name="Textiles")])
    typed = ListingFactory(vendor=VendorFactory(food_licence="BFDA 12"), categories=[honey])

    assert set(sold(client, plain).values()) == {True}
    assert set(sold(client, typed).values()) == {True}


def test_typed_number_counts_until_a_verified_licence_begins(client, honey):
    vendor = VendorFactory(food_licence="BFDA 12")
    listing = ListingFactory(vendor=vendor, categories=[honey])
    licensed(
        vendor, valid_from=vendor.today + timedelta(days=3), valid_until=vendor.today + timedelta(days=9)
    )

    assert set(sold(client, listing).values()) == {True}


def test_licence_for_other_goods_licenses_nothing_else(client, honey):
    vendor = VendorFactory()
    listing = ListingFactory(vendor=vendor, title="Cliff honey", categories=[honey])
    licensed(vendor, goods="rice, maize")

    assert set(sold(client, listing).values()) == {False}

    licensed(vendor, goods="honey")
    assert set(sold(client, listing).values()) == {True}


@pytest.mark.parametrize("has_sizes", [False, True], ids=["one size", "sizes"])
def test_basket_warns_and_nothing_is_placed_once_the_licence_is_withdrawn(honey, has_sizes):
    open_shop()
    listing = a_listing()
    vendor = listing.vendor
    licence = licensed(vendor, valid_from=vendor.today - timedelta(days=9))
    listing.categories.set([honey])
    bought = listing
    if has_sizes:
        whole = ListingFactory(vendor=vendor, stock=None, categories=[honey])
        bought = SizeFactory(parent=whole)
    basket = filled_basket((bought, 2))
    data = checkout_data(basket)
    certificates.withdraw(licence, actor=PersonFactory(), reason="Shop closed by the authority.")

    view = basket_view(basket)
    with pytest.raises(NoLicence):
        place_order(basket, data)

    assert [str(line.warning) for group in view.groups for line in group.lines] == [str(NoLicence.message)]
    assert not view.can_check_out
    assert (Order.objects.count(), stock_of(bought)) == (0, (10, 0))

    Certificate.objects.filter(pk=licence.pk).update(state="verified")
    assert place_order(basket, data).lines.count() == 1


def test_food_without_a_licence_does_not_go_into_a_basket(client, honey):
    listing = ListingFactory(categories=[honey])

    answer = client.post("/basket/add/", {"product": listing.pk, "quantity": 1}, follow=True)

    assert "not for sale at present" in answer.context["refused"].words
    assert not Line.objects.exists()
