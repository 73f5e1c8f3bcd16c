"""The factories make what the tests take them for."""

import pytest

from catalogue.models import Product
from tests.factories.catalogue import CategoryFactory, ListingFactory, SizeFactory
from tests.factories.orders import DeliveryMethodFactory
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


def test_listing_is_on_sale():
    category = CategoryFactory(parent=CategoryFactory(name="Food"), name="Rice")

    listing = ListingFactory(categories=[category])

    assert list(Product.objects.live()) == [listing]
    assert (listing.price_from, listing.price_currency) == (250, "INR")
    assert listing.stockrecords.get().num_in_stock == 10
    assert list(listing.categories.all()) == [category]


@pytest.mark.parametrize("trait", ["draft", "submitted", "returned", "rejected", "withdrawn"])
def test_traits_for_states(trait):
    listing = ListingFactory(**{trait: True})

    assert listing.state == trait
    assert not Product.objects.live().exists()


def test_traits_for_stock():
    assert ListingFactory(last_unit=True).stockrecords.get().num_in_stock == 1
    assert ListingFactory(sold_out=True).stockrecords.get().num_allocated == 1
    assert not ListingFactory(stock=None).stockrecords.exists()


def test_sizes_follow_their_parent():
    small = SizeFactory(stock__price=90)
    large = SizeFactory(parent=small.parent, stock__price=160)

    small.parent.refresh_from_db()
    assert list(Product.objects.live().whole()) == [small.parent]
    assert set(Product.objects.live()) == {small.parent, small, large}
    assert small.parent.price_from == 90
    assert large.vendor == small.vendor


def test_people_and_delivery():
    assert PersonFactory(phone_only=True).email is None
    assert DeliveryMethodFactory(abroad=True).zone == "abroad"
