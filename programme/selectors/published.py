"""Impact as the public was told of it: the last table that was published of a year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from programme.domain.months import last_day
from programme.domain.veil import Told
from programme.models import PublishedImpact
from programme.selectors.impact import COLUMNS, By, Columns, Impact, Row, other_name
from vendors.models import Partner


@dataclass(frozen=True)
class Month:
    """A month that is over. number: 1 to 12."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """The first day of its year, from which its table counts."""
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return last_day(self.year, self.number)


def published(country: str, year: int, by: By, currency: str) -> Impact:
    """The last table of a year that was published, in the active language; one query.

    Before its first month is over there is an empty one, whose last day lies before its first.
    """
    rows = PublishedImpact.objects.filter(country=country, year=year, by=by, currency=currency)
    found = rows.order_by("-month").first()
    if found is None:
        nothing = Row("", gettext("all"), 0, 0, 0, Decimal("0.00"), Decimal("0.00"))
        return Impact(by, currency, date(year, 1, 1), last_day(year - 1, 12), [], nothing)
    table = [_row(by, figures) for figures in found.rows]
    total = Row(**{**vars(table[-1]), "name": gettext("all")})
    month = Month(year, found.month)
    return Impact(by, currency, month.first, month.last, table[:-1], total)


def told_before(country: str, month: Month, by: By, currency: str) -> Columns:
    """What the public knew of the rows of a year before this month; one query."""
    rows = PublishedImpact.objects.filter(country=country, year=month.year, by=by, currency=currency)
    found = rows.filter(month__lt=month.number).order_by("-month").values_list("told", flat=True).first()
    return {column: _told(found[column]) for column in COLUMNS} if found else {}


def figures_of(row: Row) -> dict[str, Any]:
    """A row as it is kept."""
    money = {name: None if value is None else str(value) for name, value in _money(row).items()}
    return {
        "code": row.code,
        "name": row.name,
        "groups": row.groups,
        "households": row.households,
        "orders": row.orders,
        **money,
    }


def told_as_kept(told: Columns) -> dict[str, Any]:
    """What is known, as it is kept."""
    return {
        column: {
            "covered": {
                code: {str(group): str(amount) for group, amount in cell.items()}
                for code, cell in known.covered.items()
            },
            "known": sorted(known.known),
            "rest": None if known.rest is None else sorted(known.rest),
        }
        for column, known in told.items()
    }


def _money(row: Row) -> Mapping[str, Decimal | None]:
    return {"paid": row.paid, "cash": row.cash}


def _told(kept: Mapping[str, Any]) -> Told:
    return Told(
        {
            code: {int(group): Decimal(amount) for group, amount in cell.items()}
            for code, cell in kept["covered"].items()
        },
        frozenset(kept["known"]),
        None if kept["rest"] is None else frozenset(kept["rest"]),
    )


def _row(by: By, figures: Mapping[str, Any]) -> Row:
    paid, cash = (None if figures[name] is None else Decimal(figures[name]) for name in ("paid", "cash"))
    return Row(
        figures["code"],
        _name(by, figures),
        figures["groups"],
        figures["households"],
        figures["orders"],
        paid,
        cash,
    )


def _name(by: By, figures: Mapping[str, Any]) -> str:
    """The name of a row in the active language; places and kinds of goods have one for all."""
    code: str = figures["code"]
    if by == By.KIND and code in Partner.Kind.values:
        return str(Partner.Kind(code).label)
    if by == By.MONTH and code:
        return other_name(by, code)
    name: str = figures["name"]
    return name if code else other_name(By.KIND if by == By.MONTH else by, code)
