"""What the bank says about the lines of an exported batch: carried out, or sent back."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from marketplace.lib.money import format_money
from payments.models import Payout
from payments.payout_errors import LineNotOpen
from payments.services import ledger
from payments.services.alerts import alert_finance
from payments.services.batches import end_batch, payout_number
from payments.services.group_notices import tell_of_payout
from payments.services.payout_accounts import restrict_returned

State = Payout.State
SETTLED: Final = "settled"
RETURNED: Final = "returned"
COLUMNS = ("reference", "status", "bank_reference", "amount", "date")
OPTIONAL = ("reason", "currency")
MAX_ROWS = 20_000
MAX_BYTES = 1024 * 1024
MAX_ERRORS = 200
# Few enough that, with their notices, others who want these rows do not wait longer than lock_timeout.
CHUNK = 25
Row = tuple[int, dict[str, str]]


@dataclass(frozen=True)
class BankAnswer:
    """What the bank did with one payout. reference: the bank's own number. on: its day. reason: why it was sent back."""

    is_settled: bool
    reference: str
    on: date
    reason: str = ""


@dataclass(frozen=True)
class RowError:
    """A row that was not taken. row: as a spreadsheet counts, the columns' names being row 1."""

    row: int
    column: str
    value: str
    remedy: str


@dataclass(frozen=True)
class Line:
    """A row that can be taken. number, status: as they stand in the file; payout: as it was when the row was read."""

    number: int
    status: str
    payout: Payout
    answer: BankAnswer

    @property
    def is_known(self) -> bool:
        """Whether the bank had said so before."""
        return self.payout.state == _target(self.answer)


@dataclass(frozen=True)
class Outcome:
    """Keys of payouts that were not changed: said before, or not waiting for such an answer."""

    known: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class SettlementReport:
    """What an import did, or would do: lines settled, returned, known before; rows with errors are left out."""

    settled: int
    returned: int
    unchanged: int
    errors: tuple[RowError, ...]

    @property
    def shown(self) -> tuple[RowError, ...]:
        """The first errors: who repairs a file reads no more at once."""
        return self.errors[:MAX_ERRORS]


def settle_line(payout: Payout, answer: BankAnswer) -> bool:
    """The bank has carried out a payout; False when that was said before. Raises LineNotOpen."""
    return _answer_one(payout, answer)


def return_line(payout: Payout, answer: BankAnswer) -> bool:
    """The bank sent a payout back, at once or days later: it is owed again.

    The account is paid no more, since the next payout would come back too: until the group gives other details, or
    an officer clears it. The group and the finance officers are told. False when that was said before.
    Raises LineNotOpen.
    """
    return _answer_one(payout, answer)


@transaction.atomic
def answer_lines(answers: Mapping[int, BankAnswer]) -> Outcome:
    """Note what the bank did with many payouts, each as settle_line and return_line do, in a fixed number of queries.

    answers: key of the payout -> what the bank says. The notices to groups and officers are beside that number.
    """
    outcome = Outcome()
    settled: list[Payout] = []
    returned: list[Payout] = []
    for payout in _lock(answers):
        answer = answers[payout.pk]
        if payout.state == _target(answer) and payout.bank_reference == answer.reference:
            outcome.known.add(payout.pk)
        elif payout.batch_id is None or payout.state not in _open_states(answer):
            outcome.refused.add(payout.pk)
        else:
            (settled if answer.is_settled else returned).append(payout)
    # Posted first: entries lock their groups, which come before payouts.
    ledger.post_payouts_paid(settled)
    ledger.post_payouts_returned(returned)
    _end([*settled, *returned], answers)
    restrict_returned({payout.account_id: answers[payout.pk].reason for payout in returned})
    for payout in settled:
        tell_of_payout(payout, "payout_paid")
    for payout in returned:
        _tell_of_return(payout, answers[payout.pk])
    return outcome


