"""However the address of a list is put together, its page asks the database at most eight times."""

from collections.abc import Iterator
from datetime import date
from itertools import cycle, product
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.models import Category
from catalogue.selectors import ranking
from catalogue.services.vocabulary import refresh_vocabulary
from programme.selectors.announcements import told
from regions.models import RegionChange
from storefront.views import listings
from tests.factories.catalogue import CategoryFactory, ListingFactory
from tests.factories.regions import IdentifiedProductFactory, RegionFactory
from tests.factories.vendors import VendorFactory

pytestmark = pytest.mark.django_db

MOST = 8
DAY = date(2026, 2, 3)
# None; a code of today, a name; two that ended, of one of which something is sold yet; two names of such places, one of which
# became part of another twice; what is spelt like a place; a code and a name that are nobody's.
PLACES = (
    "",
    "BT-11",
    "Paro",
    "BT-11-SPLIT",
    "BT-11-EMPTY",
    "Splitham",
    "Mergeham",
    "Parro",
    "BT-99-X",
    "Nowhere",
)
# As listings say it, nearly, of which a part is found, of which nothing is, in another script, a kind of goods, with a place.
WORDS = ("", "honey", "hony pwder", "hony xyzzyq", "xyzzyq", "शहद", "jewelry", "honey of Paro -jar")
# In the path and in the query: a slug of today, of before, and nobody's.
KINDS = (("tea", ""), ("", ""), ("", "tea"), ("", "old-tea"), ("", "no-kind"))
FURTHER = (
    {},
    {"page": "2"},
    {"page": "3", "sort": "newest"},
    {"in_stock": "1", "sort": "cheap"},
    {"in_stock": "1", "page": "3"},
    {"certificate": "food"},
    {"certificate": "organic", "price_min": "10"},
    {"price_max": "1", "kind": "association"},
    {"season": "1", "sort": "dear"},
    {"in_stock": "1", "certificate": "gi", "kind": "cooperative", "price_max": "900", "season": "1"},
    {"price_max": "dear", "kind": "nobody", "page": "x"},
)
LANGUAGES = ("", "/hi", "/dz")


@pytest.fixture
def known(paro, monkeypatch):
    """A shop with places of before, and pages enough that the last are not put in order; the key of a product of it."""
    monkeypatch.setattr(ranking, "MOST_RANKED", 4)
    monkeypatch.setattr(listings, "PAGE_SIZE", 2)
    tea = CategoryFactory(name="Tea", slug="old-tea")
    Category.objects.filter(pk=tea.pk).update(slug="tea")
    CategoryFactory(name="Jewellery", slug="jewelry", parent=tea)
    split, empty, merged, then = (
        RegionFactory(parent=paro, code=f"BT-11-{name.upper()}", name=f"{name}ham", ended_on=DAY)
        for name in ("Split", "Empty", "Merge", "Then")
    )
    changes = (
        (split, "split", paro.doga),
        (empty, "split", paro.doga),
        (merged, "merged", then),
        (then, "merged", paro.doga),
    )
    for place, kind, successor in changes:
        RegionChange.objects.create(kind=kind, on=DAY, place=place, successor=successor, source="test")
    known = IdentifiedProductFactory(region=paro.doga)
    of_it = {"vendor": VendorFactory(home_region=paro.doga), "categories": [tea]}
    ListingFactory.create_batch(7, title="Honey powder", identified_product=known, **of_it)
    ListingFactory(title="Honey", region=split, **of_it)
    refresh_vocabulary()
    return known.pk


def addresses(known: int) -> Iterator[str]:
    """Every place with all words, with a product and without; kinds of goods, further filters, pages and languages in turns."""
    turns = zip(cycle(KINDS), cycle(FURTHER), cycle(LANGUAGES))
    for place, words, asked in product(PLACES, WORDS, ("", str(known), "999999")):
        (slug, kind), further, language = next(turns)
        said = {"place": place, "category": kind, "q": words, "known": asked, **further}
        path = f"/category/{slug}/" if slug else "/products/"
        yield f"{language}{path}?{urlencode({name: value for name, value in said.items() if value})}"


def asked(address: str) -> tuple[int, int]:
    """Status of the answer, and how often the database was asked for it."""
    with CaptureQueriesContext(connection) as queries:
        answer = Client().get(address)
    return answer.status_code, len(queries)


def test_no_combination_asks_more_than_eight_times(known):
    told(None, ())  # announcements are read by one page in half a minute

    found = {address: asked(address) for address in addresses(known)}

    assert {address: count for address, (_status, count) in found.items() if count > MOST} == {}
    # The worst of them stand on the way: most are pages, and some of these do ask so often.
    pages = [count for status, count in found.values() if status == 200]
    assert len(pages) > len(found) / 2
    assert max(pages) == MOST


def test_the_page_that_reads_the_announcements_asks_once_more(known):
    address = f"/products/?q=hony+pwder&place=Parro&known={known}&category=old-tea"
    warm = [asked(address) for _time in range(2)][1]
    cache.clear()

    assert warm == (200, MOST)
    assert asked(address) == (200, MOST + 1)
