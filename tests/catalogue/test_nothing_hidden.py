"""Nothing that the page of a listing answers with 404 is ever found, suggested, counted or led to."""

import re

import pytest
from django.contrib.postgres.search import SearchQuery
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.models import Follow, Product, SavedListing
from catalogue.models.listings import ListingQuerySet
from catalogue.selectors.facets import narrowers
from catalogue.selectors.kinds import Kinds
from catalogue.selectors.offered import offered
from catalogue.selectors.search import SORTS, Wish, find
from catalogue.selectors.suggestions import suggestions
from catalogue.services.vocabulary import refresh_vocabulary
from storefront import sitemaps
from tests.factories.catalogue import CategoryFactory, ListingFactory, PhotoFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import VendorFactory
from vendors.models import Partner
from vendors.models.vendor import VendorQuerySet

pytestmark = pytest.mark.django_db

TITLES = ("Honey", "Red rice", "Turmeric powder")
STATES = ("draft", "submitted", "returned", "rejected", "withdrawn", None)
WORDS = ("", "honey", "hony", "haldi", "red rice of Paro", "ho", "लाल चावल", "powder")
GROUPS = tuple(Partner.State.values)
LINK = re.compile(r"/products/[^\"/<\s]*-(\d+)/")
SHELVES = st.lists(
    st.tuples(st.sampled_from(TITLES), st.sampled_from(STATES), st.sampled_from(GROUPS), st.booleans()),
    max_size=6,
)
EACH = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


def stocked(shelf, person):
    """A place with listings of these titles and states, each of a group in a state; the person follows it and saved them all.

    Returns the place, and the keys of the listings that may be shown.
    """
    Product.objects.all().delete()
    place, kind = RegionFactory(), CategoryFactory(name="Goods", slug="goods")
    Follow.objects.create(person=person, region=place)
    shown = set()
    for title, state, group, is_sold_out in shelf:
        listing = ListingFactory(
            title=title,
            vendor=VendorFactory(name=f"Makers of {title}", home_region=place),
            categories=[kind],
            sold_out=is_sold_out,
            season="1-12",
            **({state: True} if state else {}),
        )
        PhotoFactory(product=listing)
        SavedListing.objects.create(person=person, listing=listing, title=title)
        Partner.objects.filter(pk=listing.vendor_id).update(state=group)
        if state is None and group == Partner.State.APPROVED:
            shown.add(listing.pk)
    refresh_vocabulary()
    return place, shown


def given_out(words, **more):
    """What the selectors give out for words: keys of listings, codes of groups, the largest count, words looked for instead."""
    kinds = Kinds()
    found, suggested = find(Wish(words=words, **more), kinds), suggestions(words)
    narrow = narrowers(found.rows, kinds, sums=found.sums)
    rows = (*narrow.places, *narrow.kinds)
    return {
        "listings": {*found.keys[:100], *(row.pk for row in suggested.listings)},
        "groups": {
            row.code for row in (*offered(found.asked, kinds, with_unsold=True).groups, *suggested.groups)
        },
        "most": max(
            len(found.keys),
            narrow.total,
            narrow.in_stock,
            narrow.in_season,
            *narrow.certificates.values(),
            *(row.count for row in rows),
            *(row.listings for row in narrow.categories),
        ),
        "instead": {*found.instead.split(), *suggested.instead.split()},
    }


def led_to(place, person):
    """Keys of listings to which each page leads that shows any: shelves, lists, what is near, the feed, the sitemap, the account."""
    listings = list(Product.objects.select_related("vendor"))
    block = max((listing.pk for listing in listings), default=0) // sitemaps.BLOCK
    visitor, known = Client(), Client()
    known.force_login(person)
    addresses = {
        "home": ("/", visitor),
        "place": (f"/places/{place.code}/", visitor),
        "kind": ("/category/goods/?sort=newest", visitor),
        "search": ("/products/?q=hony&sort=newest", visitor),
        "suggestions": ("/suggestions/?q=ho", visitor),
        "feed": (f"/feeds/products-{block}.xml", visitor),
        "sitemap": (f"/sitemap-listings-{block}.xml", visitor),
        "saved": ("/account/saved/", known),
        "followed": ("/account/following/", known),
        **{f"more like {row.pk}": (row.get_absolute_url(), visitor) for row in listings},
        **{f"group of {row.pk}": (row.vendor.get_absolute_url(), visitor) for row in listings},
    }
    found = {}
    for page, (address, client) in addresses.items():
        answer = client.get(address)
        text = answer.content.decode() if answer.status_code == 200 else ""
        found[page] = {int(key) for key in LINK.findall(text)}
    return found


