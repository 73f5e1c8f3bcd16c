"""Addresses that only take forms: whoever looks at one finds a way on, and nothing is changed."""

import pytest

from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "words", "home"),
    [
        ("/basket/add/", "Nothing to look at here", '<a href="/places/">'),
        ("/checkout/place/", "Nothing to look at here", '<a href="/places/">'),
        ("/hi/account/logout/", "यहाँ देखने को कुछ नहीं है", '<a href="/hi/places/">'),
    ],
)
def test_an_address_of_a_form_shows_a_way_on(client, address, words, home):
    answer = client.get(address)

    html = answer.content.decode()
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert words in html
    assert home in html


def test_machines_and_other_methods_get_the_bare_answer(client):
    assert client.head("/basket/add/").content == b""
    assert client.delete("/basket/add/").content == b""


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [("/basket/code/", "/basket/"), ("/hi/basket/code/", "/hi/basket/")],
)
def test_a_page_that_only_an_answer_shows_leads_to_its_form_when_it_is_loaded_again(
    client, address, leads_to
):
    assert client.get(address)["Location"] == leads_to


def test_whoever_signs_in_again_to_keep_orders_is_led_to_the_button(client):
    ended = client.post("/account/keep-orders/")
    client.force_login(PersonFactory())

    assert ended["Location"] == "/account/login/?next=/account/keep-orders/"
    assert client.get("/account/keep-orders/")["Location"] == "/account/"
