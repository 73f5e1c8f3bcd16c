"""What was looked at last: shown on listing, empty basket and account, kept by the browser alone."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.models import Product
from people.models import User
from storefront import recently_seen, visitor_pages
from storefront.recently_seen import KEPT_DAYS, MOST_KEPT, SHOWN
from tests.factories.catalogue import ListingFactory, PhotoFactory, SizeFactory
from tests.factories.people import PASSWORD, PersonFactory
from tests.factories.vendors import VendorFactory

pytestmark = pytest.mark.django_db

COOKIE = settings.SEEN_COOKIE_NAME
BASKET = "/basket/"
HEADING = "Looked at last"


@pytest.fixture
def listings(paro):
    """Ten listings of one group."""
    group = VendorFactory(home_region=paro.doga)
    return [ListingFactory(title=f"Thing {number}", vendor=group) for number in range(10)]


def look_at(client, *listings):
    for listing in listings:
        assert client.get(listing.get_absolute_url()).status_code == 200


def seen(client, address=BASKET):
    return [card.title for card in client.get(address).context["seen"]]


def with_cookie(words):
    client = Client()
    client.cookies[COOKIE] = words
    return client


def test_the_last_ones_are_shown_first_and_each_once(client, listings):
    look_at(client, *listings[:6], listings[2])

    assert seen(client) == ["Thing 2", "Thing 5", "Thing 4", "Thing 3"]
    assert seen(client, listings[5].get_absolute_url()) == ["Thing 2", "Thing 4", "Thing 3", "Thing 1"]


def test_a_first_visit_shows_and_asks_nothing_of_it(client, listings):
    with CaptureQueriesContext(connection) as first:
        page = client.get(listings[0].get_absolute_url())
    with CaptureQueriesContext(connection) as second:
        client.get(listings[0].get_absolute_url())

    assert HEADING not in page.content.decode()
    assert len(second) == len(first)


def test_the_cookie_holds_numbers_of_listings_for_some_days_and_no_script_reads_it(client, listings):
    look_at(client, *listings)

    kept = client.cookies[COOKIE]
    assert kept.value == ".".join(str(row.pk) for row in reversed(listings[-MOST_KEPT:]))
    assert (kept["max-age"], kept["httponly"], kept["samesite"]) == (KEPT_DAYS * 86_400, True, "Lax")


def test_it_travels_with_encryption_where_sessions_do(client, listings, settings):
    settings.SESSION_COOKIE_SECURE = True

    look_at(client, listings[0])

    assert client.cookies[COOKIE]["secure"]


def test_nothing_is_stored_about_anybody(listings, settings):
    person = PersonFactory()
    client = Client()
    client.force_login(person)

    with CaptureQueriesContext(connection) as asked:
        look_at(client, *listings[:3])

    assert seen(client, "/account/") == ["Thing 2", "Thing 1", "Thing 0"]
    assert not [query["sql"] for query in asked if query["sql"].split()[0] in {"INSERT", "UPDATE"}]
    # Another browser of the same person knows nothing of it.
    other = Client()
    other.force_login(User.objects.get(pk=person.pk))
    assert seen(other, "/account/") == []


@pytest.mark.parametrize("state", ["withdrawn", "draft", "rejected"])
def test_what_is_in_the_shop_no_more_drops_out_and_makes_room(state, client, listings):
    look_at(client, *listings[:5])
    Product.objects.filter(pk=listings[4].pk).update(state=state, is_public=False)

    assert seen(client) == ["Thing 3", "Thing 2", "Thing 1", "Thing 0"]
    assert "Thing 4" not in client.get(BASKET).content.decode()


def test_goods_of_a_group_that_is_suspended_drop_out(client, listings):
    look_at(client, listings[0])
    vendor = listings[0].vendor
    type(vendor).objects.filter(pk=vendor.pk).update(state="suspended")

    assert seen(client) == []


def test_what_was_refused_a_page_is_not_kept(client, listings):
    draft = ListingFactory(title="Not yet", draft=True)

    answer = client.get(draft.get_absolute_url())

    assert (answer.status_code, COOKIE in client.cookies) == (404, False)


def test_a_wrong_slug_or_a_size_counts_when_the_right_page_is_shown(client, listings):
    sized = ListingFactory(title="Belt", stock=None)
    size = SizeFactory(parent=sized, size_label="narrow")

    moved = client.get(f"/products/{size.slug or 'belt'}-{size.pk}/")

    assert (moved.status_code, COOKIE in client.cookies) == (301, False)
    look_at(client, sized)
    assert client.cookies[COOKIE].value == str(sized.pk)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "nonsense",
        "1.2.x",
        "-1",
        "1..2",
        ".",
        "1.",
        "9" * 19,
        "1" * 3000,
        ".".join(map(str, range(1, 10_001))),
        "1%00",
        "\xd9\xa1",
        "1 OR 1=1",
        "<script>alert(1)</script>",
    ],
)
def test_a_cookie_that_is_not_ours_is_nothing(words, listings):
    client = with_cookie(words)

    assert seen(client) == []
    look_at(client, listings[0])
    assert client.cookies[COOKIE].value == str(listings[0].pk)


def test_numbers_that_somebody_made_up_show_what_everybody_sees(listings):
    draft = ListingFactory(title="Not yet", draft=True)
    size = SizeFactory(parent=ListingFactory(title="Belt", stock=None), size_label="narrow")
    client = with_cookie(f"{draft.pk}.{size.pk}.{'9' * 18}.{listings[3].pk}.{listings[3].pk}.0")

    assert seen(client) == ["Thing 3"]


def test_four_cost_as_many_queries_as_one(listings):
    for row in listings:
        PhotoFactory(product=row)
    one = with_cookie(str(listings[0].pk))
    eight = with_cookie(".".join(str(row.pk) for row in listings[:MOST_KEPT]))

    counts = []
    for client in (one, eight):
        with CaptureQueriesContext(connection) as asked:
            shown = seen(client)
        counts.append((len(shown), len(asked)))

    assert counts == [(1, counts[0][1]), (SHOWN, counts[0][1])]


def test_forgetting_takes_it_all_and_comes_back(client, listings):
    look_at(client, *listings[:3])
    here = listings[2].get_absolute_url()

    for _ in range(2):
        answer = client.post("/seen/forget/", {"next": here})
        assert (answer.status_code, answer.url) == (302, here)

    assert seen(client) == []


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""]
)
def test_forgetting_leads_to_pages_of_ours_alone(target, client):
    assert client.post("/seen/forget/", {"next": target}).url == "/products/"


def test_another_site_cannot_have_it_forgotten(listings):
    client = Client(enforce_csrf_checks=True)
    look_at(client, listings[0])

    answer = client.post("/seen/forget/", {"next": "/"})

    assert (answer.status_code, seen(client)) == (403, ["Thing 0"])


def test_signing_out_and_closing_the_account_leave_nothing_for_who_comes_next(listings):
    person = PersonFactory(password=PASSWORD)
    for leave in ("sign out", "close"):
        client = Client()
        client.force_login(person)
        look_at(client, listings[0])
        if leave == "sign out":
            client.post("/account/logout/")
        else:
            client.post("/account/confirm/", {"password": PASSWORD, "next": "/account/close/"})
            closed = client.post("/account/close/", {"reviews": "keep", "is_sure": "on"})
            assert closed.url == "/account/closed/"
        assert seen(client) == []


def test_the_own_words_of_a_language_are_used(client, listings):
    Product.objects.filter(pk=listings[0].pk).update(translations={"hi": {"title": "हल्दी"}})
    look_at(client, listings[0])

    assert seen(client, "/hi/basket/") == ["हल्दी"]


@pytest.mark.parametrize("is_common", [True, False], ids=["guarded", "control"])
def test_who_has_looked_at_things_still_gets_kept_pages(
    is_common, listings, settings, monkeypatch, django_assert_num_queries
):
    settings.VISITOR_PAGE_SECONDS = 10
    cache.clear()
    if not is_common:
        monkeypatch.setattr(visitor_pages, "_COMMON_COOKIES", visitor_pages._COMMON_COOKIES - {COOKIE})
    client = Client()
    look_at(client, *listings[:3])
    kept = Client().get("/products/").content

    with CaptureQueriesContext(connection) as asked:
        page = client.get("/products/")

    assert page.content == kept
    assert (len(asked) == 0) is is_common


def test_no_page_that_is_kept_shows_what_somebody_looked_at(listings, settings, monkeypatch):
    settings.VISITOR_PAGE_SECONDS = 10
    cache.clear()
    monkeypatch.setattr(recently_seen, "seen_keys", lambda _request: pytest.fail("a kept page asked"))
    client = with_cookie(str(listings[0].pk))

    pages = ["/", "/places/", "/places/BT-11/", "/products/", "/groups/", "/how-it-works/", "/stories/"]

    assert {client.get(page).status_code for page in pages} == {200}
    # The control: on a page of a listing it is asked.
    with pytest.raises(pytest.fail.Exception):
        client.get(listings[0].get_absolute_url())
