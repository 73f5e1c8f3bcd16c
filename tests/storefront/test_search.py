"""Finding: words, places, kinds, prices, and what to do when nothing fits."""

import re

import pytest

from catalogue.services.vocabulary import refresh_vocabulary
from tests.factories.catalogue import CategoryFactory, ListingFactory
from tests.factories.regions import IdentifiedProductFactory, RegionAliasFactory, RegionFactory
from tests.factories.vendors import VendorFactory

pytestmark = pytest.mark.django_db


def titles(client, query):
    answer = client.get(f"/products/?{query}")
    assert answer.status_code == 200
    return [card.title for card in answer.context["listings"]]


@pytest.fixture
def goods(paro):
    """Honey and a shawl of Paro, rice of elsewhere."""
    food = CategoryFactory(name="Food", slug="food")
    maker = {"categories": [food], "vendor__food_licence": "BFDA 12"}
    honey = ListingFactory(title="Cliff honey", region=paro.doga, stock__price="540.00", **maker)
    shawl = ListingFactory(title="Raw silk shawl", region=paro.doga, stock__price="6800.00", sold_out=True)
    other = RegionFactory(dzongkhag=True, parent=paro.parent, name="Punakha", code="BT-23")
    rice = ListingFactory(title="Red rice", region=other, stock__price="180.00", **maker)
    refresh_vocabulary()
    return {"honey": honey, "shawl": shawl, "rice": rice}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=honey", ["Cliff honey"]),
        ("q=HONEY", ["Cliff honey"]),
        ("q=hony", ["Cliff honey"]),
        ("q=xyzzy", []),
        ("place=BT-11", ["Cliff honey", "Raw silk shawl"]),
        ("place=paro", ["Cliff honey", "Raw silk shawl"]),
        ("place=Doga&q=shawl", ["Raw silk shawl"]),
        ("category=food&sort=cheap", ["Red rice", "Cliff honey"]),
        ("sort=dear", ["Raw silk shawl", "Cliff honey", "Red rice"]),
        ("price_min=200&price_max=600", ["Cliff honey"]),
        ("in_stock=1&sort=cheap", ["Red rice", "Cliff honey"]),
        ("kind=cooperative", []),
        ("sort=cheap&page=999", ["Red rice", "Cliff honey", "Raw silk shawl"]),
    ],
)
def test_lists_are_narrowed_and_ordered(client, goods, query, found):
    assert titles(client, query) == found


def test_another_name_of_a_place_is_understood(client, goods, paro):
    RegionAliasFactory(region=paro, alias="Rinpung")

    assert titles(client, "place=Rinpung&q=honey") == ["Cliff honey"]


def test_an_unknown_place_is_said_and_narrows_nothing(client, goods):
    answer = client.get("/products/?place=Nowhere&sort=cheap")

    assert "We do not know a place called “Nowhere”." in answer.content.decode()
    assert len(answer.context["listings"]) == 3


def test_a_place_written_nearly_right_is_offered(client, goods):
    answer = client.get("/products/?place=Parro")

    assert [place.name for place in answer.context["meant"]] == ["Paro"]


@pytest.mark.parametrize(
    "query", ["price_min=abc", "sort=sideways", "kind=pirates", "known=-1", "known=9" * 20, "page=x"]
)
def test_nonsense_is_passed_over(client, goods, query):
    assert len(titles(client, query)) == 3


@pytest.mark.parametrize(
    "query", ["q=%00", "q='\"%25_\\", "q=%E0%BD%96", "q=" + "a" * 3000, "place=" + "b" * 3000]
)
def test_strange_words_find_nothing_and_break_nothing(client, goods, query):
    assert client.get(f"/products/?{query}").status_code == 200


def test_nothing_found_says_what_to_do(client, goods):
    html = client.get("/products/?q=xyzzy").content.decode()

    assert "Nothing on sale fits." in html
    assert "All places" in html


def test_counts_beside_the_filters_are_those_of_the_list(client, goods):
    narrow = client.get("/products/?category=food").context["narrowers"]

    assert [(row.words, row.count) for row in narrow.places] == [("Bhutan", 2), ("Paro", 1), ("Punakha", 1)]
    assert narrow.in_stock == 2


def test_a_chip_takes_its_filter_off_and_keeps_the_others(client, goods):
    html = client.get("/products/?q=honey&place=BT-11&page=2").content.decode()

    assert re.search(r'class="chip chip-on" href="\?place=BT-11"', html)
    assert re.search(r'class="chip chip-on" href="\?q=honey"', html)


def test_places_and_groups_of_that_name_are_offered(client, paro):
    VendorFactory(name="Doga Weavers", home_region=paro.doga)

    answer = client.get("/products/?q=Doga")

    assert [place.name for place in answer.context["places"]] == ["Doga"]
    assert [group.name for group in answer.context["groups"]] == ["Doga Weavers"]


def test_a_product_of_a_place_leads_to_its_listings(client, paro):
    product = IdentifiedProductFactory(region=paro.doga, name="Pottery")
    ListingFactory(title="Jar", region=paro.doga, identified_product=product)
    ListingFactory(title="Shawl", region=paro.doga)

    assert titles(client, f"known={product.pk}") == ["Jar"]
