"""The order in which listings that match stand on pages. The rule is written down in docs/search.md."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, overload

from django.db import connection
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from catalogue.domain.turns import Candidate, in_turns
from catalogue.models import Product
from catalogue.selectors.licences import unlicensed_among
from catalogue.selectors.typed_words import Asked
from regions.days import today_between
from vendors.models import Partner

# Of more that match these are put in order; the others follow as they stand, the best fitting and newest first.
MOST_RANKED = 240
# A title that has more letters beside the words is about something else as well.
_LETTERS_BESIDE = 30
_WITH_UNITS = """
SELECT record.product_id FROM partner_stockrecord record
WHERE record.product_id = ANY(%(keys)s) AND record.num_in_stock > record.num_allocated
UNION
SELECT size.parent_id FROM catalogue_product size JOIN partner_stockrecord record ON record.product_id = size.id
WHERE size.parent_id = ANY(%(keys)s) AND size.state = 'live' AND record.num_in_stock > record.num_allocated
"""
_SORTED = {"newest": ("-published_at", "-pk"), "cheap": ("price_from", "pk"), "dear": ("-price_from", "pk")}


class InOrder(Sequence[int]):
    """Keys of matching listings in the order of the pages, read slice by slice: at most two queries for one."""

    def __init__(self, rows: QuerySet[Product], *, asked: Asked | None, sort: str) -> None:
        """rows: whole live listings that match; asked: the words that they match, if any; sort: one of SORTS."""
        self._rows = rows.order_by()
        self._asked = asked
        self._sort = sort

    def told(self, count: int) -> None:
        """Take over how many match, where that was counted already."""
        self._count = count

    def __len__(self) -> int:
        """How many match; one query, asked once."""
        return self._count

    @overload
    def __getitem__(self, wanted: int) -> int: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[int]: ...
    def __getitem__(self, wanted: int | slice) -> int | list[int]:
        """Keys from and to; steps and places from the end are not asked for."""
        if isinstance(wanted, int):
            return self[wanted : wanted + 1][0]
        start, stop = wanted.start or 0, wanted.stop if wanted.stop is not None else len(self)
        if self._sort in _SORTED:
            return list(self._rows.order_by(*_SORTED[self._sort]).values_list("pk", flat=True)[start:stop])
        found = self._first[start:stop] if start < MOST_RANKED else []
        if stop > MOST_RANKED:
            rest = self._by_fit.values_list("pk", flat=True)
            found = [*found, *rest[max(start, MOST_RANKED) : stop]]
        return found

    @cached_property
    def _count(self) -> int:
        return self._rows.count()

    @property
    def _by_fit(self) -> QuerySet[Product]:
        if self._asked is None:
            return self._rows.order_by("-published_at", "-pk")
        return self._rows.annotate(fit=fit(self._asked)).order_by("-fit", "-published_at", "-pk")

    @cached_property
    def _first(self) -> list[int]:
        rows = self._by_fit
        if self._asked is None:
            rows = rows.annotate(fit=Value(0))
        found = list(rows.values_list("pk", "fit", "vendor", "region")[:MOST_RANKED])
        buyable = can_be_bought([key for key, *_rest in found])
        candidates = (
            Candidate(key, how_well, key in buyable, vendor, place) for key, how_well, vendor, place in found
        )
        return in_turns(candidates, day=timezone.now().date())


def fit(asked: Asked) -> Any:
    """How well a listing says the words, from 1 to 8: the very words in the title, others for them, in the names, anywhere."""
    letters = sum(len(form) for term in asked.terms for form in term.forms[:1])
    where = Case(
        When(search_vector=asked.said_in_title(very_words=True), then=Value(8)),
        When(search_vector=asked.said_in_title(very_words=False), then=Value(6)),
        When(search_vector=asked.said_in_names(), then=Value(4)),
        default=Value(2),
        output_field=IntegerField(),
    )
    is_long: Any = GreaterThan(Length("title"), letters + _LETTERS_BESIDE)
    return where - Case(When(is_long, then=Value(1)), default=Value(0), output_field=IntegerField())


def can_be_bought(keys: Sequence[int]) -> set[int]:
    """Which of these whole listings can be put into a basket now: in stock, the group open, food with its licence.

    At most four queries, which read what belongs to these listings alone.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WITH_UNITS, {"keys": list(keys)})
        in_stock = {int(key) for (key,) in cursor.fetchall()}
    closed = Partner.objects.filter(today_between("closed_from", "closed_until", path="home_region__path"))
    shut = Product.objects.filter(pk__in=in_stock, vendor__in=list(closed.values_list("pk", flat=True)))
    return in_stock - set(shut.values_list("pk", flat=True)) - unlicensed_among(in_stock)
