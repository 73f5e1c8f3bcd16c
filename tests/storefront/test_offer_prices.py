"""What offers that need no code do to the prices of cards and pages."""

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from catalogue.services.saving import save_listing
from orders.services.offers import stop_offer
from storefront.sitemaps import BLOCK
from tests.factories.catalogue import CategoryFactory, ListingFactory, PhotoFactory, SizeFactory
from tests.factories.offers import an_offer
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.storefront.test_queries import queries

pytestmark = pytest.mark.django_db
D = Decimal
DAY = timedelta(days=1)


@pytest.fixture
def honey(paro):
    """A listing of 250 g at 500.00."""
    vendor = VendorFactory(name="Doga Growers", home_region=paro.doga)
    return ListingFactory(
        title="Honey",
        vendor=vendor,
        region=paro.doga,
        stock__price="500.00",
        net_quantity=250,
        net_unit="g",
        categories=[CategoryFactory(name="Sweet", slug="sweet")],
    )


def words(html):
    return " ".join(re.sub("<[^>]+>", " ", html).split())


def card(client, address="/products/"):
    """The words of the one card of a page."""
    (found,) = re.findall(r'<li class="card.*?</li>', client.get(address).text, re.DOTALL)
    return words(found)


def price_on_page(client, listing):
    """What the page of a listing says beside its price."""
    html = client.get(listing.get_absolute_url()).text
    return words(
        re.search(
            r'<p class="price price-big">.*?</p>(?:\s*<p class="offer-said">.*?</p>)*', html, re.DOTALL
        )[0]
    )


def test_a_percentage_is_taken_off_the_price_of_card_and_page_as_in_the_basket(client, honey):
    offer = an_offer(title="Dashain", percent=D(10))
    last = timezone.now().date() + 30 * DAY

    shown = card(client)
    page = price_on_page(client, honey)
    client.post(reverse("basket-add"), {"product": honey.pk, "quantity": 1})
    basket = words(client.get(reverse("basket")).text)

    assert "₹450 instead of ₹500 250 g · ₹180 per 100 g 10 % off with “Dashain”" in shown
    assert page == (
        f"₹450 instead of ₹500 250 g · ₹180 per 100 g 10 % off with “Dashain” until {last.day} {last:%B %Y}"
    )
    assert "₹450.00" in basket
    stop_offer(offer, actor=PersonFactory(), reason="enough")
    assert "₹500 250 g · ₹200 per 100 g" in card(client)
    assert "instead of" not in price_on_page(client, honey)


def test_group_and_programme_are_both_taken_off(client, honey):
    an_offer(title="Own days", payer=honey.vendor, percent=D(20))
    an_offer(title="Dashain", percent=D(10))

    assert "₹360 instead of ₹500" in card(client)
    assert "20 % off with “Own days” 10 % off with “Dashain”" in card(client)


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"amount": D(100)}, "₹500 250 g · ₹200 per 100 g ₹100 off an order with “Dashain”"),
        ({"minimum": D(1000)}, "₹500 250 g · ₹200 per 100 g 10 % off from ₹1,000 with “Dashain”"),
        (
            {"amount": D(100), "minimum": D(1000)},
            "₹500 250 g · ₹200 per 100 g ₹100 off from ₹1,000 with “Dashain”",
        ),
    ],
    ids=["amount of an order", "from a sum on", "both"],
)
def test_what_depends_on_the_rest_of_the_order_is_said_in_words_without_a_price(client, honey, terms, said):
    an_offer(title="Dashain", **terms)

    assert said in card(client)
    assert said in price_on_page(client, honey)


def test_of_several_of_one_payer_no_price_is_promised(client, honey):
    an_offer(title="Dashain", percent=D(10))
    an_offer(title="Honey week", percent=D(25), listings=[honey])

    assert "₹500 250 g · ₹200 per 100 g up to 25 % off with “Honey week”" in card(client)
    assert "Dashain" not in card(client)


