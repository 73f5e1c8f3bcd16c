"""Payment attempts compared with orders, receipts, cash and what went back."""

from collections.abc import Iterator
from decimal import Decimal

from payments.selectors.reconciliation.findings import Area, Finding, asked

_COUNTS = """
    SELECT o.number, CASE WHEN is_paid THEN 1 ELSE 0 END, succeeded
    FROM (
        SELECT o.number, o.status IN ('paid', 'part_refunded', 'refunded') AS is_paid,
            count(a.id) AS succeeded
        FROM order_order o
        LEFT JOIN payments_paymentattempt a ON a.order_id = o.id AND a.state = 'succeeded'
        GROUP BY o.id
    ) o
    WHERE succeeded <> CASE WHEN is_paid THEN 1 ELSE 0 END
"""
# What should have come: the order's total by card, matched receipts by bank, what groups took in cash.
_RECEIVED = """
    WITH receipts AS (
        SELECT attempt_id, sum(amount) AS amount FROM payments_bankreceipt
        WHERE state = 'matched' GROUP BY attempt_id
    ), cash AS (
        SELECT attempt_id, sum(amount) AS amount FROM payments_cashcollection
        WHERE vendor_order_id IS NOT NULL GROUP BY attempt_id
    ), told AS (
        SELECT a.id, o.number, a.currency, a.amount_received AS found, a.provider,
            CASE a.provider WHEN 'bank_transfer' THEN coalesce(r.amount, 0)
                WHEN 'cash_on_delivery' THEN coalesce(c.amount, 0) ELSE o.total_incl_tax END AS expected
        FROM payments_paymentattempt a
        JOIN order_order o ON o.id = a.order_id
        LEFT JOIN receipts r ON r.attempt_id = a.id
        LEFT JOIN cash c ON c.attempt_id = a.id
        WHERE a.state = 'succeeded' OR (a.state = 'surplus' AND a.provider = 'bank_transfer')
    )
    SELECT id, number, currency, provider, expected, found FROM told WHERE expected <> found
"""
# A refund whose money the bank took in a dispute is part of what the dispute lost. A bank may take what had gone back
# before: that is the programme's loss, and no more can go back than came.
_GIVEN_BACK = """
    WITH refunds AS (
        SELECT attempt_id, sum(amount) AS amount FROM payments_refund
        WHERE state IN ('waiting', 'pending', 'succeeded')
            AND taken_in_id IS NULL
        GROUP BY attempt_id
    ), lost AS (
        SELECT attempt_id, sum(amount) AS amount FROM payments_dispute WHERE state = 'lost' GROUP BY attempt_id
    ), told AS (
        SELECT a.id, o.number, a.currency, a.amount_given_back AS found, a.amount_received AS most,
            CASE WHEN l.amount IS NULL THEN coalesce(r.amount, 0)
                ELSE least(coalesce(r.amount, 0) + l.amount, a.amount_received) END AS expected
        FROM payments_paymentattempt a
        JOIN order_order o ON o.id = a.order_id
        LEFT JOIN refunds r ON r.attempt_id = a.id
        LEFT JOIN lost l ON l.attempt_id = a.id
    )
    SELECT id, number, currency, expected, found, most FROM told WHERE expected <> found OR expected > most
"""
_SOURCES = {
    "stripe": "the order's total",
    "bank_transfer": "the receipts matched to it",
    "cash_on_delivery": "the cash that groups took",
}


def attempt_findings() -> Iterator[Finding]:
    """Attempts that brought or gave back another amount than they should have; three questions."""
    for number, expected, found in asked(_COUNTS):
        words = "number of attempts that succeeded does not fit the order's state"
        key, subject = f"attempts:order:{number}", f"order {number}"
        yield Finding(key, Area.ATTEMPTS, subject, "", Decimal(expected), Decimal(found), words)
    for pk, number, currency, provider, expected, found in asked(_RECEIVED):
        words = f"received is not {_SOURCES[provider]}"
        yield _finding(pk, number, currency, "received", expected, found, words)
    for pk, number, currency, expected, found, most in asked(_GIVEN_BACK):
        words = "given back is not what refunds and lost disputes say"
        if expected > most:
            words = f"refunds and lost disputes are more than the {most} received"
        yield _finding(pk, number, currency, "given_back", expected, found, words)


def _finding(
    pk: int, number: str, currency: str, name: str, expected: Decimal, found: Decimal, words: str
) -> Finding:
    subject = f"attempt {pk} of order {number}"
    return Finding(f"attempts:{pk}:{name}", Area.ATTEMPTS, subject, currency, expected, found, words)
