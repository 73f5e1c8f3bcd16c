"""Import of a bank statement as CSV: what can be read is entered, what cannot is named row by row."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payments.errors import NoJournalNumber, ReceiptDiffers
from payments.services.receipts import (
    CURRENCIES,
    ReceiptData,
    enter_receipt,
    is_likely_day,
    read_journal_number,
)
from people.models import User

MOST_ROWS = 5000
MOST_BYTES = 1024 * 1024
MOST_MONEY = Decimal("9999999999.99")
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y")
# What banks call the columns, in small letters.
COLUMNS = {
    "reference": ("reference", "journal number", "journal no", "journal no.", "jrnl no", "transaction id"),
    "received_on": ("received_on", "date", "value date", "transaction date"),
    "amount": ("amount", "credit", "credit amount"),
    "currency": ("currency",),
    "note": ("note", "remarks", "description", "narration"),
}
REQUIRED = ("reference", "received_on", "amount")
# 1240.50, 1,240.50, and 1,24,000.50 as it is written in India. A comma anywhere else may stand for the decimal point.
AMOUNT = re.compile(r"([0-9]+|[1-9][0-9]{0,2}(,[0-9]{3})+|[1-9][0-9]?(,[0-9]{2})*,[0-9]{3})(\.[0-9]{1,2})?")
# Name of what is wrong with a row as a whole.
BROKEN = "row"


@dataclass(frozen=True)
class RowError:
    """One row that was not entered: its number in the file, the column, what stands there, and what to do."""

    row: int
    column: str
    value: str
    remedy: str


@dataclass
class ImportReport:
    """What became of a file: receipts that are new, that were known, and the rows with an error."""

    entered: int = 0
    known: int = 0
    errors: list[RowError] = field(default_factory=list)


class StatementUnreadable(Exception):
    """The file as a whole cannot be read; message says what to do. Nothing was entered."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


class _Wrong(Exception):
    """A field that cannot be read."""

    def __init__(self, column: str, remedy: str | Promise) -> None:
        super().__init__(column)
        self.column = column
        self.remedy = remedy


def import_statement(content: bytes, *, currency: str, actor: User) -> ImportReport:
    """Enter the credits of a statement; read again it enters nothing twice.

    content: CSV in UTF-8 with a line of headings; currency: of the account, for rows that name none.
    Rows without a credit are passed over. Raises StatementUnreadable.
    """
    report = ImportReport()
    for number, row in _rows(content):
        try:
            data = _read(row, currency)
            if data is None:
                continue
            with transaction.atomic():
                _receipt, is_new = enter_receipt(data, actor=actor)
        except _Wrong as wrong:
            value = row.get(wrong.column, "")[:60]
            report.errors.append(RowError(number, wrong.column, value, str(wrong.remedy)))
        except ReceiptDiffers as error:
            report.errors.append(RowError(number, "reference", row["reference"][:60], str(error.message)))
        else:
            report.entered += is_new
            report.known += not is_new
    return report


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """Rows by our names of the columns, with their line in the file."""
    if len(content) > MOST_BYTES:
        raise StatementUnreadable(gettext_lazy("The file is larger than 1 MB. Export fewer days at once."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise StatementUnreadable(
            gettext_lazy("The file is not CSV in UTF-8. Export it as CSV (UTF-8).")
        ) from None
    if "\0" in text:
        raise StatementUnreadable(gettext_lazy("The file is not CSV in UTF-8. Export it as CSV (UTF-8)."))
    try:
        lines = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error:
        raise StatementUnreadable(
            gettext_lazy(
                "The file cannot be read as CSV: a quotation mark may be missing or too many. Export it again."
            )
        ) from None
    if len(lines) > MOST_ROWS + 1:
        raise StatementUnreadable(
            gettext_lazy("The file has more than 5,000 rows. Export fewer days at once.")
        )
    places = _places(lines[0] if lines else [])
    return [
        (number, _named(line, places, len(lines[0])))
        for number, line in enumerate(lines[1:], start=2)
        if any(word.strip() for word in line)
    ]


def _named(line: Sequence[str], places: Mapping[str, int], width: int) -> dict[str, str]:
    """A row by our names; one whose words may stand in wrong columns is named broken, with what it says."""
    named = {name: line[place].strip() for name, place in places.items() if place < len(line)}
    # An open quotation mark takes the next lines into itself; a comma that is not quoted moves what follows.
    if any("\n" in word or "\r" in word for word in line) or any(word.strip() for word in line[width:]):
        named[BROKEN] = ",".join(line)
    return named


def _places(headings: Sequence[str]) -> dict[str, int]:
    words = [re.sub(r"\s+", " ", heading).strip().lower() for heading in headings]
    places = {
        name: words.index(next(known for known in called if known in words))
        for name, called in COLUMNS.items()
        if any(known in words for known in called)
    }
    missing = [name for name in REQUIRED if name not in places]
    if missing:
        raise StatementUnreadable(
            _("The first line must name the columns. Missing: %(columns)s.") % {"columns": ", ".join(missing)}
        )
    return places


def _read(row: Mapping[str, str], currency: str) -> ReceiptData | None:
    """A row as a receipt; None for one that is no credit."""
    if BROKEN in row:
        raise _Wrong(
            BROKEN,
            gettext_lazy(
                "This row has more columns than the first, or goes over several lines. Put amounts with commas in "
                "quotation marks, close each quotation mark, and import the file again."
            ),
        )
    amount = _amount(row.get("amount", ""))
    if amount is None:
        return None
    code = row.get("currency", "").upper() or currency
    if code not in CURRENCIES:
        known = ", ".join(CURRENCIES)
        raise _Wrong("currency", _("We have accounts in these only: %(currencies)s.") % {"currencies": known})
    try:
        reference = read_journal_number(row.get("reference", ""))
    except NoJournalNumber as error:
        raise _Wrong("reference", error.message) from None
    return ReceiptData(
        reference=reference,
        received_on=_day(row.get("received_on", "")),
        amount=amount,
        currency=code,
        note=row.get("note", ""),
        is_imported=True,
    )


def _amount(word: str) -> Decimal | None:
    if not word:
        return None
    amount = Decimal(word.replace(",", "")) if AMOUNT.fullmatch(word) else None
    if amount is None or amount > MOST_MONEY:
        raise _Wrong(
            "amount",
            gettext_lazy(
                "Write a number with at most two decimals after a point, as 1240.00 or 1,240.00, and no comma before "
                "the decimals."
            ),
        )
    return amount.quantize(Decimal("0.01")) if amount else None


def _day(word: str) -> date:
    for form in DATE_FORMATS:
        try:
            day = datetime.strptime(word, form).replace(tzinfo=timezone.get_current_timezone()).date()
        except ValueError:
            continue
        if not is_likely_day(day):
            raise _Wrong(
                "received_on",
                gettext_lazy("This day has not come yet, or is more than a year ago. Check the year."),
            )
        return day
    raise _Wrong("received_on", gettext_lazy("Write the day as 2026-11-23 or 23/11/2026."))
