"""The file of a payout batch for the bank: plain CSV that no spreadsheet takes for formulas, and that proves itself."""

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from marketplace.lib.cells import safe_cell

COLUMNS = ("reference", "holder", "bank", "bank_code", "account_number", "amount", "currency")
TRAILER = "total"


@dataclass(frozen=True)
class BankLine:
    """One payout as the bank is told of it. reference: ours, which the bank repeats. amount above zero."""

    reference: str
    holder: str
    bank: str
    bank_code: str
    account_number: str
    amount: Decimal
    currency: str


def written(lines: Sequence[BankLine]) -> tuple[str, str]:
    """The file and the sha256 in its last line, which is of all lines before that.

    Every cell is quoted, so that account numbers keep their zeros; the last line holds count and total too.
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines:
        words = (line.reference, line.holder, line.bank, line.bank_code, line.account_number)
        writer.writerow([*map(safe_cell, words), f"{line.amount:.2f}", line.currency])
    digest = hashlib.sha256(text.getvalue().encode()).hexdigest()
    total = sum((line.amount for line in lines), Decimal(0))
    writer.writerow(
        [TRAILER, len(lines), "sha256", digest, "", f"{total:.2f}", lines[0].currency if lines else ""]
    )
    return text.getvalue(), digest


def is_whole(content: str, sha256: str) -> bool:
    """Whether a file still is what was written: its lines before the last have this hash."""
    body = content.rstrip("\r\n").rpartition("\r\n")[0] + "\r\n"
    return hashlib.sha256(body.encode()).hexdigest() == sha256 and f'"{sha256}"' in content
