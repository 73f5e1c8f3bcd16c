"""What the bank says about the lines of an exported batch: carried out, or sent back."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from django.db import transaction
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
OPTIONAL = ("reason",)
MAX_ROWS = 20_000
MAX_BYTES = 1024 * 1024
MAX_ERRORS = 200


@dataclass(frozen=True)
class BankAnswer:
    """What the bank did with one payout. reference: the bank's own number. reason: why it was sent back."""

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


@transaction.atomic
def settle_line(payout: Payout, answer: BankAnswer) -> bool:
    """The bank has carried out a payout; False when that was said before. Raises LineNotOpen."""
    locked = _lock(payout)
    if locked.state == State.PAID:
        return False
    if locked.state != State.SENT or locked.batch_id is None:
        raise LineNotOpen
    ledger.post_payout_paid(locked)
    _end(locked, State.PAID, answer)
    tell_of_payout(locked, "payout_paid")
    return True


@transaction.atomic
def return_line(payout: Payout, answer: BankAnswer) -> bool:
    """The bank sent a payout back, at once or days later: it is owed again.

    The account is paid no more, since the next payout would come back too: until the group gives other details, or
    an officer clears it. The group and the finance officers are told. False when that was said before.
    Raises LineNotOpen.
    """
    locked = _lock(payout)
    if locked.state == State.RETURNED:
        return False
    if locked.state not in (State.SENT, State.PAID) or locked.batch_id is None:
        raise LineNotOpen
    ledger.post_payout_returned(locked, was_paid=locked.state == State.PAID)
    _end(locked, State.RETURNED, answer)
    restrict_returned(locked.account, answer.reason)
    tell_of_payout(locked, "payout_returned", reason=answer.reason)
    alert_finance(
        f"payout:{locked.pk}:returned",
        subject=f"the bank returned payout {payout_number(locked)}",
        detail=f"bank's reference {answer.reference}; it is owed again: the group must give other account details, or"
        " an officer must let the account receive payouts again",
    )
    return True


def import_settlement(content: bytes, *, is_dry_run: bool) -> SettlementReport:
    """Take the bank's answers from CSV: reference, status (settled or returned), bank_reference, amount, date, reason.

    A dry run writes nothing and reports the same. Rows with errors are left out and listed; uploading a file again
    changes nothing. amount and date (YYYY-MM-DD) are the bank's; an amount other than ours is an error.
    """
    done = {SETTLED: 0, RETURNED: 0, "unchanged": 0}
    errors: list[RowError] = []
    seen: set[str] = set()
    for number, row in _rows(content, errors):
        read = _read(number, row)
        if isinstance(read, RowError):
            errors.append(read)
            continue
        payout, answer = read
        if row["reference"] in seen:
            errors.append(
                _wrong(number, "reference", row, gettext_noop("This payout stands in the file twice."))
            )
            continue
        seen.add(row["reference"])
        try:
            done[_apply(payout, answer, is_dry_run=is_dry_run)] += 1
        except LineNotOpen as error:
            # Somebody else has told the opposite since the row was read.
            errors.append(RowError(number, "status", row["status"], str(error.message)))
    return SettlementReport(done[SETTLED], done[RETURNED], done["unchanged"], tuple(errors))


def _apply(payout: Payout, answer: BankAnswer, *, is_dry_run: bool) -> str:
    target = State.PAID if answer.is_settled else State.RETURNED
    if payout.state == target:
        return "unchanged"
    if not is_dry_run:
        (settle_line if answer.is_settled else return_line)(payout, answer)
    return SETTLED if answer.is_settled else RETURNED


def _rows(content: bytes, errors: list[RowError]) -> Iterator[tuple[int, dict[str, str]]]:
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


def _read(number: int, row: Mapping[str, str]) -> tuple[Payout, BankAnswer] | RowError:
    """The payout that a row is about and what it says, or what is wrong with it."""
    payout = _payout(row["reference"])
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
        remedy = _("The payout is %(amount)s. Ask the bank.") % {
            "amount": format_money(payout.amount, payout.currency)
        }
        return RowError(number, "amount", row["amount"][:60], remedy)
    answer = BankAnswer(row["status"].lower() == SETTLED, row["bank_reference"], on, row["reason"][:120])
    return _contradiction(number, row, payout=payout, answer=answer) or (payout, answer)


def _contradiction(
    number: int, row: Mapping[str, str], *, payout: Payout, answer: BankAnswer
) -> RowError | None:
    """What the row says against what is known; a line that was settled may still be returned."""
    if answer.is_settled and payout.state == State.RETURNED:
        return _wrong(
            number, "status", row, gettext_noop("This payout was returned. Its successor has another number.")
        )
    is_repeat = payout.state == (State.PAID if answer.is_settled else State.RETURNED)
    if is_repeat and payout.bank_reference != answer.reference:
        return _wrong(
            number, "bank_reference", row, gettext_noop("Another number of the bank is known. Ask the bank.")
        )
    return None


def _payout(reference: str) -> Payout | None:
    digits = reference.removeprefix("PO")
    # int() would take other scripts' digits; a number longer than a key finds nothing.
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 18:
        return None
    with_bank = Payout.objects.filter(batch__isnull=False, state__in=(State.SENT, State.PAID, State.RETURNED))
    found = with_bank.filter(pk=int(digits)).first()
    return found if found is not None and payout_number(found) == reference else None


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


def _wrong(number: int, column: str, row: Mapping[str, str], remedy: str) -> RowError:
    return RowError(number, column, row[column][:60], _(remedy))


def _lock(payout: Payout) -> Payout:
    related = Payout.objects.select_related("account", "vendor")
    return related.select_for_update(of=("self",)).get(pk=payout.pk)


def _end(locked: Payout, state: Payout.State, answer: BankAnswer) -> None:
    locked.state = state
    locked.bank_reference = answer.reference
    locked.remark = answer.reason[:200]
    locked.ended_at = timezone.now()
    locked.save(update_fields=["state", "bank_reference", "remark", "ended_at"])
    if locked.batch_id is not None:
        end_batch(locked.batch_id)