def is_there(pk):
    return Client().get(Product.objects.get(pk=pk).get_absolute_url()).status_code == 200


@settings(max_examples=25, **EACH)
@given(shelf=SHELVES, words=st.sampled_from(WORDS), sort=st.sampled_from(SORTS), in_stock=st.booleans())
def test_what_is_404_is_neither_found_nor_suggested_nor_counted(db, shelf, words, sort, in_stock):
    _place, shown = stocked(shelf, PersonFactory())
    in_shop = set(Partner.objects.filter(state=Partner.State.APPROVED).values_list("code", flat=True))

    found = given_out(words, sort=sort, in_stock=in_stock)

    assert {pk for pk in Product.objects.values_list("pk", flat=True) if is_there(pk)} == shown
    assert found["listings"] <= shown
    assert found["groups"] <= in_shop
    assert found["most"] <= len(shown)
    said = Product.objects.filter(pk__in=shown)
    assert all(said.filter(search_vector=SearchQuery(word, config="simple")) for word in found["instead"])


@settings(max_examples=8, **EACH)
@given(shelf=SHELVES)
def test_no_page_leads_to_what_is_404(db, shelf):
    person = PersonFactory()
    place, shown = stocked(shelf, person)

    assert {page: keys - shown for page, keys in led_to(place, person).items() if keys - shown} == {}


# One that may be shown beside one that was taken off sale and one of a group that is not in the shop.
BESIDE_HIDDEN = (
    ("Honey", None, Partner.State.APPROVED, False),
    ("Honey", "withdrawn", Partner.State.APPROVED, False),
    ("Honey", None, Partner.State.SUSPENDED, False),
)
PAGES = (
    "home",
    "place",
    "kind",
    "search",
    "suggestions",
    "feed",
    "sitemap",
    "saved",
    "followed",
    "more",
    "group",
)


@pytest.fixture
def beside_hidden():
    person = PersonFactory()
    return person, *stocked(BESIDE_HIDDEN, person)


@pytest.fixture
def nothing_guarded(beside_hidden, monkeypatch):
    """What is shown when the querysets that say what shoppers may see let everything through."""
    monkeypatch.setattr(ListingQuerySet, "live", lambda rows: rows.all())
    monkeypatch.setattr(VendorQuerySet, "public", lambda rows: rows.all())
    return beside_hidden


def test_with_the_guard_one_listing_is_shown_everywhere(beside_hidden):
    person, place, shown = beside_hidden
    found, pages = given_out("honey"), led_to(place, person)

    assert found["listings"] == shown
    assert (found["most"], len(found["groups"])) == (1, 2)
    assert all(pages[page] == shown for page in PAGES if page in pages)


def test_control_without_the_guard_what_is_hidden_is_given_out_and_counted(nothing_guarded):
    _person, _place, shown = nothing_guarded
    found = given_out("honey")

    assert found["listings"] > shown
    assert found["most"] == len(BESIDE_HIDDEN)
    assert len(found["groups"]) == len(BESIDE_HIDDEN)


@pytest.mark.parametrize("page", PAGES)
def test_control_without_the_guard_every_page_leads_to_what_is_hidden(nothing_guarded, page):
    person, place, shown = nothing_guarded

    leading = {name: keys for name, keys in led_to(place, person).items() if name.startswith(page)}

    assert any(keys - shown for keys in leading.values())
