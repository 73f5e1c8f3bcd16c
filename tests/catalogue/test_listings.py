"""Writing of listings and prices."""

from decimal import Decimal

import pytest
from django.contrib.postgres.search import SearchQuery

from catalogue.errors import ListingLocked, PriceOutOfRange, ProductOfAnotherPlace
from catalogue.models import Product
from catalogue.services.listings import ListingData, SizeData, create_listing, update_listing
from catalogue.services.prices import set_price
from tests.factories.catalogue import CategoryFactory, ListingFactory, SizeFactory
from tests.factories.regions import IdentifiedProductFactory, RegionFactory
from tests.factories.vendors import StockRecordFactory, VendorFactory
from vendors.models import StockRecord

pytestmark = pytest.mark.django_db


def sizes(*prices):
    return [
        SizeData(price=Decimal(price), units=4, net_quantity=Decimal(100 * (n + 1)), net_unit="g")
        for n, price in enumerate(prices)
    ]


def test_one_size_is_the_listing_itself():
    vendor, category = VendorFactory(name="Tang Women"), CategoryFactory()
    data = ListingData(title=" Raw honey ", region=vendor.home_region, category_pks=[category.pk])

    listing = create_listing(vendor, data, sizes=sizes("350.00"))

    assert (listing.title, listing.slug, listing.state) == ("Raw honey", "raw-honey", "draft")
    assert (listing.structure, listing.net_quantity) == (Product.STANDALONE, 100)
    assert (listing.price_from, listing.price_currency) == (Decimal("350.00"), "INR")
    assert list(listing.categories.all()) == [category]
    record = listing.stockrecords.get()
    assert (record.partner, record.num_in_stock, record.num_allocated) == (vendor, 4, 0)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("!!!", "listing"),
        ("འབྲས་དམར། " * 12, "listing"),
        ("हल्दी " * 20 + "Lakadong", "lakadong"),
        ("a" * 120, "a" * 80),
    ],
    ids=["no letters", "Dzongkha", "Hindi", "long"],
)
def test_a_title_of_any_script_and_length_has_an_address(client, title, slug):
    vendor = VendorFactory()

    listing = create_listing(
        vendor, ListingData(title=title, region=vendor.home_region), sizes=sizes("350.00")
    )

    assert listing.get_absolute_url() == f"/products/{slug}-{listing.pk}/"


def test_several_sizes_are_children():
    vendor = VendorFactory()

    listing = create_listing(
        vendor, ListingData(title="Red rice", region=vendor.home_region), sizes=sizes("240.00", "110.50")
    )

    assert listing.structure == Product.PARENT
    assert listing.price_from == Decimal("110.50")
    assert [child.get_title() for child in listing.children.all()] == ["Red rice", "Red rice"]
    assert StockRecord.objects.count() == 2


def test_draft_may_have_gaps():
    vendor = VendorFactory()

    listing = create_listing(vendor, ListingData(title="Honey", region=vendor.home_region))

    assert listing.price_from is None
    assert not StockRecord.objects.exists()


def test_found_by_group_place_and_product():
    vendor = VendorFactory(name="Tang Women")
    region = RegionFactory(name="Tang", local_name="སྟང་")
    product = IdentifiedProductFactory(region=region, name="Buckwheat cookies")
    data = ListingData(title="Cookies", region=region, identified_product=product)

    create_listing(vendor, data, sizes=sizes("90"))

    for words in ("tang women", "སྟང་", "buckwheat", "bhutan", "cookies"):
        query = SearchQuery(words, config="simple", search_type="phrase")
        assert Product.objects.filter(search_vector=query).exists(), words


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity", "1.005", "10000000000"])
def test_price_that_cannot_be_charged_is_refused(price):
    vendor = VendorFactory()

    with pytest.raises(PriceOutOfRange):
        create_listing(vendor, ListingData(title="Honey", region=vendor.home_region), sizes=sizes(price))

    assert not Product.objects.exists()


def test_product_of_another_place_is_refused():
    vendor = VendorFactory()
    data = ListingData(
        title="Honey",
        region=vendor.home_region,
        identified_product=IdentifiedProductFactory(region=RegionFactory()),
    )

    with pytest.raises(ProductOfAnotherPlace):
        create_listing(vendor, data)

    assert not Product.objects.exists()


def test_texts_change_while_the_group_holds_it():
    size = SizeFactory(parent__draft=True)
    elsewhere = RegionFactory()

    update_listing(size.parent, ListingData(title="Wild honey", region=elsewhere, description="From cliffs."))

    size.refresh_from_db()
    assert (size.parent.title, size.parent.description, size.region) == (
        "Wild honey",
        "From cliffs.",
        elsewhere,
    )


@pytest.mark.parametrize("trait", ["submitted", "rejected", None])
def test_texts_stay_while_a_moderator_or_shoppers_look_at_them(trait):
    listing = ListingFactory(title="Honey", **({trait: True} if trait else {}))

    with pytest.raises(ListingLocked):
        update_listing(listing, ListingData(title="Gold", region=listing.region))

    listing.refresh_from_db()
    assert listing.title == "Honey"


def test_lowest_price_is_shown_beside_the_listing():
    small = SizeFactory(stock__price=Decimal("90.00"))
    SizeFactory(parent=small.parent, stock__price=Decimal("160.00"))

    set_price(small.stockrecords.get(), Decimal("210.00"))

    small.parent.refresh_from_db()
    assert small.parent.price_from == Decimal("160.00")


def test_refused_price_changes_nothing():
    record = StockRecordFactory()

    with pytest.raises(PriceOutOfRange):
        set_price(record, Decimal("12.345"))

    record.refresh_from_db()
    assert record.price == Decimal("250.00")
    assert record.product.price_from == Decimal("250.00")


def test_sizes_have_one_currency():
    small = SizeFactory()
    large = SizeFactory(parent=small.parent, stock__price_currency="BTN")

    with pytest.raises(PriceOutOfRange):
        set_price(large.stockrecords.get(), Decimal("5.00"))

    assert large.stockrecords.get().price == Decimal("250.00")