def import_settlement(content: bytes, *, is_dry_run: bool) -> SettlementReport:
    """Take the bank's answers from CSV: reference, status (settled or returned), bank_reference, amount, date.

    A reason and a currency are read where there are such columns.

    A dry run writes nothing and reports the same. Rows with errors are left out and listed; uploading a file again
    changes nothing. amount and date (YYYY-MM-DD) are the bank's; an amount or currency other than ours is an error.
    Rows are taken CHUNK at a time, each chunk in a transaction of its own: an import that is broken off is repeated.
    """
    done = {SETTLED: 0, RETURNED: 0, "unchanged": 0}
    errors: list[RowError] = []
    seen: set[str] = set()
    rows = list(_rows(content, errors))
    for start in range(0, len(rows), CHUNK):
        lines = _lines(rows[start : start + CHUNK], seen, errors)
        outcome = Outcome() if is_dry_run else answer_lines({line.payout.pk: line.answer for line in lines})
        for line in lines:
            if line.payout.pk in outcome.refused:
                # Somebody else has told the opposite, or another number, since the row was read.
                errors.append(RowError(line.number, "status", line.status, str(LineNotOpen.message)))
            elif line.is_known or line.payout.pk in outcome.known:
                done["unchanged"] += 1
            else:
                done[SETTLED if line.answer.is_settled else RETURNED] += 1
    errors.sort(key=lambda error: error.row)
    return SettlementReport(done[SETTLED], done[RETURNED], done["unchanged"], tuple(errors))


def _lines(rows: Sequence[Row], seen: set[str], errors: list[RowError]) -> list[Line]:
    """The rows that can be taken; what is wrong with the others goes to errors. One query."""
    payouts = _payouts(row["reference"] for _number, row in rows)
    lines = []
    for number, row in rows:
        read = _read(number, row, payouts.get(row["reference"]))
        if isinstance(read, RowError):
            errors.append(read)
        elif row["reference"] in seen:
            errors.append(
                _wrong(number, "reference", row, gettext_noop("This payout stands in the file twice."))
            )
        else:
            seen.add(row["reference"])
            lines.append(read)
    return lines


def _answer_one(payout: Payout, answer: BankAnswer) -> bool:
    outcome = answer_lines({payout.pk: answer})
    if outcome.refused:
        raise LineNotOpen
    return not outcome.known


def _target(answer: BankAnswer) -> Payout.State:
    return State.PAID if answer.is_settled else State.RETURNED


def _open_states(answer: BankAnswer) -> tuple[Payout.State, ...]:
    return (State.SENT,) if answer.is_settled else (State.SENT, State.PAID)


def _rows(content: bytes, errors: list[RowError]) -> Iterator[Row]:
    """Rows by their number. A file that cannot be read is one error of row 1."""
    if len(content) > MAX_BYTES:
        errors.append(RowError(1, "", "", _("Split the file: it is larger than 1 MB.")))
        return
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        errors.append(RowError(1, "", "", _("Save the file as CSV in UTF-8.")))
        return
    reader = csv.DictReader(io.StringIO(text.replace("\0", "")), strict=True)
    try:
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            names = ", ".join(missing)
            errors.append(RowError(1, names, "", _("Add the columns that are missing.")))
            return
        for number, row in enumerate(reader, start=2):
            if number > MAX_ROWS:
                errors.append(RowError(number, "", "", _("Split the file: it has too many rows.")))
                return
            yield number, {name: (row.get(name) or "").strip() for name in (*COLUMNS, *OPTIONAL)}
    except csv.Error:
        errors.append(RowError(reader.line_num, "", "", _("This is no CSV. Save the file again as CSV.")))


