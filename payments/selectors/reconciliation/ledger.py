"""The ledger compared with the rows that it was written from, and with itself."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from payments.selectors.reconciliation.clearing import clearing_findings
from payments.selectors.reconciliation.expected import EXPECTED
from payments.selectors.reconciliation.findings import Area, Finding, asked
from payments.selectors.reconciliation.vendors import vendor_findings

# Both sides in one heap: where what is expected outweighs what is found, or the reverse, a group is left over.
_POSTINGS = f"""
    WITH both_sides AS (
        SELECT source_type, source_id, kind, currency, account, vendor_id, vendor_order_id,
            amount AS expected, 0.00 AS found
        FROM ({EXPECTED}) AS wanted
            (source_type, source_id, kind, currency, account, vendor_id, vendor_order_id, amount)
        UNION ALL
        SELECT p.source_type, p.source_id,
            CASE WHEN p.source_type = 'dispute' THEN split_part(p.kind, '_', 1) ELSE p.kind END,
            e.currency, e.account, e.vendor_id, e.vendor_order_id, 0.00, e.amount
        FROM payments_ledgerentry e JOIN payments_ledgerposting p ON p.id = e.posting_id
    ), unequal AS (
        SELECT source_type, source_id, kind, currency, account, vendor_id,
            sum(expected) AS expected, sum(found) AS found
        FROM both_sides
        GROUP BY source_type, source_id, kind, currency, account, vendor_id, vendor_order_id
        HAVING sum(expected) <> sum(found)
    )
    SELECT u.source_type, u.source_id, u.kind, u.currency, u.account, u.vendor_id, u.expected, u.found,
        p.id IS NOT NULL
    FROM unequal u
    LEFT JOIN payments_ledgerposting p
        ON p.source_type = u.source_type AND p.source_id = u.source_id AND p.kind = u.kind
    ORDER BY u.source_type, u.source_id, u.kind, abs(u.expected - u.found) DESC, u.account, u.vendor_id
"""  # noqa: S608 - made of constants
_SUMS = """
    SELECT e.posting_id, p.source_type, p.source_id, p.kind, e.currency, sum(e.amount)
    FROM payments_ledgerentry e JOIN payments_ledgerposting p ON p.id = e.posting_id
    GROUP BY e.posting_id, p.id, e.currency HAVING sum(e.amount) <> 0
"""
_TOTALS = "SELECT currency, sum(amount) FROM payments_ledgerentry GROUP BY currency HAVING sum(amount) <> 0"
ZERO = Decimal("0.00")


class _Unequal(NamedTuple):
    source_type: str
    source_id: int
    kind: str
    currency: str
    account: str
    vendor_id: int | None
    expected: Decimal
    found: Decimal
    is_posted: bool

    @property
    def words(self) -> str:
        whose = f" of group {self.vendor_id}" if self.vendor_id else ""
        return f"{self.account}{whose} {self.found} instead of {self.expected}"


def ledger_findings(quiet_since: datetime) -> Iterator[Finding]:
    """Postings that are missing, too many or of another amount; sums, clearing accounts and groups' balances.

    quiet_since: what happened later may still be under way. Five questions.
    """
    unequal = (_Unequal(*row) for row in asked(_POSTINGS))
    for (source_type, source_id, kind), rows in groupby(unequal, key=lambda row: row[:3]):
        yield _posting_finding(f"{source_type}:{source_id}:{kind}", list(rows))
    for posting, source_type, source_id, kind, currency, total in asked(_SUMS):
        subject = f"{kind} of {source_type} {source_id}"
        words = f"entries of posting {posting} do not sum to zero"
        yield Finding(
            f"ledger:posting:{posting}:{currency}", Area.LEDGER, subject, currency, ZERO, total, words
        )
    for currency, total in asked(_TOTALS):
        words = "all entries together do not sum to zero"
        yield Finding(f"ledger:total:{currency}", Area.LEDGER, "whole ledger", currency, ZERO, total, words)
    yield from clearing_findings(quiet_since)
    yield from vendor_findings()


def _posting_finding(name: str, rows: list[_Unequal]) -> Finding:
    worst = rows[0]
    words = "; ".join(row.words for row in rows)
    if not worst.is_posted:
        words = f"not posted: {words}"
    return Finding(
        f"ledger:{name}",
        Area.LEDGER,
        f"{worst.kind} of {worst.source_type} {worst.source_id}",
        worst.currency,
        worst.expected,
        worst.found,
        words,
    )
