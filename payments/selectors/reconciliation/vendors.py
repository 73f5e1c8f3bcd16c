"""What the ledger says is owed to each group, compared with sales, refunds, payouts and disputes."""

from collections.abc import Iterator

from payments.selectors.reconciliation.findings import Area, Finding, asked

# Credit below zero: accrued - refunded - paid + reversed - held + paid by the group or written off.
_BALANCES = """
    WITH told AS (
        SELECT v.vendor_id, v.currency, 'vendor_payable' AS account,
            v.commission + v.commission_tax - v.total - v.promotion_total AS expected, 0.00 AS found
        FROM order_vendororder v
        JOIN payments_paymentattempt a ON a.order_id = v.order_id
        WHERE a.state = 'succeeded' AND a.provider <> 'cash_on_delivery'
        UNION ALL
        SELECT e.vendor_id, e.currency, 'vendor_payable', sum(e.amount), 0
        FROM payments_ledgerentry e
        JOIN payments_ledgerposting p ON p.id = e.posting_id AND p.source_type = 'collection'
        JOIN payments_cashcollection c ON c.id = p.source_id
        WHERE e.account = 'vendor_payable' GROUP BY e.vendor_id, e.currency
        UNION ALL
        SELECT v.vendor_id, r.currency, 'vendor_payable', i.share, 0
        FROM payments_refunditem i
        JOIN payments_refund r ON r.id = i.refund_id AND r.state NOT IN ('proposed', 'rejected')
        JOIN order_vendororder v ON v.id = i.vendor_order_id
        UNION ALL
        SELECT v.vendor_id, r.currency, 'vendor_payable', -r.amount, 0
        FROM payments_refund r JOIN order_vendororder v ON v.id = r.given_by_id
        UNION ALL
        SELECT v.vendor_id, t.currency, 'vendor_payable', t.amount - coalesce(x.amount, 0), 0
        FROM payments_transfer t
        JOIN order_vendororder v ON v.id = t.vendor_order_id
        LEFT JOIN (
            SELECT transfer_id, sum(amount) AS amount FROM payments_transferreversal
            WHERE state = 'succeeded' GROUP BY transfer_id
        ) x ON x.transfer_id = t.id
        WHERE t.state = 'succeeded'
        UNION ALL
        SELECT p.vendor_id, p.currency, 'vendor_payable', p.amount, 0
        FROM payments_payout p JOIN payments_payoutaccount k ON k.id = p.account_id AND k.rail = 'bank_batch'
        WHERE p.state IN ('approved', 'sent', 'paid')
        UNION ALL
        SELECT v.vendor_id, d.currency, 'vendor_payable', i.share, 0
        FROM payments_disputeitem i
        JOIN payments_dispute d ON d.id = i.dispute_id AND d.state IN ('open', 'lost')
        JOIN order_vendororder v ON v.id = i.vendor_order_id
        UNION ALL
        SELECT v.vendor_id, d.currency, 'vendor_held', -i.share, 0
        FROM payments_disputeitem i
        JOIN payments_dispute d ON d.id = i.dispute_id AND d.state = 'open'
        JOIN order_vendororder v ON v.id = i.vendor_order_id
        UNION ALL
        SELECT b.vendor_id, b.currency, 'vendor_payable', -b.amount, 0
        FROM payments_bankreceipt b WHERE b.vendor_id IS NOT NULL AND b.state = 'matched'
        UNION ALL
        SELECT w.vendor_id, w.currency, 'vendor_payable', -w.amount, 0
        FROM payments_writeoff w WHERE w.state = 'approved'
        UNION ALL
        SELECT e.vendor_id, e.currency, e.account, 0, e.amount
        FROM payments_ledgerentry e WHERE e.account IN ('vendor_payable', 'vendor_held')
    )
    SELECT vendor_id, currency, account, sum(expected), sum(found)
    FROM told GROUP BY vendor_id, currency, account HAVING sum(expected) <> sum(found)
"""


def vendor_findings() -> Iterator[Finding]:
    """Groups whose balance is not accrued - refunded - paid + reversed - held; one question."""
    for vendor, currency, account, expected, found in asked(_BALANCES):
        key = f"ledger:vendor:{vendor}:{account}:{currency}"
        words = f"{account} is not what sales, refunds, payouts and disputes leave"
        yield Finding(key, Area.LEDGER, f"group {vendor}", currency, expected, found, words)
