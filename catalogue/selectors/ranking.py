"""The order in which listings that match stand on pages. The rule is written down in docs/search.md."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, overload

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from catalogue.domain.turns import Candidate, in_turns
from catalogue.models import Product
from catalogue.selectors.expressions import ExistsForEach
from catalogue.selectors.licences import is_unlicensed
from catalogue.selectors.typed_words import Asked
from regions.days import today_between
from vendors.models import StockRecord

# Of more that match these are put in order; the others follow as they stand, the best fitting and newest first.
MOST_RANKED = 240
# A title that has more letters beside the words is about something else as well.
_LETTERS_BESIDE = 30
_SORTED = {"newest": ("-published_at", "-pk"), "cheap": ("price_from", "pk"), "dear": ("-price_from", "pk")}
_BY_FIT = ("-fit", "-published_at", "-pk")
# A table for each part, planned once however many parts come after it; what is told of a row is asked of those found alone.
_TABLE = "{name} (reading, part, key, fit) AS MATERIALIZED ({rows}), "
_FIRST = """
WITH {tables}found AS MATERIALIZED ({found}), chosen (key, can, vendor, place, published_at, price_from) AS ({chosen})
SELECT reading, part, key, fit, can, vendor, place, published_at, price_from FROM found JOIN chosen USING (key)
"""


@dataclass(frozen=True)
class Reading:
    """One way to understand what was typed.

    rows: whole live listings among which is looked; asked: the words that they must say, None where nothing is asked of them;
    claimed: others of these rows that a certificate lets somebody find, None where no certificate does.
    """

    rows: QuerySet[Product]
    asked: Asked | None = None
    claimed: QuerySet[Product] | None = None

    def parts(self) -> list[QuerySet[Product]]:
        """Those that say so themselves, and those that a certificate lets somebody find."""
        own = self.rows.filter(search_vector=self.asked.said()) if self.asked else self.rows
        return [own] if self.claimed is None else [own, self.claimed]

    def matching(self, claimed: Collection[int]) -> QuerySet[Product]:
        """All of them, where the keys of the claimed ones are known."""
        if self.asked is None or not claimed:
            return self.parts()[0]
        return self.rows.filter(Q(search_vector=self.asked.said()) | Q(pk__in=claimed))


class First(NamedTuple):
    """One of the listings that are put in order. reading: position of the one that finds it; part: of its parts."""

    reading: int
    part: int
    key: int
    fit: int
    can_be_bought: bool
    vendor: int
    place: int
    published_at: datetime
    price_from: Decimal


class InOrder(Sequence[int]):
    """Keys of matching listings in the order of the pages, read slice by slice."""

    def __init__(
        self, rows: QuerySet[Product], first: Sequence[First], *, asked: Asked | None, sort: str
    ) -> None:
        """rows: whole live listings that match; first: MOST_RANKED of them, from first_of; asked: the words, if any."""
        self._rows = rows.order_by()
        self._given = first
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
        """Keys from and to, one query beyond MOST_RANKED; steps and places from the end are not asked for."""
        if isinstance(wanted, int):
            return self[wanted : wanted + 1][0]
        start, stop = wanted.start or 0, wanted.stop if wanted.stop is not None else len(self)
        found = self._first[start:stop] if start < MOST_RANKED else []
        if stop > MOST_RANKED and len(self._first) == MOST_RANKED:
            rest = _sorted(self._rows, self._sort, self._asked).values_list("pk", flat=True)
            found = [*found, *rest[max(start, MOST_RANKED) : stop]]
        return found

    @cached_property
    def _count(self) -> int:
        return self._rows.count() if len(self._first) == MOST_RANKED else len(self._first)

    @cached_property
    def _first(self) -> list[int]:
        rows = {row.key: row for row in self._given}.values()
        if self._sort in _SORTED:
            return [row.key for row in sorted(rows, key=_place_of(self._sort))][:MOST_RANKED]
        best = sorted(rows, key=lambda row: (row.fit, row.published_at, row.key), reverse=True)[:MOST_RANKED]
        candidates = (Candidate(row.key, row.fit, row.can_be_bought, row.vendor, row.place) for row in best)
        return in_turns(candidates, day=timezone.now().date())


def first_of(readings: Sequence[Reading], *, sort: str) -> list[First]:
    """What the first reading finds that finds anything: MOST_RANKED of each of its parts, in no order. One query.

    sort: one of catalogue.selectors.search.SORTS; by it those are chosen that are more than MOST_RANKED.
    """
    tables: list[str] = []
    earlier: list[str] = []
    values: list[Any] = []
    for number, reading in enumerate(readings):
        own = []
        for part, rows in enumerate(reading.parts()):
            name = f"found_{number}_{part}"
            try:
                table, asked = _some(rows, reading.asked, sort, place=(number, part), earlier=earlier)
            except EmptyResultSet:
                continue
            own.append(name)
            tables.append(_TABLE.format(name=name, rows=table))
            values += asked
        earlier += own
    if not earlier:
        return []
    together = " UNION ALL ".join(f"SELECT * FROM {name}" for name in earlier)  # noqa: S608 - names of our own
    chosen, told = _told(sort).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_FIRST.format(tables="".join(tables), found=together, chosen=chosen), (*values, *told))
        return [First(*row) for row in cursor.fetchall()]


def fit(asked: Asked | None) -> Any:
    """How well a listing says the words, from 1 to 8: the very words in the title, others for them, in the names, anywhere."""
    if asked is None:
        return Value(0)
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


def can_be_bought() -> ExpressionWrapper:
    """Whether a whole listing can be put into a basket now: in stock in any size, the group open, food with its licence."""
    free = StockRecord.objects.filter(num_in_stock__gt=F("num_allocated"))
    own_units = free.filter(product=OuterRef("pk"))
    units_of_sizes = free.filter(product__parent=OuterRef("pk"), product__state=Product.State.LIVE)
    is_closed = today_between("vendor__closed_from", "vendor__closed_until", path="vendor__home_region__path")
    can = (Q(ExistsForEach(own_units)) | Q(ExistsForEach(units_of_sizes))) & ~is_closed & ~is_unlicensed()
    return ExpressionWrapper(can, output_field=BooleanField())


def _some(
    rows: QuerySet[Product],
    asked: Asked | None,
    sort: str,
    *,
    place: tuple[int, int],
    earlier: Sequence[str],
) -> tuple[str, Sequence[Any]]:
    """Statement and values of the rows of one part that are put in order, none where one of the earlier tables has any."""
    # PostgreSQL asks once whether there is anything before, and then does not look at the rest at all.
    for name in earlier:
        is_alone = RawSQL(f"NOT EXISTS (SELECT 1 FROM {name})", (), output_field=BooleanField())  # noqa: S608, S611 - names of our own
        rows = rows.filter(is_alone)
    reading, part = (Value(number, output_field=IntegerField()) for number in place)
    some = _sorted(rows.annotate(reading=reading, part=part), sort, asked)[:MOST_RANKED]
    return some.values_list("reading", "part", "pk", "fit").query.sql_with_params()


def _told(sort: str) -> Any:
    """What is told of each of the rows in the table of what was found."""
    rows = Product.objects.filter(pk__in=RawSQL("SELECT key FROM found", ())).order_by()
    can = Value(False) if sort in _SORTED else can_be_bought()
    return rows.annotate(can=can).values_list(
        "pk", "can", "vendor_id", "region_id", "published_at", "price_from"
    )


def _sorted(rows: QuerySet[Product], sort: str, asked: Asked | None) -> QuerySet[Product]:
    rows = rows.annotate(fit=fit(asked))
    if sort in _SORTED:
        return rows.order_by(*_SORTED[sort])
    if asked is None:
        return rows.order_by("-published_at", "-pk")
    return rows.order_by(*_BY_FIT)


def _place_of(sort: str) -> Any:
    return {
        "newest": lambda row: (-row.published_at.timestamp(), -row.key),
        "cheap": lambda row: (row.price_from, row.key),
        "dear": lambda row: (-row.price_from, row.key),
    }[sort]
