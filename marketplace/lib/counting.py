"""Counts of what hangs on a row, for lists that show a page of many rows."""

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce


def count_for_each(rows: QuerySet, column: str) -> Coalesce:
    """How many of rows name each outer row in that column; 0 where none does.

    PostgreSQL counts for the rows of the page alone, where a join with `Count` groups the whole table first.
    """
    of_one = rows.filter(**{column: OuterRef("pk")}).order_by().values(column)
    return Coalesce(Subquery(of_one.annotate(found=Count("pk")).values("found")), 0)
