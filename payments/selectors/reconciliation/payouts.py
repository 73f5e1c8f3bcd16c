"""Payouts compared with the ledger entries that they are made of."""

from collections.abc import Iterator
from decimal import Decimal

from payments.selectors.reconciliation.findings import Area, Finding, asked

ZERO = Decimal("0.00")
_ITEMS = """
    SELECT p.id, p.vendor_id, p.currency, coalesce(sum(e.amount), 0), count(e.id)
    FROM payments_payout p
    LEFT JOIN payments_payoutitem i ON i.payout_id = p.id AND NOT i.is_void
    LEFT JOIN payments_ledgerentry e ON e.id = i.entry_id
    WHERE p.state = 'paid'
    GROUP BY p.id HAVING coalesce(sum(e.amount), 0) <> 0 OR count(e.id) < 2
"""
_TRANSFERS = """
    SELECT p.id, p.vendor_id, p.currency, p.amount, coalesce(sum(t.amount), 0)
    FROM payments_payout p
    JOIN payments_payoutaccount k ON k.id = p.account_id AND k.rail = 'stripe_transfer'
    LEFT JOIN payments_transfer t ON t.payout_id = p.id AND t.state = 'succeeded'
    WHERE p.state = 'paid'
    GROUP BY p.id HAVING p.amount <> coalesce(sum(t.amount), 0)
"""
# A payout that was left out of the file, its details being withdrawn, came back without the bank's number.
_BATCHES = """
    SELECT b.id, b.number, b.currency, b.total, coalesce(sum(p.amount), 0)
    FROM payments_payoutbatch b
    LEFT JOIN payments_payout p ON p.batch_id = b.id AND p.state <> 'cancelled'
        AND NOT (p.state = 'returned' AND p.bank_reference = '')
    WHERE b.state <> 'rejected'
    GROUP BY b.id HAVING b.total <> coalesce(sum(p.amount), 0)
"""
_REVERSED = """
    SELECT t.id, t.key, t.currency, coalesce(sum(x.amount), 0), t.amount_reversed
    FROM payments_transfer t
    LEFT JOIN payments_transferreversal x ON x.transfer_id = t.id AND x.state = 'succeeded'
    GROUP BY t.id HAVING t.amount_reversed <> coalesce(sum(x.amount), 0)
"""


def payout_findings() -> Iterator[Finding]:
    """Payouts whose entries, transfers, batches or reversals say another amount; four questions."""
    for pk, vendor, currency, total, count in asked(_ITEMS):
        words = f"the {count} entries that it holds do not sum to zero"
        yield _finding(f"{pk}:items", f"payout {pk} to group {vendor}", currency, ZERO, total, words)
    for pk, vendor, currency, expected, found in asked(_TRANSFERS):
        words = "transfers that were made are not its amount"
        yield _finding(f"{pk}:transfers", f"payout {pk} to group {vendor}", currency, expected, found, words)
    for pk, number, currency, expected, found in asked(_BATCHES):
        words = "payouts of the batch are not its total"
        yield _finding(f"batch:{pk}", f"batch {number}", currency, expected, found, words)
    for pk, key, currency, expected, found in asked(_REVERSED):
        words = "amount reversed is not what its reversals are"
        yield _finding(f"transfer:{pk}:reversed", key, currency, expected, found, words)


def _finding(
    name: str, subject: str, currency: str, expected: Decimal, found: Decimal, words: str
) -> Finding:
    return Finding(f"payouts:{name}", Area.PAYOUTS, subject, currency, expected, found, words)
