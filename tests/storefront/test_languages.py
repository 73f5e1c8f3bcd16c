"""The language stands in the address: one address for each page and language, and readers are led to theirs."""

import re
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from marketplace.lib.addresses import in_language, public_link, without_language
from marketplace.urls import urlpatterns
from orders.services.notifying import status_link
from orders.services.placing import place_order
from storefront.views import listings
from tests.factories.catalogue import ListingFactory
from tests.factories.regions import RegionFactory
from tests.support.sale import checkout_data, filled_basket, open_shop

pytestmark = pytest.mark.django_db


def lang_of(answer):
    return re.search(r'<html lang="(\w+)"', answer.content.decode())[1]


def sisters(html):
    return dict(re.findall(r'hreflang="([\w-]+)" href="([^"]+)"', html))


@pytest.mark.parametrize(("address", "spoken"), [("/places/", "en"), ("/hi/places/", "hi"), ("/dz/", "dz")])
def test_address_says_the_language(client, address, spoken):
    answer = client.get(address)

    assert (answer.status_code, lang_of(answer)) == (200, spoken)
    assert answer["Content-Language"] == spoken


def test_links_of_a_page_stay_in_its_language(client):
    html = client.get("/hi/places/").content.decode()

    assert 'href="/basket/"' not in html
    assert 'href="/hi/basket/"' in html


@pytest.mark.parametrize("how", ["cookie", "browser"])
def test_reader_is_led_to_the_page_in_the_language_chosen_or_asked_for(client, how):
    headers = {"accept-language": "hi-IN,hi;q=0.9,en;q=0.8"} if how == "browser" else {}
    if how == "cookie":
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "hi"

    answer = client.get("/products/?q=tea&page=2", headers=headers)

    assert (answer.status_code, answer["Location"]) == (302, "/hi/products/?q=tea&page=2")
    assert {"Accept-Language", "Cookie"} <= set(re.split(r",\s*", answer["Vary"]))


