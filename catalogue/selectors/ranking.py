"""The order in which listings that match stand on pages. The rule is written down in docs/search.md."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, overload

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from catalogue.domain.turns import Candidate, in_turns
from catalogue.models import Product
from catalogue.selectors.licences import is_unlicensed
from catalogue.selectors.typed_words import Asked
from regions.days import today_between
from vendors.models import Partner, StockRecord

# Of more that match these are put in order; the others follow as they stand, the best fitting and newest first.
MOST_RANKED = 1000
# A title that has more letters beside the words is about something else as well.
_LETTERS_BESIDE = 30
_SORTED = {"newest": ("-published_at", "-pk"), "cheap": ("price_from", "pk"), "dear": ("-price_from", "pk")}


class InOrder(Sequence[int]):
    """Keys of matching listings in the order of the pages, read slice by slice: at most two queries for one."""

    def __init__(self, rows: QuerySet[Product], *, asked: Asked | None, sort: str) -> None:
        """rows: whole live listings that match; asked: the words that they match, if any; sort: one of SORTS."""
        self._rows = rows.order_by()
        self._asked = asked
        self._sort = sort

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
        best = self._by_fit.values("pk")[:MOST_RANKED]
        whole: Any = Value(0) if self._asked is None else fit(self._asked)
        rows = Product.objects.filter(pk__in=best).annotate(fit=whole, buyable=can_be_bought())
        found = rows.order_by().values_list("pk", "fit", "buyable", "vendor", "region")
        return in_turns((Candidate(*row) for row in found), day=timezone.now().date())


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


def can_be_bought() -> Any:
    """Whether a unit of a whole listing can be put into a basket now: in stock, the group open, food with its licence."""
    free = StockRecord.objects.filter(num_in_stock__gt=F("num_allocated"))
    own_units = free.filter(product=OuterRef("pk"))
    units_of_sizes = free.filter(product__parent=OuterRef("pk"), product__state=Product.State.LIVE)
    closed = Partner.objects.filter(today_between("closed_from", "closed_until", path="home_region__path"))
    return ExpressionWrapper(
        (Q(Exists(own_units)) | Q(Exists(units_of_sizes)))
        & ~Q(vendor__in=closed.values("pk"))
        & ~is_unlicensed(),
        output_field=BooleanField(),
    )
