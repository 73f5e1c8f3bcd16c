"""Pages ask the database a constant number of times, however much they show."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.services.vocabulary import refresh_vocabulary
from orders.basket.models import Basket
from orders.services.baskets import add_to_basket
from programme.services.featuring import draw_today
from tests.factories.catalogue import CategoryFactory, ListingFactory, PhotoFactory
from tests.factories.regions import IdentifiedProductFactory
from tests.factories.vendors import VendorFactory
from tests.support.sale import placed_order

pytestmark = pytest.mark.django_db


def queries(address, client=None):
    with CaptureQueriesContext(connection) as asked:
        answer = (client or Client()).get(address)
    assert answer.status_code == 200
    return len(asked)


def stock_up(paro, count):
    food = CategoryFactory()
    for _ in range(count):
        listing = ListingFactory(
            vendor=VendorFactory(home_region=paro.doga),
            categories=[food],
            identified_product=IdentifiedProductFactory(region=paro.doga),
        )
        PhotoFactory.create_batch(2, product=listing)
    return listing


# What a visitor may ask of a list: words as they should be, nearly right, of another script, of a place; filters; pages.
LISTS = (
    "/products/",
    "/products/?page=2",
    "/products/?page=12",
    "/products/?place=BT-11",
    "/products/?place=paro",
    "/products/?kind=association&sort=cheap",
    "/products/?in_stock=1&price_max=900&season=1&certificate=food",
    "/products/?q=Listing",
    "/products/?q=Listing&page=2&sort=newest",
    "/products/?q=honey",
    "/products/?q=hony+pwder&place=BT-11&in_stock=1&category=tea",
    "/products/?q=शहद&place=BT-11&sort=dear",
    "/products/?q=honey+of+Paro",
    "/products/?q=jewelry",
    "/products/?q=xyzzy&place=BT-11&kind=association&price_max=10",
    "/products/?place=Parro&q=honey",
    "/category/tea/",
    "/category/tea/?q=hony&place=Paro&page=2",
    "/groups/",
    "/groups/?page=2",
    "/places/",
    "/collections/",
    "/stories/",
)


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/places/BT-11/",
        "/places/",
        "/products/",
        "/products/?q=Listing",
        "/products/?q=listng&place=BT-11&in_stock=1",
        "/products/?sort=cheap&certificate=food",
        "/category/tea/",
        "/groups/",
    ],
)
def test_twenty_listings_cost_as_many_queries_as_one(paro, address):
    CategoryFactory(name="Tea", slug="tea")
    stock_up(paro, 1)
    refresh_vocabulary()
    with_one = queries(address)
    stock_up(paro, 19)
    refresh_vocabulary()

    assert queries(address) <= with_one


def test_a_listing_page_costs_the_same_beside_nineteen_others(paro):
    listing = stock_up(paro, 1)
    alone = queries(listing.get_absolute_url())
    stock_up(paro, 19)

    # One more query reads the photos of the listings beside it.
    assert queries(listing.get_absolute_url()) <= alone + 1


@pytest.mark.parametrize("address", LISTS)
def test_the_first_page_of_a_list_asks_at_most_eight_times(paro, address):
    tea = CategoryFactory(name="Tea", slug="tea")
    for number in range(30):
        ListingFactory(title=f"Honey powder {number}", region=paro.doga, categories=[tea])
    stock_up(paro, 30)
    refresh_vocabulary()

    assert queries(address) <= 8


@pytest.mark.parametrize("address", ["/", "/places/BT-11/", "/places/BT-11-DOGA/", "/places/BT/"])
def test_home_and_place_pages_ask_at_most_fifteen_times(paro, address):
    stock_up(paro, 20)
    draw_today()

    assert queries(address) <= 15


def test_a_full_basket_costs_as_many_queries_as_one_line(paro, client):
    listings = [stock_up(paro, 1) for _ in range(8)]
    client.post("/basket/add/", {"product": listings[0].pk, "quantity": 1})
    with_one = queries("/basket/", client)
    basket = Basket.objects.get()
    for listing in listings[1:]:
        add_to_basket(basket, listing.pk, 1)

    assert queries("/basket/", client) == with_one


def test_an_order_of_five_groups_costs_as_many_queries_as_one_of_one(paro, client, admin_user):
    client.force_login(admin_user)
    small = placed_order((stock_up(paro, 1), 1))
    large = placed_order(*((stock_up(paro, 1), 1) for _ in range(5)))
    client.get("/basket/")  # the first page of somebody signed in makes the basket

    assert queries(f"/orders/{large.number}/", client) == queries(f"/orders/{small.number}/", client)
