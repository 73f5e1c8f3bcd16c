"""Accounts through which money only passes: each thing that is over has left nothing behind on them."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from payments.selectors.reconciliation.findings import Area, Finding, asked

# Each entry belongs to a thing: the charge, refund, dispute, payout or order that it is about. What waits for a
# person or the provider is no remainder: refunds on their way, open disputes, payouts with the bank, orders not yet
# paid, receipts not yet matched, refunds that failed and were not made again.
_REMAINDERS = """
    WITH told AS (
        SELECT e.account, e.currency, e.amount, p.posted_at,
            CASE e.account WHEN 'provider_clearing' THEN 'attempt' WHEN 'refund_clearing' THEN 'refund'
                WHEN 'dispute_receivable' THEN 'dispute' WHEN 'payout_in_flight' THEN 'payout'
                WHEN 'customer_unapplied' THEN
                    CASE WHEN p.source_type = 'receipt' AND ra.order_id IS NULL THEN 'receipt' ELSE 'order' END
            END AS thing,
            CASE WHEN p.source_type = 'balance_transaction' THEN coalesce(ca.id, rf.id, dp.id)
                WHEN e.account <> 'customer_unapplied' OR p.source_type = 'order' THEN p.source_id
                WHEN p.source_type = 'attempt' THEN oa.order_id
                WHEN p.source_type = 'refund' THEN fa.order_id
                ELSE coalesce(ra.order_id, p.source_id)
            END AS thing_id
        FROM payments_ledgerentry e
        JOIN payments_ledgerposting p ON p.id = e.posting_id
        LEFT JOIN payments_balancetransaction b ON p.source_type = 'balance_transaction' AND b.id = p.source_id
        LEFT JOIN payments_paymentattempt ca
            ON e.account = 'provider_clearing' AND b.source_id <> '' AND ca.charge_id = b.source_id
        LEFT JOIN payments_refund rf
            ON e.account = 'refund_clearing' AND b.source_id <> '' AND rf.provider_id = b.source_id
        LEFT JOIN payments_dispute dp ON e.account = 'dispute_receivable' AND dp.provider_id = b.source_id
        LEFT JOIN payments_paymentattempt oa ON p.source_type = 'attempt' AND oa.id = p.source_id
        LEFT JOIN payments_refund fr ON p.source_type = 'refund' AND fr.id = p.source_id
        LEFT JOIN payments_paymentattempt fa ON fa.id = fr.attempt_id
        LEFT JOIN payments_bankreceipt rc ON p.source_type = 'receipt' AND rc.id = p.source_id
        LEFT JOIN payments_paymentattempt ra ON ra.id = rc.attempt_id AND rc.state = 'matched'
        WHERE e.account IN ('provider_clearing', 'refund_clearing', 'dispute_receivable', 'payout_in_flight',
            'customer_unapplied')
    ), left_over AS (
        SELECT account, thing, thing_id, currency, sum(amount) AS amount
        FROM told GROUP BY account, thing, thing_id, currency
        HAVING sum(amount) <> 0 AND max(posted_at) < %s
    ), owed_again AS (
        SELECT a.order_id, r.currency, -sum(r.amount) AS amount
        FROM payments_refund r
        JOIN payments_paymentattempt a ON a.id = r.attempt_id
        LEFT JOIN payments_refund n ON n.again_for_id = r.id AND n.state NOT IN ('proposed', 'rejected')
        WHERE r.state = 'failed' AND n.id IS NULL
            AND (r.reason <> 'foreign' OR r.again_for_id IS NOT NULL OR EXISTS (
                SELECT 1 FROM payments_refunditem i WHERE i.refund_id = r.id))
        GROUP BY a.order_id, r.currency
    )
    SELECT l.account, l.thing, l.thing_id, l.currency, coalesce(w.amount, 0.00), l.amount
    FROM left_over l
    LEFT JOIN payments_refund r ON l.thing = 'refund' AND r.id = l.thing_id
    LEFT JOIN payments_dispute d ON l.thing = 'dispute' AND d.id = l.thing_id
    LEFT JOIN payments_payout p ON l.thing = 'payout' AND p.id = l.thing_id
    LEFT JOIN payments_bankreceipt b ON l.thing = 'receipt' AND b.id = l.thing_id
    LEFT JOIN order_order o ON l.thing = 'order' AND o.id = l.thing_id
    LEFT JOIN owed_again w ON l.thing = 'order' AND w.order_id = l.thing_id AND w.currency = l.currency
    WHERE l.amount <> coalesce(w.amount, 0)
        AND coalesce(r.state NOT IN ('waiting', 'pending'), true)
        AND coalesce(d.state <> 'open', true)
        AND coalesce(p.state NOT IN ('approved', 'sent'), true)
        AND coalesce(b.state NOT IN ('unmatched', 'proposed'), true)
        AND coalesce(o.status <> 'awaiting_payment', true)
"""


def clearing_findings(quiet_since: datetime) -> Iterator[Finding]:
    """Remainders on clearing accounts whose last entry is older than quiet_since; one question."""
    row: tuple[str, str, int | None, str, Decimal, Decimal]
    for row in asked(_REMAINDERS, [quiet_since]):
        account, thing, thing_id, currency, expected, found = row
        name = f"{thing} {thing_id}" if thing_id else f"no {thing} of ours"
        words = f"{account} keeps a remainder of what is over"
        yield Finding(
            f"ledger:{account}:{thing}:{thing_id or 0}:{currency}",
            Area.LEDGER,
            name,
            currency,
            expected,
            found,
            words,
        )
