"""Nothing that the page of a listing answers with 404 is ever found, suggested or counted."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.models import Product
from catalogue.selectors.facets import narrowers
from catalogue.selectors.kinds import Kinds
from catalogue.selectors.search import SORTS, Wish, find
from catalogue.selectors.suggestions import suggestions
from catalogue.services.vocabulary import refresh_vocabulary
from tests.factories.catalogue import ListingFactory
from tests.factories.vendors import VendorFactory
from vendors.models import Partner

pytestmark = pytest.mark.django_db

TITLES = ("Honey", "Red rice", "Turmeric powder")
STATES = ("draft", "submitted", "returned", "rejected", "withdrawn", None)
WORDS = ("", "honey", "hony", "haldi", "red rice of Paro", "ho", "लाल चावल", "powder")
GROUPS = tuple(Partner.State.values)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shelf=st.lists(
        st.tuples(st.sampled_from(TITLES), st.sampled_from(STATES), st.sampled_from(GROUPS), st.booleans()),
        max_size=6,
    ),
    words=st.sampled_from(WORDS),
    sort=st.sampled_from(SORTS),
    in_stock=st.booleans(),
)
def test_what_is_404_is_neither_found_nor_suggested_nor_counted(db, shelf, words, sort, in_stock):
    Product.objects.all().delete()
    for title, state, group, is_sold_out in shelf:
        traits = {state: True} if state else {}
        listing = ListingFactory(title=title, sold_out=is_sold_out, season="1-12", **traits)
        Partner.objects.filter(pk=listing.vendor_id).update(state=group)
    refresh_vocabulary()
    shown = {
        listing.pk for listing in Product.objects.all() if Client().get(_page_of(listing)).status_code == 200
    }

    found = find(Wish(words=words, sort=sort, in_stock=in_stock))
    narrow = narrowers(found.rows, Kinds())
    suggested = suggestions(words)

    assert set(found.keys[:100]) <= shown
    assert {row.pk for row in suggested.listings} <= shown
    assert len(found.keys) == len(found.keys[:100])
    counts = [narrow.in_stock, narrow.in_season, *(row.count for row in (*narrow.places, *narrow.kinds))]
    assert max(counts, default=0) <= len(shown)


def test_the_control_finds_what_is_shown(client):
    listing = ListingFactory(title="Honey", season="1-12")
    ListingFactory(title="Honey", vendor=VendorFactory(suspended=True))

    assert client.get(_page_of(listing)).status_code == 200
    assert find(Wish(words="honey")).keys[:9] == [listing.pk]


def _page_of(listing):
    return listing.get_absolute_url()
