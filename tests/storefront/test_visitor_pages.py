"""Pages kept for visitors: who gets them, how long, and what is never kept."""

import time
from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from catalogue.models import Product
from storefront import visitor_pages
from tests.factories.catalogue import CategoryFactory, ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import IdentifiedProductFactory
from tests.factories.vendors import CertificateFactory, VendorFactory

pytestmark = pytest.mark.django_db

SEAL = 'class="seal"'
PAGES = ("/", "/places/", "/places/BT-11/", "/products/", "/groups/", "/category/tea/", "/hi/products/")


@pytest.fixture(autouse=True)
def keeping(settings):
    """Pages are kept, and none is from before."""
    settings.VISITOR_PAGE_SECONDS = 10
    cache.clear()


@pytest.fixture
def listing(paro):
    return ListingFactory(
        title="Zimtsa tea", region=paro.doga, categories=[CategoryFactory(name="Tea", slug="tea")]
    )


def page(address, client=None, **headers):
    return (client or Client()).get(address, **headers).content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_a_second_visitor_gets_the_page_without_a_question(listing, address, django_assert_num_queries):
    first = Client().get(address)

    with django_assert_num_queries(0):
        second = Client().get(address)

    assert second.content == first.content
    assert second.headers["Cache-Control"] == "private, no-cache"
    assert second.headers["Content-Type"] == first.headers["Content-Type"]


def test_languages_words_and_pages_are_kept_apart(listing):
    pages = ["/products/", "/hi/products/", "/products/?q=tea", "/products/?q=rice", "/hi/"]

    assert len({page(address) for address in pages * 2}) == len(pages)


def test_words_that_were_sent_unquoted_are_not_kept_for_what_their_signs_spell(listing):
    unquoted = Client().get("/products/", QUERY_STRING="q=\xe0\xa4\x9a".encode("latin-1").decode("latin-1"))
    spelt = Client().get("/products/?q=%C3%A0%C2%A4%C2%9A")

    assert unquoted.context["words"] == "च"
    assert spelt.content != unquoted.content


def test_who_brings_a_cookie_sees_a_change_at_once_and_a_visitor_within_seconds(listing, monkeypatch):
    known = Client()
    known.force_login(PersonFactory())
    now = time.time()
    assert "Zimtsa tea" in page("/products/")
    Product.objects.filter(pk=listing.pk).update(title="Zimtsa of Doga")

    assert "Zimtsa of Doga" in page("/products/", known)
    monkeypatch.setattr(time, "time", lambda: now + 9)
    assert "Zimtsa tea" in page("/products/")
    monkeypatch.setattr(time, "time", lambda: now + 12)
    assert "Zimtsa of Doga" in page("/products/")


def test_what_somebody_sees_who_signed_in_is_not_kept_for_visitors(listing):
    known = Client()
    known.force_login(PersonFactory(name="Tshering Yangzom"))

    own = page("/", known)

    assert page("/") != own
    assert "Tshering" not in page("/")


def test_chosen_language_and_form_guard_do_not_part_visitors(listing, django_assert_num_queries):
    page("/products/")
    client = Client()
    client.cookies["csrftoken"] = "a" * 32

    with django_assert_num_queries(0):
        page("/products/", client)


def test_parts_of_pages_unknown_pages_and_pages_with_forms_are_not_kept(listing):
    Client().get("/products/", headers={"X-Live": "yes"})
    assert Client().get("/places/XX-1/").status_code == 404
    first, second = (Client().get(listing.get_absolute_url()) for _ in range(2))

    assert first.cookies["csrftoken"].value != second.cookies["csrftoken"].value
    assert not [key for key in cache._cache if "visitor-page" in key]


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
def test_a_claim_ends_at_midnight_of_its_country_though_its_page_is_kept(is_guarded, paro, monkeypatch):
    if not is_guarded:
        monkeypatch.setattr(visitor_pages, "today_in", lambda _country: date(2027, 6, 30))
    known = IdentifiedProductFactory(region=paro.doga)
    group = VendorFactory(home_region=paro.doga)
    ListingFactory(vendor=group, region=paro.doga, identified_product=known)
    CertificateFactory(
        vendor=group,
        kind="organic",
        region=paro.doga,
        products=[known],
        valid_from=date(2027, 1, 1),
        valid_until=date(2027, 6, 30),
    )
    # Thimphu is six hours ahead of UTC.
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 6, 30, 17, 59, 59, tzinfo=UTC))
    assert SEAL in page("/products/")
    assert SEAL in page("/products/")
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 6, 30, 18, 0, 0, tzinfo=UTC))
    assert (SEAL in page("/products/")) is not is_guarded


def test_a_page_that_did_not_change_is_not_sent_again(listing):
    first = Client().get("/products/")

    again = Client().get("/products/", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    Product.objects.filter(pk=listing.pk).update(title="Zimtsa of Doga")
    cache.clear()
    changed = Client().get("/products/", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