@pytest.mark.parametrize(
    "terms",
    [
        {"code": "DASHAIN"},
        {"currency": "BTN"},
        {"first_day": timezone.now().date() + 2 * DAY},
        {"of_other_group": True},
        {"of_other_category": True},
    ],
    ids=["code", "currency", "not begun", "group", "category"],
)
def test_what_is_not_for_it_now_is_not_shown(client, honey, terms):
    terms = dict(terms)
    if terms.pop("of_other_group", False):
        terms["payer"] = VendorFactory()
    if terms.pop("of_other_category", False):
        terms["categories"] = [CategoryFactory()]
    an_offer(title="Dashain", **terms)

    assert "Dashain" not in card(client)
    assert "Dashain" not in price_on_page(client, honey)


def test_what_cannot_be_bought_says_why_and_no_offer(client, paro):
    ListingFactory(region=paro.doga, sold_out=True)
    an_offer(title="Dashain")

    assert "sold out" in card(client)
    assert "Dashain" not in card(client)


def test_an_offer_begins_and_ends_at_midnight_of_the_groups_country(client, honey, monkeypatch):
    day = timezone.now().date() + DAY
    an_offer(title="Losar", payer=honey.vendor, first_day=day, last_day=day)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=6)
    second = timedelta(seconds=1)

    def is_shown_at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return "Losar" in card(client)

    moments = [midnight - second, midnight, midnight + DAY - second, midnight + DAY]
    assert [is_shown_at(moment) for moment in moments] == [False, True, True, False]


def test_each_size_costs_what_the_basket_takes(client, paro):
    rice = ListingFactory(title="Rice", region=paro.doga, stock=None)
    small = SizeFactory(parent=rice, size_label="500 g", stock__price="100.00")
    SizeFactory(parent=rice, size_label="1 kg", stock__price="190.00")
    rice.price_from, rice.price_currency = small.stockrecords.get().price, "INR"
    rice.save(update_fields=["price_from", "price_currency"])
    an_offer(title="Dashain", percent=D(15), listings=[rice])

    assert "₹85 instead of ₹100 and up, 2 sizes" in card(client)
    sizes = re.findall(r'class="num-b">([^<]+)<', client.get(rice.get_absolute_url()).text)
    assert sizes == ["₹85", "₹161.50"]


def test_machines_are_told_what_people_read(client, honey):
    PhotoFactory(product=honey)
    an_offer(title="Dashain", percent=D(10))

    html = client.get(honey.get_absolute_url()).text

    scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    offers = [offer for script in scripts for offer in json.loads(script).get("offers", [])]
    assert [offer["price"] for offer in offers] == ["450.00"]
    assert offers[0]["priceValidUntil"] == (timezone.now().date() + 30 * DAY).isoformat()
    assert re.search(r'product:price:amount"\s+content="450.00"', html)
    feed = client.get(reverse("product-feed", args=[honey.pk // BLOCK])).text
    assert "<g:price>500.00 INR</g:price><g:sale_price>450.00 INR</g:sale_price>" in feed


def test_the_saved_list_shows_it_too(client, honey):
    person = PersonFactory()
    save_listing(person, honey.pk)
    an_offer(title="Dashain", percent=D(10))
    client.force_login(person)

    assert "₹450 instead of ₹500" in words(client.get(reverse("account-saved")).text)


def test_titles_of_offers_are_text(client, honey):
    an_offer(title="<b>Bold</b>")

    assert "<b>Bold" not in client.get("/products/").text


def test_many_offers_are_read_as_fast_as_none(client, paro):
    for number in range(20):
        ListingFactory(region=paro.doga, title=f"Honey {number}")
    before = {address: queries(address) for address in ("/", "/products/", "/places/BT-11/")}
    for number in range(12):
        an_offer(title=f"Days {number}", categories=[CategoryFactory()], region=paro)

    assert {address: queries(address) for address in before} == before
