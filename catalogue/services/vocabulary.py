"""Keeps the words by which typed ones are understood."""

from django.db import connection, transaction

from catalogue.models import Product, SearchWord
from regions.domain.spelling import bones, sound
from vendors.models import Partner

_LONGEST = 60
_SHORTEST = 3
_BATCH = 1000
# Of listings on sale only: nobody learns from a suggestion what is still a draft.
_REFRESH = """
WITH counted AS MATERIALIZED (
    SELECT word, ndoc FROM ts_stat(format(
        'SELECT p.search_vector FROM {product} p JOIN {vendor} v ON v.id = p.vendor_id'
        ' WHERE p.state = %%L AND v.state = %%L', %s::text, %s::text))
    WHERE length(word) BETWEEN %s AND %s AND word !~ '^[0-9]+$'
), gone AS (
    DELETE FROM {words} held WHERE NOT EXISTS (SELECT 1 FROM counted WHERE counted.word = held.word)
)
INSERT INTO {words} AS held (word, uses) SELECT word, ndoc FROM counted
ON CONFLICT (word) DO UPDATE SET uses = excluded.uses WHERE held.uses <> excluded.uses
"""


def refresh_vocabulary() -> int:
    """Take in what is said of listings on sale and drop what no listing says any more; returns how many words there are.

    Safe to repeat and beside itself: a second run waits for the first and finds nothing to do. Reads every listing once.
    """
    words, product, vendor = (model._meta.db_table for model in (SearchWord, Product, Partner))
    values = (str(Product.State.LIVE), str(Partner.State.APPROVED), _SHORTEST, _LONGEST)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [words])
        cursor.execute(_REFRESH.format(words=words, product=product, vendor=vendor), values)
        _hear()
    return SearchWord.objects.count()


def _hear() -> None:
    """Write down how new words sound."""
    new = list(SearchWord.objects.filter(sound="", word__regex="^[a-z]+$").order_by("pk"))
    for row in new:
        row.sound, row.bones = sound(row.word), bones(row.word)
    SearchWord.objects.bulk_update(new, ["sound", "bones"], batch_size=_BATCH)
