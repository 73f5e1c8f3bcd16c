"""Saved listings: the button, the list in the account, and what a visitor pressed before signing in."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue.models import Product, SavedListing
from catalogue.services import saving
from orders.basket.models import Line
from tests.factories.catalogue import CategoryFactory, ListingFactory, PhotoFactory, SizeFactory
from tests.factories.people import PASSWORD, PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.race import race
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


def press(client, listing, do="keep", **more):
    return client.post(f"/products/{listing.pk}/save/", {"do": do, **more})


def titles(person):
    return list(SavedListing.objects.filter(person=person).values_list("listing__title", flat=True))


def page(client):
    return client.get("/account/saved/")


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def row_of(client):
    (row,) = page(client).context["rows"]
    return row


def test_a_press_saves_and_another_takes_off_and_both_are_safe_twice(mine, person):
    listing = ListingFactory(title="Red rice")

    for _ in range(2):
        answer = press(mine, listing, next="/products/?page=2")
        assert answer["Location"] == "/products/?page=2"
    assert titles(person) == ["Red rice"]

    for _ in range(2):
        press(mine, listing, do="drop")
    assert titles(person) == []


def test_a_page_of_another_site_is_not_gone_back_to(mine):
    assert press(mine, ListingFactory(), next="https://evil.example/")["Location"] == "/account/saved/"


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "rejected", "withdrawn"])
def test_what_shoppers_may_not_see_is_not_found_and_not_saved(mine, person, state):
    listing = ListingFactory(**{state: True})

    assert mine.get(f"/products/{listing.pk}/save/").status_code == 404
    assert press(mine, listing).status_code == 404
    assert titles(person) == []


def test_neither_a_size_nor_a_listing_of_a_suspended_group_is_saved(mine, person):
    assert press(mine, SizeFactory()).status_code == 404
    assert press(mine, ListingFactory(vendor=VendorFactory(suspended=True))).status_code == 404
    assert titles(person) == []


def test_a_script_gets_the_button_alone_as_it_stands_then(mine, person):
    listing = ListingFactory(title="Red rice")

    kept = mine.post(
        f"/products/{listing.pk}/save/",
        {"do": "keep", "title": "Red rice", "look": "line"},
        HTTP_X_LIVE="yes",
    ).content.decode()
    dropped = mine.post(
        f"/products/{listing.pk}/save/", {"do": "drop", "title": "<b>", "look": "<b>"}, HTTP_X_LIVE="yes"
    ).content.decode()

    assert "<html" not in kept + dropped
    assert 'value="drop"' in kept
    assert "save-line save-on" in kept
    assert 'value="keep"' in dropped
    assert "<b>" not in dropped


def test_cards_say_what_is_saved_by_one_query_for_all_of_them(mine):
    saved = ListingFactory()
    ListingFactory.create_batch(3)
    mine.get("/basket/")  # the first page of somebody signed in makes the basket
    with CaptureQueriesContext(connection) as before:
        mine.get("/products/")
    press(mine, saved)
    with CaptureQueriesContext(connection) as after:
        text = mine.get("/products/").content.decode()

    assert len(after) == len(before)
    assert text.count("save-on") == 1
    assert text.count("data-swap") == 4
    assert sum("catalogue_savedlisting" in query["sql"] for query in after) == 1


def test_visitors_get_a_link_without_a_token_and_without_a_query():
    ListingFactory()
    client = Client()

    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/products/")

    assert "csrfmiddlewaretoken" not in answer.content.decode()
    assert "csrftoken" not in answer.cookies
    assert not [query for query in asked if "savedlisting" in query["sql"]]


def test_a_listing_says_that_it_is_saved(mine):
    listing = ListingFactory()
    assert "save-line save-on" not in mine.get(listing.get_absolute_url()).content.decode()

    press(mine, listing)

    assert "save-line save-on" in mine.get(listing.get_absolute_url()).content.decode()


def test_the_list_is_asked_for_with_an_account_and_is_ones_own(client, person):
    press_of_another = ListingFactory(title="Not yours")
    saving.save_listing(PersonFactory(), press_of_another.pk)
    assert page(client)["Location"] == "/account/login/?next=/account/saved/"

    client.force_login(person)
    assert "Not yours" not in page(client).content.decode()
    press(client, press_of_another, do="drop")

    assert SavedListing.objects.count() == 1


def test_the_newest_stands_first_with_the_price_of_today(mine):
    first, second = ListingFactory(title="Red rice"), ListingFactory(title="Honey")
    press(mine, first)
    press(mine, second)
    Product.objects.filter(pk=first.pk).update(price_from=Decimal("310.00"))

    rows = page(mine).context["rows"]

    assert [row.title for row in rows] == ["Honey", "Red rice"]
    assert rows[1].card.price == Decimal("310.00")


def test_what_cannot_be_bought_says_why_and_has_no_button(mine):
    today = timezone.localdate()
    food = CategoryFactory(name="Food", slug="food")
    closed = VendorFactory(closed_from=today - timedelta(days=1), closed_until=today + timedelta(days=9))
    listings = {
        "sold out": ListingFactory(sold_out=True),
        "closed until": ListingFactory(vendor=closed),
        "not for sale at present": ListingFactory(categories=[food], vendor=VendorFactory(food_licence="")),
    }

    for words, listing in listings.items():
        press(mine, listing)
        row = row_of(mine)
        assert words in row.card.availability
        assert not row.can_go_into_basket
        text = page(mine).content.decode()
        assert "/basket/add/" not in text
        # Only what is sold out can come back by itself at any moment, and says so by a message.
        assert (f"/products/{listing.pk}/back-in-stock/" in text) is (words == "sold out")
        press(mine, listing, do="drop")


@pytest.mark.parametrize("what", ["withdrawn", "suspended"])
def test_what_is_no_longer_sold_keeps_its_name_of_then_and_leads_nowhere(mine, what):
    listing = ListingFactory(title="Red rice")
    press(mine, listing)
    # What it is called since, no moderator has looked at.
    Product.objects.filter(pk=listing.pk).update(title="Something rude")
    if what == "withdrawn":
        Product.objects.filter(pk=listing.pk).update(state="withdrawn", is_public=False)
    else:
        type(listing.vendor).objects.filter(pk=listing.vendor_id).update(state="suspended")

    text = page(mine).content.decode()

    assert row_of(mine).card is None
    assert "Red rice" in text
    assert "No longer sold" in text
    assert "Something rude" not in text
    assert listing.get_absolute_url() not in text
    press(mine, listing, do="drop")
    assert page(mine).context["rows"] == []


def test_it_goes_into_the_basket_from_there_and_stays_on_the_list(mine, person):
    listing = ListingFactory(title="Red rice")
    press(mine, listing)
    assert row_of(mine).can_go_into_basket
    assert f'name="product" value="{listing.pk}"' in " ".join(page(mine).content.decode().split())

    mine.post("/basket/add/", {"product": listing.pk, "quantity": 1})

    assert list(Line.objects.values_list("product", "quantity")) == [(listing.pk, 1)]
    assert titles(person) == ["Red rice"]


def test_a_listing_with_sizes_asks_for_the_size_on_its_page(mine):
    listing = ListingFactory(stock=None, price_from=Decimal("90.00"), price_currency="INR")
    SizeFactory.create_batch(2, parent=listing)
    press(mine, listing)

    assert row_of(mine).has_sizes
    assert "Choose a size" in page(mine).content.decode()


def test_the_first_page_asks_at_most_eight_times_however_much_it_holds(mine, person):
    for _ in range(30):
        listing = ListingFactory()
        PhotoFactory(product=listing)
        saving.save_listing(person, listing.pk)
    page(mine)

    with CaptureQueriesContext(connection) as asked:
        answer = page(mine)

    assert len(answer.context["rows"]) == 24
    assert len(asked) <= 8, [query["sql"][:120] for query in asked]


def test_a_visitor_is_led_to_the_sign_in_and_then_it_is_saved(client, person):
    listing = ListingFactory(title="Red rice")
    assert "Red rice" in client.get(f"/products/{listing.pk}/save/").content.decode()
    for _ in range(2):
        answer = press(client, listing)
    assert answer["Location"] == "/account/login/?next=%2Faccount%2Fsaved%2F"
    assert SavedListing.objects.count() == 0

    answer = client.post(answer["Location"], {"contact": person.email, "password": PASSWORD}, follow=True)

    assert answer.redirect_chain[-1][0] == "/account/saved/"
    assert "Saved: Red rice." in said(answer)
    assert titles(person) == ["Red rice"]


def test_what_was_pressed_before_a_new_account_by_code_is_saved_too(client):
    from notices.models import Notice

    listing = ListingFactory(title="Red rice")
    press(client, listing)
    client.post("/account/join/", {"contact": "dorji@example.org", "next": "/account/saved/"})
    code = Notice.objects.filter(kind="one_time_code").latest("pk").context["code"]
    client.post("/account/code/", {"code": code})

    answer = client.post("/account/new/", {"name": "Dorji"})

    assert answer["Location"] == "/account/saved/"
    assert list(SavedListing.objects.values_list("person__email", "title")) == [
        ("dorji@example.org", "Red rice")
    ]


def test_what_is_gone_by_the_sign_in_is_said_and_nothing_fails(client, person):
    listing = ListingFactory()
    press(client, listing)
    Product.objects.filter(pk=listing.pk).update(state="withdrawn", is_public=False)

    answer = client.post(
        "/account/login/",
        {"contact": person.email, "password": PASSWORD, "next": "/account/saved/"},
        follow=True,
    )

    assert "What you wanted to save is not sold any more." in said(answer)
    assert titles(person) == []


def test_a_visitor_who_takes_off_what_was_never_saved_is_asked_to_sign_in(client):
    answer = press(client, ListingFactory(), do="drop")

    assert answer["Location"].startswith("/account/login/")


def test_a_full_list_says_so_and_keeps_what_it_has(mine, person, monkeypatch):
    monkeypatch.setattr(saving, "MOST", 2)
    first = ListingFactory(title="Red rice")
    press(mine, ListingFactory(title="Honey"))
    press(mine, first)

    answer = mine.post(f"/products/{ListingFactory().pk}/save/", {"do": "keep"}, follow=True)

    assert said(answer)[-1:] == ["Your list holds 2 things. Take something off it first."]
    assert titles(person) == ["Red rice", "Honey"]
    assert press(mine, first).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_eight_presses_at_once_save_it_once():
    person, listing = PersonFactory(), ListingFactory()

    outcomes = race(lambda: saving.save_listing(person, listing.pk), contenders=8)

    assert outcomes == [None] * 8
    assert SavedListing.objects.count() == 1
    assert StockRecord.objects.get(product=listing).num_allocated == 0


def test_the_button_of_the_list_sent_twice_puts_in_once(mine):
    listing = ListingFactory()
    press(mine, listing)
    html = page(mine).content.decode()
    sent = {
        "product": listing.pk,
        "quantity": 1,
        "form_key": html.partition('name="form_key" value="')[2].partition('"')[0],
    }

    for _ in range(2):
        mine.post("/basket/add/", sent)

    assert len(sent["form_key"]) > 10
    assert Line.objects.get().quantity == 1
