"""Keeps the numbers of listings on sale short and right."""

from django.db import connection, transaction
from django.db.models import CharField, Count, QuerySet, Value
from django.db.models.functions import Substr
from oscar.core.loading import get_model

from catalogue.models import ListingTally, Product

Category = get_model("catalogue", "Category")

# As far as the base of a root's path goes.
ROOT_LETTERS = Category.steplen
_LOCK = "SELECT pg_advisory_xact_lock(hashtext(%s))"
_COLUMNS = ("region", "vendor__kind", "root", "found")


def recount() -> int:
    """Count all listings anew and put one row in the place of many; returns how many rows there are now.

    Rows go and come in one statement, which sees the listings and the rows of the same moment: what is put on sale beside
    it appends its own change later. Safe to repeat; a second run waits for the first. Reads every listing once.
    """
    tallies = ListingTally._meta.db_table
    counted, values = _counted().query.sql_with_params()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, [tallies])
        cursor.execute(
            f"WITH gone AS (DELETE FROM {tallies})"  # noqa: S608 - our own table, and Django's statement
            f" INSERT INTO {tallies} (region_id, kind, root, change) {counted}",
            values,
        )
        return int(cursor.rowcount)


def _counted() -> QuerySet[Product, tuple[int, str, str, int]]:
    whole = Product.objects.live().whole().filter(price_from__isnull=False, region__isnull=False).order_by()
    every = whole.annotate(root=Value("", output_field=CharField()))
    rooted = whole.filter(categories__isnull=False).annotate(
        root=Substr("categories__path", 1, ROOT_LETTERS, output_field=CharField())
    )
    return _sums(every).union(_sums(rooted), all=True)


def _sums(rows: QuerySet[Product]) -> QuerySet[Product, tuple[int, str, str, int]]:
    by = rows.values("region", "vendor__kind", "root").annotate(found=Count("pk", distinct=True))
    return by.values_list(*_COLUMNS)
