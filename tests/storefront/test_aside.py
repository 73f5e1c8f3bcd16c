"""The basket's page: saved for later, with and without an account."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from catalogue.models import Product
from orders.basket.models import Line, SetAside
from orders.errors import NotEnoughUnits
from tests.factories.catalogue import ListingFactory, PhotoFactory
from tests.factories.people import PASSWORD, PersonFactory
from vendors.models import StockRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return PersonFactory()


@pytest.fixture
def mine(client, person):
    """The browser of a person who is signed in."""
    client.force_login(person)
    return client


def add(client, listing, units=1):
    client.post("/basket/add/", {"product": listing.pk, "quantity": units})


def later(client, listing):
    line = Line.objects.filter(product=listing).first()
    return client.post(f"/basket/lines/{line.pk if line else 2**31}/", {"later": "1"}, follow=True)


def back(client, listing, **more):
    return client.post(f"/basket/aside/{listing.pk}/", more, follow=True)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def aside(client):
    return client.get("/basket/").context["aside"]


def test_a_line_moves_out_and_back_on_the_page(mine):
    rice = ListingFactory(title="Red rice")
    add(mine, rice, 2)

    assert said(later(mine, rice))[-1:] == ["Saved for later: Red rice."]
    assert Line.objects.count() == 0
    assert [(row.title, row.note) for row in aside(mine)] == [("Red rice", "2 units · ₹250 each")]
    # Pressed again, the line is gone and nothing is said.
    assert said(later(mine, rice)) == []

    assert said(back(mine, rice)) == ["In your basket: Red rice."]
    assert said(back(mine, rice)) == []
    assert list(Line.objects.values_list("quantity", flat=True)) == [2]
    assert aside(mine) == []


def test_it_is_called_by_its_name_in_the_language_of_the_page(mine):
    rice = ListingFactory(title="Red rice", translations={"hi": {"title": "लाल चावल"}})
    add(mine, rice, 3)
    line = Line.objects.get()
    answer = mine.post(f"/hi/basket/lines/{line.pk}/", {"later": "1"}, follow=True)
    StockRecord.objects.filter(product=rice).update(num_in_stock=1)

    again = mine.post(f"/hi/basket/aside/{rice.pk}/", follow=True)
    too_many = mine.post("/hi/basket/add/", {"product": rice.pk, "quantity": 9}, follow=True)

    assert "लाल चावल" in said(answer)[-1]
    assert [row.title for row in answer.context["aside"]] == ["लाल चावल"]
    assert "लाल चावल" in said(again)[-1]
    with translation.override("hi"):
        assert str(NotEnoughUnits(["लाल चावल"], left=1).message) in too_many.content.decode()


def test_too_few_units_are_said(mine):
    rice = ListingFactory(title="Red rice")
    add(mine, rice, 3)
    later(mine, rice)
    StockRecord.objects.filter(product=rice).update(num_in_stock=1)

    assert said(back(mine, rice)) == [
        "Red rice: 1 in your basket, 2 stay saved for later, since no more are there."
    ]


def test_what_cannot_be_bought_has_no_button_back_and_what_is_hidden_no_new_name(mine):
    rice, honey = ListingFactory(title="Red rice"), ListingFactory(title="Honey")
    for listing in (rice, honey):
        add(mine, listing)
        later(mine, listing)
    StockRecord.objects.filter(product=rice).update(num_in_stock=0)
    Product.objects.filter(pk=honey.pk).update(state="withdrawn", is_public=False, title="Something rude")

    text = mine.get("/basket/").content.decode()

    assert [(row.title, row.url, row.why_not) for row in aside(mine)] == [
        ("Honey", "", "No longer sold"),
        ("Red rice", rice.get_absolute_url(), "Sold out"),
    ]
    assert "Back into the basket" not in text
    assert "Something rude" not in text
    assert re.findall(r'href="(/products/\d+/back-in-stock/)"', text) == [
        f"/products/{rice.pk}/back-in-stock/"
    ]
    back(mine, honey, do="drop")
    assert [row.title for row in aside(mine)] == ["Red rice"]


def test_a_visitor_is_led_to_the_sign_in_and_then_it_is_saved_for_later(client, person):
    rice, honey = ListingFactory(title="Red rice"), ListingFactory(title="Honey")
    add(client, rice, 2)
    add(client, honey)
    answer = later(client, rice)
    address, _status = answer.redirect_chain[-1]
    assert address == "/account/login/?next=%2Fbasket%2F"
    assert Line.objects.count() == 2

    answer = client.post(address, {"contact": person.email, "password": PASSWORD}, follow=True)

    assert answer.redirect_chain[-1][0] == "/basket/"
    assert "Saved for later: Red rice." in said(answer)
    assert list(SetAside.objects.values_list("person", "product", "quantity")) == [(person.pk, rice.pk, 2)]
    assert list(Line.objects.values_list("product", "basket__owner")) == [(honey.pk, person.pk)]


def test_a_visitor_who_puts_back_is_led_to_the_sign_in(client):
    answer = client.post(f"/basket/aside/{ListingFactory().pk}/")

    assert answer["Location"] == "/account/login/?next=%2Fbasket%2F"


def test_a_long_list_costs_as_many_queries_as_a_short_one(mine):
    def one_more():
        listing = ListingFactory()
        PhotoFactory(product=listing)
        add(mine, listing)
        later(mine, listing)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            mine.get("/basket/")
        return len(queries)

    one_more()
    with_one = asked()
    for _ in range(5):
        one_more()

    assert asked() == with_one
