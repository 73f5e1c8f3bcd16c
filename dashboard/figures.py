"""Figures as bars: where each one stands in the drawing, and the same as CSV."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from marketplace.lib.cells import safe_cell
from orders.selectors.figures import Figure, Figures

WIDTH, STEP, BAR = 312, 26, 18
BASE, TALLEST = 96, 76
LONGEST = 200


@dataclass(frozen=True)
class Bar:
    """One bar, in units of the drawing; figure: what it stands for, value: the number on it, empty for nothing."""

    figure: Figure
    x: int
    y: int
    size: int
    middle: int
    words: str
    value: str
    is_now: bool


def month_bars(rows: Sequence[Figure]) -> list[Bar]:
    """Standing bars, one for each month, the last one being this month."""
    most = max((row.amount for row in rows), default=Decimal(0))
    found = []
    for place, row in enumerate(rows):
        height = _scaled(row.amount, most, TALLEST)
        x = place * STEP + (STEP - BAR) // 2
        words = date_format(row.day, "M")[:3] if row.day else ""
        value = _thousands(row.amount)
        is_now = place == len(rows) - 1
        found.append(Bar(row, x, BASE - height, height, x + BAR // 2, words, value, is_now))
    return found


def row_bars(rows: Sequence[Figure]) -> list[Bar]:
    """Lying bars, for the rows of a table."""
    most = max((row.amount for row in rows), default=Decimal(0))
    return [
        Bar(row, 0, 0, _scaled(row.amount, most, LONGEST), 0, row.words, "", is_now=False) for row in rows
    ]


def figures_csv(shown: Figures) -> str:
    """All three tables below each other: what, of which, units, amount, currency; no cell begins a formula."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Sales by"), _("Month, listing or place"), _("Units"), _("Amount"), _("Currency")])
    for row in shown.months:
        day = row.day.strftime("%Y-%m") if row.day else ""
        writer.writerow([_("month"), day, row.units, row.amount, shown.currency])
    for name, rows in ((_("listing"), shown.listings), (_("place of the buyer"), shown.places)):
        for row in rows:
            writer.writerow([name, safe_cell(row.words), row.units, row.amount, shown.currency])
    # Spreadsheets take a file for UTF-8 only with this sign in front.
    return "\ufeff" + out.getvalue()


def _scaled(amount: Decimal, most: Decimal, longest: int) -> int:
    """At least one unit for what is not nothing, so that it can be seen."""
    if not amount or not most:
        return 0
    return max(1, round(amount / most * longest))


def _thousands(amount: Decimal) -> str:
    """The amount in thousands: "0.4", "18"; empty for nothing."""
    if not amount:
        return ""
    thousands = amount / 1000
    return f"{thousands:.1f}" if thousands < 10 else f"{thousands:.0f}"
