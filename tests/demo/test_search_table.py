"""The table of searches on the demonstration data: whoever types these words finds what they mean."""

from collections import Counter

import pytest
from django.db import connection

from catalogue.domain import turns
from catalogue.models import Product
from catalogue.services.vocabulary import refresh_vocabulary
from tests.support.search_table import Search, answer_of, faults, is_meant, searches

TABLE = searches()
SCRIPTS = {"latin", "devanagari", "tibetan", "thai"}


@pytest.fixture(scope="module")
def shop(report, django_db_blocker):
    """The demonstration data with the words by which typed ones are understood."""
    with django_db_blocker.unblock():
        refresh_vocabulary()
        with connection.cursor() as cursor:
            # Without it tables that were filled a moment ago are taken for empty, and each search takes a second.
            cursor.execute("ANALYZE")


@pytest.fixture(scope="module")
def listings(shop, django_db_blocker):
    """All of them, which the demonstration data have few of."""
    with django_db_blocker.unblock():
        return list(Product.objects.select_related("region", "vendor", "identified_product"))


@pytest.mark.parametrize("search", TABLE, ids=lambda search: f"{search.kind}: {search.query}")
def test_search_finds_what_a_shopper_means(demo, listings, search: Search, monkeypatch):
    # The lot of the day puts equals in an order that nobody can foresee; the worst is that what is meant comes last.
    meant = {row.pk for row in listings if is_meant(search, row)}
    monkeypatch.setattr(turns, "_lot", lambda key, _day: key in meant)

    assert faults(search, answer_of(search)) == []


def test_table_has_at_least_120_searches_in_four_scripts():
    scripts = Counter(search.script for search in TABLE)

    assert len(TABLE) >= 120
    assert min(scripts[script] for script in SCRIPTS) >= 20
    assert len({search.query for search in TABLE}) == len(TABLE)


def test_each_row_asks_for_something():
    assert all(row.top or row.each or row.also or row.nothing_found for row in TABLE)
