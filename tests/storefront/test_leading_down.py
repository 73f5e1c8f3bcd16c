"""Filters lead down: from a kind of goods to those below it, from a dzongkhag or state to its gewogs or districts."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.catalogue import CategoryFactory, ListingFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import VendorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kinds():
    """Food with honey, rice and tea; honey of two sorts."""
    food = CategoryFactory(name="Food", slug="food")
    honey = CategoryFactory(name="Honey", slug="honey", parent=food)
    return {
        "food": food,
        "honey": honey,
        "wild": CategoryFactory(name="Wild honey", slug="wild", parent=honey),
        "rice": CategoryFactory(name="Rice", slug="rice", parent=food),
        "tea": CategoryFactory(name="Tea", slug="tea", parent=food),
        "cloth": CategoryFactory(name="Cloth", slug="cloth"),
    }


@pytest.fixture
def goods(paro, kinds):
    """Five things of Food in two gewogs of Paro, one of Cloth in another dzongkhag."""
    lamgong = RegionFactory(parent=paro, code="BT-11-LAMG", name="Lamgong")
    other = RegionFactory(dzongkhag=True, parent=paro.parent, code="BT-23", name="Punakha")
    group = VendorFactory(food_licence="BFDA 1")
    coop = VendorFactory(kind="cooperative", food_licence="BFDA 2")
    ListingFactory(title="Honey", region=paro.doga, categories=[kinds["honey"]], vendor=group)
    ListingFactory(
        title="Wild honey", region=paro.doga, categories=[kinds["wild"], kinds["honey"]], vendor=group
    )
    ListingFactory(title="Red rice", region=lamgong, categories=[kinds["rice"]], vendor=coop)
    ListingFactory(
        title="Rice with honey", region=lamgong, categories=[kinds["rice"], kinds["honey"]], vendor=group
    )
    ListingFactory(title="Mixed food", region=paro, categories=[kinds["food"]], vendor=group)
    ListingFactory(title="Shawl", region=other, categories=[kinds["cloth"]])


def narrow(client, address):
    return client.get(address).context["narrowers"]


def kinds_of(client, address):
    return [(row.slug, row.listings, row.depth) for row in narrow(client, address).categories]


def places_of(client, address):
    return [(row.value, row.count, row.depth) for row in narrow(client, address).places]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/products/", [("food", 5, 0), ("cloth", 1, 0)]),
        ("/category/food/", [("food", 5, 0), ("honey", 3, 1), ("rice", 2, 1)]),
        ("/products/?category=food", [("food", 5, 0), ("honey", 3, 1), ("rice", 2, 1)]),
        ("/category/honey/", [("food", 0, 0), ("honey", 3, 1), ("wild", 1, 2)]),
        ("/category/wild/", [("food", 0, 0), ("honey", 0, 1), ("wild", 1, 2)]),
        ("/category/cloth/", [("cloth", 1, 0)]),
        ("/category/food/?place=BT-11-LAMG", [("food", 2, 0), ("rice", 2, 1), ("honey", 1, 1)]),
        ("/category/food/?q=honey", [("food", 3, 0), ("honey", 3, 1), ("rice", 1, 1)]),
        ("/category/food/?kind=cooperative&in_stock=1", [("food", 1, 0), ("rice", 1, 1)]),
        ("/category/food/?place=BT-23", [("food", 0, 0)]),
    ],
)
def test_a_chosen_kind_of_goods_shows_the_kinds_below_it_with_counts(client, goods, address, expected):
    assert kinds_of(client, address) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/products/", [("BT", 6, 0), ("BT-11", 5, 1), ("BT-23", 1, 1)]),
        ("/products/?place=BT", [("BT", 6, 0), ("BT-11", 5, 1), ("BT-23", 1, 1)]),
        (
            "/products/?place=BT-11",
            [("BT", 0, 0), ("BT-11", 5, 1), ("BT-11-DOGA", 2, 2), ("BT-11-LAMG", 2, 2)],
        ),
        ("/products/?place=BT-11-DOGA", [("BT", 0, 0), ("BT-11", 0, 1), ("BT-11-DOGA", 2, 2)]),
        (
            "/category/honey/?place=Paro&in_stock=1",
            [("BT", 0, 0), ("BT-11", 3, 1), ("BT-11-DOGA", 2, 2), ("BT-11-LAMG", 1, 2)],
        ),
    ],
)
def test_a_chosen_place_shows_the_places_in_it_with_counts(client, goods, address, expected):
    assert places_of(client, address) == expected


@pytest.mark.parametrize(
    ("narrowed", "counts"),
    [
        ("place=BT-11&in_stock=1", ["5", "2", "2", "5", "3", "2"]),
        # More lies above: these numbers would be those of the gewog, and the links lead to the dzongkhag and the country.
        ("place=BT-11-DOGA", ["2", "2", "2"]),
    ],
)
def test_each_way_down_leads_to_as_many_listings_as_it_says(client, goods, narrowed, counts):
    page = client.get(f"/category/food/?{narrowed}")
    html = page.content.decode().partition('id="filters"')[2].partition("</form>")[0]
    links = re.findall(
        r'<a class="tick[^"]*"\s+href="([^"]+)"[^>]*>(?:(?!</a>).)*<span class="num">(\d+)</span>', html
    )

    assert [count for _link, count in links] == counts
    for link, count in links:
        address = link.replace("&amp;", "&")
        below = client.get(address if address.startswith("/") else f"/category/food/{address}")
        assert below.context["total"] == int(count), link


def test_other_filters_stay_on_the_way_to_another_kind(client, goods):
    html = client.get("/category/food/?q=honey&place=BT-11&page=1").content.decode()

    assert 'href="/category/honey/?q=honey&amp;place=BT-11"' in html
    assert 'href="/products/?q=honey&amp;place=BT-11"' in html
    assert 'href="/category/honey/"' in client.get("/category/food/").content.decode()


def test_a_chosen_lower_kind_stays_when_another_filter_is_set(client, goods):
    html = client.get("/products/?category=honey").content.decode()

    assert re.search(r'value="honey"\s+checked', html)


@pytest.mark.parametrize("address", ["/category/food/", "/category/food/?place=BT-11&q=honey&in_stock=1"])
def test_ways_down_cost_no_query(client, goods, kinds, address):
    def queries(wanted):
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(wanted)
        return len(found)

    queries(address)

    assert queries(address) == queries(address.replace("/food/", "/rice/"))
    assert queries(address) <= 8
