"""A report as CSV, written chunk by chunk.

The first row holds the headings in the language of whoever asked, as all our files for people do; columns keep their order, and
codes and numbers of rows stand beside names, so that files can be joined by them.
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TextIO

from django.utils.translation import gettext as _

from marketplace.lib.cells import safe_cell


class ReportFile:
    """Writes to an open text file, with the sign by which spreadsheets know UTF-8 in front."""

    def __init__(self, file: TextIO, headings: Sequence[Any]) -> None:
        file.write("\ufeff")
        self._table = csv.writer(file)
        self._table.writerow([safe_cell(str(each)) for each in headings])

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write these rows."""
        self._table.writerows([[cell(value) for value in row] for row in rows])


def cell(value: Any) -> str | int | Decimal:
    """A value as it stands in the file: numbers as they are, days as 2026-11-28, words such that no cell begins a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | Decimal):
        return value
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else safe_cell(str(value))