def test_what_was_chosen_counts_more_than_what_the_browser_asks_for(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    assert client.get("/places/", headers={"accept-language": "hi"}).status_code == 200


def test_address_with_a_language_is_never_led_elsewhere(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "dz"

    assert lang_of(client.get("/hi/places/")) == "hi"


@pytest.mark.parametrize(
    ("written", "ours"),
    [
        ("/en/", "/"),
        ("/en", "/"),
        ("/en/places/?page=2&q=%E0%A4%9A", "/places/?page=2&q=%E0%A4%9A"),
        ("/en-GB/places/", "/places/"),
        ("/HI/places/?q=a", "/hi/places/?q=a"),
        ("/hi-IN/", "/hi/"),
        ("/DZ", "/dz/"),
        ("/en//elsewhere.example/", "/elsewhere.example/"),
        ("/en/admin/", "/admin/"),
        ("/hi-IN/en/places/", "/hi/places/"),
        ("/hi-%E0%A4%95%E0%A4%96/places/?q=1", "/hi/places/?q=1"),
    ],
)
def test_a_language_written_in_another_way_leads_to_its_page_for_good(client, written, ours):
    answer = client.get(written)

    assert (answer.status_code, answer["Location"]) == (301, ours)


@pytest.mark.parametrize("address", ["/english-tea/", "/xx/", "/hindi/places/", "/hi//places/"])
def test_what_names_no_language_of_ours_is_no_page(client, address):
    assert client.get(address).status_code == 404


def test_a_language_in_capitals_in_the_cookie_leads_to_a_page(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "HI"

    assert client.get("/places/", follow=True).status_code == 200


def test_what_is_sent_and_what_a_script_asks_for_is_not_led_on(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "hi"

    assert lang_of(client.post("/orders/find/", {})) == "en"
    assert client.get("/places/", headers={"X-Live": "yes"}).status_code == 200


def test_picture_has_one_address_for_every_reader(client):
    RegionFactory(code="BT-11")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "hi"

    assert client.get("/bands/BT-11.svg").status_code == 200
    assert client.get("/hi/bands/BT-11.svg").status_code == 404


def test_admin_is_read_in_the_language_of_the_reader(admin_client):
    admin_client.cookies[settings.LANGUAGE_COOKIE_NAME] = "hi"

    assert lang_of(admin_client.get("/admin/")) == "hi"


def test_every_address_outside_the_languages_is_named_in_the_settings():
    outside = [str(entry.pattern) for entry in urlpatterns[:4]]

    assert outside == ["healthz", "admin/", "payments/", ""]
    with translation.override("hi"):
        for name, args in (("band", ["BT"]), ("known-picture", [1]), ("healthz", []), ("admin:index", [])):
            assert reverse(name, args=args).startswith(settings.PATHS_WITHOUT_LANGUAGE), name


def test_page_names_itself_and_its_sisters(client):
    html = client.get("/hi/places/", {"page": "2", "q": "x"}).content.decode()

    site = settings.SITE_URL
    assert f'rel="canonical" href="{site}/hi/places/"' in html
    assert html.count('rel="canonical"') == 1
    assert sisters(html) == {
        "en": f"{site}/places/",
        "x-default": f"{site}/places/",
        "hi": f"{site}/hi/places/",
        "dz": f"{site}/dz/places/",
    }


@pytest.mark.parametrize(
    ("asked", "named"),
    [("", ""), ("?page=1", ""), ("?page=0", "?page=2"), ("?page=2", "?page=2"), ("?page=999", "?page=2")],
)
def test_a_list_names_the_page_that_it_shows_and_the_first_by_its_bare_address(
    client, monkeypatch, asked, named
):
    monkeypatch.setattr(listings, "PAGE_SIZE", 1)
    ListingFactory.create_batch(2)

    html = client.get(f"/hi/products/{asked}").content.decode()

    site = settings.SITE_URL
    assert f'rel="canonical" href="{site}/hi/products/{named}"' in html
    assert sisters(html)["dz"] == f"{site}/dz/products/{named}"


@pytest.mark.parametrize(
    "address", ["/basket/", "/account/login/", "/account/join/", "/orders/find/", "/deliver-to/"]
)
def test_pages_about_one_person_are_kept_out_of_indexes(client, address):
    html = client.get(address).content.decode()

    assert 'name="robots" content="noindex"' in html
    assert 'rel="canonical"' not in html


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("/places/", "/hi/places/"),
        ("/dz/places/?q=a", "/hi/places/?q=a"),
        ("/hi/places/", "/hi/places/"),
        ("/admin/", "/admin/"),
        ("/dz//evil.example", "/hi//evil.example"),
        ("https://evil.example/", "/hi/"),
    ],
)
def test_switch_leads_to_the_same_page_of_ours_in_the_other_language(client, typed, shown):
    answer = client.get("/language/hi/", {"next": typed})

    assert answer["Location"] == shown
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "hi"


@pytest.mark.parametrize("typed", ["/hi//evil.example", "/hi/\\evil.example", "/hi///evil.example/"])
def test_switch_to_english_leads_to_no_other_site(client, typed):
    assert client.get("/language/en/", {"next": typed})["Location"] == "/"


def test_words_of_an_address_that_only_begin_like_a_language_are_left_alone():
    assert without_language("/himalaya/") == "/himalaya/"
    assert without_language("/hi") == "/"
    assert without_language("/hi?x=1") == "/?x=1"
    assert in_language("https://elsewhere.example/hi/", "hi") == "https://elsewhere.example/hi/"


def test_links_in_messages_are_those_of_the_reader_and_not_of_whoever_writes():
    with translation.override("hi"):
        assert public_link(reverse("dashboard-home")) == f"{settings.SITE_URL}/dashboard/"


def test_buyer_is_led_back_in_the_language_of_the_order():
    open_shop()
    basket = filled_basket((ListingFactory(), 1))

    order = place_order(basket, checkout_data(basket, language="hi"))

    with translation.override("dz"):
        assert status_link(order).startswith(f"{settings.SITE_URL}/hi/orders/{order.number}/?key=")


def switch_of(answer):
    """Where the switch to Hindi on a page comes back to."""
    found = re.search(r'href="/language/hi/\?next=([^"]+)"', answer.content.decode())
    return unquote(found[1])


def test_the_switch_keeps_a_page_that_answers_a_form(client):
    assert switch_of(client.post("/orders/find/?from=mail", {})) == "/orders/find/?from=mail"


def test_the_switch_on_a_page_shown_where_nothing_can_be_looked_at_leads_to_that_page(client):
    answer = client.post("/basket/code/", {"code": "NONE"})

    assert answer.status_code == 200
    assert switch_of(answer) == "/basket/"
    assert client.get(switch_of(answer)).status_code == 200
