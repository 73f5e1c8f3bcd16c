"""The table of impact as CSV."""

import csv
from decimal import Decimal
from io import StringIO

from django.utils.translation import gettext as _

from marketplace.lib.cells import safe_cell
from programme.selectors.impact import Impact, Row

HIDDEN = "*"


def impact_csv(found: Impact) -> str:
    """A row for each row of the table and one for the total, in the active language; hidden figures are asterisks."""
    file = StringIO()
    table = csv.writer(file)
    table.writerow(
        [
            found.by.label,
            _("Groups paid"),
            _("Households"),
            _("Orders"),
            _("Paid to groups"),
            _("Taken in cash"),
            _("Currency"),
        ]
    )
    for row in [*found.rows, found.total]:
        table.writerow([safe_cell(row.name), *_figures(row), found.currency])
    return file.getvalue()


def _figures(row: Row) -> list[int | Decimal | str]:
    values = (row.groups, row.households, row.orders, row.paid, row.cash)
    return [HIDDEN if value is None else value for value in values]