def _read(number: int, row: Mapping[str, str], payout: Payout | None) -> Line | RowError:
    """What a row says about its payout, or what is wrong with it."""
    if payout is None:
        return _wrong(
            number, "reference", row, gettext_noop("No payout of an exported batch has this number.")
        )
    if row["status"].lower() not in (SETTLED, RETURNED):
        return _wrong(number, "status", row, gettext_noop('Write "settled" or "returned".'))
    if not row["bank_reference"] or len(row["bank_reference"]) > 60:
        return _wrong(
            number, "bank_reference", row, gettext_noop("Give the bank's number, of 60 signs at most.")
        )
    on = _date(row["date"])
    if on is None:
        return _wrong(
            number, "date", row, gettext_noop("Write the date as 2026-01-31; it cannot be in the future.")
        )
    if _amount(row["amount"]) != payout.amount:
        return _other_money(number, "amount", row, payout)
    if row["currency"] and row["currency"].upper() != payout.currency:
        return _other_money(number, "currency", row, payout)
    answer = BankAnswer(row["status"].lower() == SETTLED, row["bank_reference"], on, row["reason"][:120])
    line = Line(number, row["status"], payout, answer)
    return _contradiction(number, row, payout=payout, answer=answer) or line


def _contradiction(
    number: int, row: Mapping[str, str], *, payout: Payout, answer: BankAnswer
) -> RowError | None:
    """What the row says against what is known; a line that was settled may still be returned."""
    written_at = payout.batch.exported_at if payout.batch else None
    if written_at and answer.on < (written_at - timedelta(days=1)).date():
        return _wrong(
            number, "date", row, gettext_noop("The bank had no file of this payout then. Look at the year.")
        )
    if answer.is_settled and payout.state == State.RETURNED:
        return _wrong(
            number, "status", row, gettext_noop("This payout was returned. Its successor has another number.")
        )
    if payout.state == _target(answer) and payout.bank_reference != answer.reference:
        return _wrong(
            number, "bank_reference", row, gettext_noop("Another number of the bank is known. Ask the bank.")
        )
    return None


def _payouts(references: Iterable[str]) -> dict[str, Payout]:
    """Payouts that are or were with the bank, by the numbers that they have in its files; one query."""
    pks = {pk for pk in map(_pk, references) if pk is not None}
    with_bank = Payout.objects.filter(batch__isnull=False, state__in=(State.SENT, State.PAID, State.RETURNED))
    rows = with_bank.filter(pk__in=pks).select_related("batch")
    return {payout_number(payout): payout for payout in rows}


def _pk(reference: str) -> int | None:
    digits = reference.removeprefix("PO")
    # int() would take other scripts' digits; a number longer than a key finds nothing.
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= 18
    return int(digits) if is_number else None


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _date(text: str) -> date | None:
    try:
        on = date.fromisoformat(text)
    except ValueError:
        return None
    return on if on <= (timezone.now() + timedelta(days=1)).date() else None


def _other_money(number: int, column: str, row: Mapping[str, str], payout: Payout) -> RowError:
    amount = format_money(payout.amount, payout.currency)
    return RowError(
        number, column, row[column][:60], _("The payout is %(amount)s. Ask the bank.") % {"amount": amount}
    )


def _wrong(number: int, column: str, row: Mapping[str, str], remedy: str) -> RowError:
    return RowError(number, column, row[column][:60], _(remedy))


def _lock(pks: Iterable[int]) -> QuerySet[Payout]:
    rows = Payout.objects.select_related("account", "vendor").select_for_update(of=("self",))
    return rows.filter(pk__in=list(pks)).order_by("pk")


def _end(payouts: Sequence[Payout], answers: Mapping[int, BankAnswer]) -> None:
    now = timezone.now()
    for payout in payouts:
        answer = answers[payout.pk]
        payout.state = _target(answer)
        payout.bank_reference = answer.reference
        payout.bank_day = answer.on
        payout.remark = answer.reason[:200]
        payout.ended_at = now
    Payout.objects.bulk_update(payouts, ["state", "bank_reference", "bank_day", "remark", "ended_at"])
    for batch_pk in sorted({payout.batch_id for payout in payouts if payout.batch_id is not None}):
        end_batch(batch_pk)


def _tell_of_return(payout: Payout, answer: BankAnswer) -> None:
    tell_of_payout(payout, "payout_returned", reason=answer.reason)
    alert_finance(
        f"payout:{payout.pk}:returned",
        subject=f"the bank returned payout {payout_number(payout)}",
        detail=f"bank's reference {answer.reference}; it is owed again: the group must give other account details, or"
        " an officer must let the account receive payouts again",
    )
