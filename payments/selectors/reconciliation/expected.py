"""The postings that every row asks for, as SQL: what the ledger must hold, said a second time and independently.

Each part yields source_type, source_id, kind, currency, account, vendor_id, vendor_order_id, amount.
Source: docs/architecture.md, "Ledger".
"""

_CAPTURED = """
    SELECT 'attempt', a.id, 'captured',
        CASE WHEN a.state = 'surplus' THEN coalesce(
            (SELECT r.currency FROM payments_refund r WHERE r.attempt_id = a.id ORDER BY r.id LIMIT 1), a.currency
        ) ELSE a.currency END,
        side.account, NULL::bigint, NULL::bigint, side.sign * a.amount_received
    FROM payments_paymentattempt a
    CROSS JOIN (VALUES ('provider_clearing', 1), ('customer_unapplied', -1)) AS side (account, sign)
    WHERE a.state IN ('succeeded', 'surplus') AND a.provider NOT IN ('bank_transfer', 'cash_on_delivery')
"""
_RECEIPTS = """
    SELECT 'receipt', b.id, side.kind, b.currency, side.account,
        CASE WHEN side.account = 'vendor_payable' THEN b.vendor_id END, NULL, side.sign * b.amount
    FROM payments_bankreceipt b
    CROSS JOIN LATERAL (VALUES
        ('received', 'bank', 1, true),
        ('received', 'customer_unapplied', -1, true),
        ('sent_back', 'customer_unapplied', 1, b.state = 'returned'),
        ('sent_back', 'bank', -1, b.state = 'returned'),
        ('debt_paid', 'customer_unapplied', 1, b.vendor_id IS NOT NULL AND b.state IN ('matched', 'mistaken')),
        ('debt_paid', 'vendor_payable', -1, b.vendor_id IS NOT NULL AND b.state IN ('matched', 'mistaken')),
        ('entered_in_error', CASE WHEN b.vendor_id IS NULL THEN 'customer_unapplied' ELSE 'vendor_payable' END, 1,
            b.state = 'mistaken'),
        ('entered_in_error', 'bank', -1, b.state = 'mistaken')
    ) AS side (kind, account, sign, is_due)
    WHERE side.is_due
"""
_WRITTEN_OFF = """
    SELECT 'write_off', w.id, 'written_off', w.currency, side.account,
        CASE WHEN side.account = 'vendor_payable' THEN w.vendor_id END, NULL, side.sign * w.amount
    FROM payments_writeoff w
    CROSS JOIN (VALUES ('programme_loss', 1), ('vendor_payable', -1)) AS side (account, sign)
    WHERE w.state = 'approved'
"""
_RELEASED = """
    SELECT 'order', o.id, 'released', o.currency, 'customer_unapplied', NULL, NULL, o.total_incl_tax
    FROM order_order o JOIN payments_paymentattempt a ON a.order_id = o.id
    WHERE a.state = 'succeeded' AND a.provider <> 'cash_on_delivery'
    UNION ALL
    SELECT 'order', o.id, 'released', o.currency, side.account,
        CASE WHEN side.account = 'vendor_payable' THEN v.vendor_id END,
        CASE WHEN side.account = 'vendor_payable' THEN v.id END,
        CASE side.account WHEN 'commission' THEN -v.commission WHEN 'tax' THEN -v.commission_tax
            WHEN 'promotion' THEN v.promotion_total
            ELSE v.commission + v.commission_tax - v.total - v.promotion_total END
    FROM order_order o
    JOIN payments_paymentattempt a ON a.order_id = o.id
    JOIN order_vendororder v ON v.order_id = o.id
    CROSS JOIN (VALUES ('vendor_payable'), ('commission'), ('tax'), ('promotion')) AS side (account)
    WHERE a.state = 'succeeded' AND a.provider <> 'cash_on_delivery'
"""
# The group keeps the cash and owes what is kept back of it, of the units that the buyer kept. Nothing is cancelled once
# goods have left, and what came back before stands on the lines, so that they say it ever after. A note taken
# back as a mistake is posted a second time, the other way round.
_COLLECTED = """
    SELECT 'collection', c.id, way.kind, c.currency, side.account,
        CASE WHEN side.account = 'vendor_payable' THEN v.vendor_id END,
        CASE WHEN side.account = 'vendor_payable' THEN v.id END,
        way.sign * CASE side.account WHEN 'commission' THEN -kept.commission WHEN 'tax' THEN -kept.tax
            WHEN 'promotion' THEN kept.promotion ELSE kept.commission + kept.tax - kept.promotion END
    FROM payments_cashcollection c
    JOIN order_vendororder v ON v.id = coalesce(c.vendor_order_id, c.taken_back_from_id)
    JOIN (VALUES ('collected', 1), ('taken_back', -1)) AS way (kind, sign)
        ON way.kind = 'collected' OR c.taken_back_at IS NOT NULL
    JOIN LATERAL (
        SELECT sum(l.commission - round(l.commission * unpaid.units / l.quantity, 2)) AS commission,
            sum(l.commission_tax - round(l.commission_tax * unpaid.units / l.quantity, 2)) AS tax,
            sum(l.promotion - round(l.promotion * unpaid.units / l.quantity, 2)) AS promotion
        FROM order_line l
        CROSS JOIN LATERAL (SELECT l.cancelled_quantity + l.unpaid_quantity AS units) AS unpaid WHERE l.vendor_order_id = v.id
    ) AS kept ON true
    CROSS JOIN (VALUES ('vendor_payable'), ('commission'), ('tax'), ('promotion')) AS side (account)
"""
# A refund made at the provider is first unexplained, then what an officer said it was for. Money goes back through
# the provider, from our bank account, from a group's hands, or with a dispute in which the buyer's bank took it; what a
# bank took and gave back after all is owed again.
_REFUNDED = """
    SELECT 'refund', r.id, 'refunded', r.currency, 'refund_clearing', NULL, NULL, -r.amount
    FROM payments_refund r WHERE r.state NOT IN ('proposed', 'rejected')
    UNION ALL
    SELECT 'refund', r.id, 'refunded', r.currency,
        CASE WHEN r.reason = 'foreign' THEN 'unexplained' ELSE 'customer_unapplied' END, NULL, NULL, r.amount
    FROM payments_refund r
    WHERE r.state NOT IN ('proposed', 'rejected')
        AND (r.reason = 'foreign' OR NOT EXISTS (SELECT 1 FROM payments_refunditem i WHERE i.refund_id = r.id))
    UNION ALL
    SELECT 'refund', r.id, CASE WHEN r.reason = 'foreign' THEN 'explained' ELSE 'refunded' END, r.currency,
        side.account,
        CASE WHEN side.account = 'vendor_payable' THEN v.vendor_id END,
        CASE WHEN side.account = 'vendor_payable' THEN v.id END,
        CASE side.account WHEN 'commission' THEN i.commission WHEN 'tax' THEN i.commission_tax
            WHEN 'promotion' THEN -i.promotion ELSE i.share END
    FROM payments_refund r
    JOIN payments_refunditem i ON i.refund_id = r.id
    JOIN order_vendororder v ON v.id = i.vendor_order_id
    CROSS JOIN (VALUES ('vendor_payable'), ('commission'), ('tax'), ('promotion')) AS side (account)
    WHERE r.state NOT IN ('proposed', 'rejected')
    UNION ALL
    SELECT 'refund', r.id, 'explained', r.currency, side.account, NULL, NULL, side.sign * r.amount
    FROM payments_refund r
    JOIN LATERAL (VALUES ('unexplained', -1), (
        CASE WHEN r.again_for_id IS NULL THEN 'programme_loss' ELSE 'customer_unapplied' END, 1
    )) AS side (account, sign)
        ON side.sign < 0 OR NOT EXISTS (SELECT 1 FROM payments_refunditem i WHERE i.refund_id = r.id)
    WHERE r.reason = 'foreign' AND r.requested_by_id IS NOT NULL
    UNION ALL
    SELECT 'refund', r.id, 'failed', r.currency, side.account, NULL, NULL, side.sign * r.amount
    FROM payments_refund r
    CROSS JOIN LATERAL (VALUES ('refund_clearing', 1), (CASE
        WHEN r.reason <> 'foreign' OR r.again_for_id IS NOT NULL
            OR EXISTS (SELECT 1 FROM payments_refunditem i WHERE i.refund_id = r.id)
            THEN 'customer_unapplied'
        WHEN r.requested_by_id IS NULL THEN 'unexplained'
        ELSE 'programme_loss' END, -1)) AS side (account, sign)
    WHERE r.state = 'failed' AND r.taken_in_id IS NULL
    UNION ALL
    SELECT 'refund', r.id, side.kind, r.currency, side.account,
        CASE WHEN side.account = 'vendor_payable' THEN g.vendor_id END,
        CASE WHEN side.account = 'vendor_payable' THEN g.id END, side.sign * r.amount
    FROM payments_refund r
    LEFT JOIN order_vendororder g ON g.id = r.given_by_id
    CROSS JOIN LATERAL (VALUES
        ('sent_by_bank', 'refund_clearing', 1, r.bank_reference <> ''),
        ('sent_by_bank', 'bank', -1, r.bank_reference <> ''),
        ('given_by_group', 'refund_clearing', 1, g.id IS NOT NULL),
        ('given_by_group', 'vendor_payable', -1, g.id IS NOT NULL),
        ('taken_by_bank', 'refund_clearing', 1, r.taken_in_id IS NOT NULL),
        ('taken_by_bank', 'programme_loss', -1, r.taken_in_id IS NOT NULL),
        ('left_by_bank', 'programme_loss', 1, r.taken_in_id IS NOT NULL AND r.state = 'failed'),
        ('left_by_bank', 'customer_unapplied', -1, r.taken_in_id IS NOT NULL AND r.state = 'failed')
    ) AS side (kind, account, sign, is_due)
    WHERE side.is_due
"""
_BALANCE = """
    SELECT 'balance_transaction', b.id, 'balance', b.currency, side.account, NULL, NULL,
        CASE side.place WHEN 1 THEN b.net WHEN 2 THEN b.fee ELSE -b.amount END
    FROM payments_balancetransaction b
    CROSS JOIN LATERAL (VALUES (1, 'provider_balance'), (2, 'provider_fees'), (3, CASE
        WHEN b.kind IN ('charge', 'payment') THEN 'provider_clearing'
        WHEN b.kind IN ('refund', 'payment_refund', 'refund_failure', 'payment_failure_refund')
            THEN 'refund_clearing'
        WHEN b.kind = 'adjustment' THEN 'dispute_receivable'
        WHEN b.kind IN ('stripe_fee', 'tax_fee') THEN 'provider_fees'
        ELSE 'bank' END)) AS side (place, account)
    WHERE b.state = 'posted' AND b.kind NOT LIKE 'transfer%'
"""
_TRANSFERS = """
    SELECT 'transfer', t.id, 'transferred', t.currency, side.account,
        CASE WHEN side.account = 'vendor_payable' THEN v.vendor_id END,
        CASE WHEN side.account = 'vendor_payable' THEN v.id END, side.sign * t.amount
    FROM payments_transfer t
    JOIN order_vendororder v ON v.id = t.vendor_order_id
    CROSS JOIN (VALUES ('vendor_payable', 1), ('provider_balance', -1)) AS side (account, sign)
    WHERE t.state = 'succeeded'
    UNION ALL
    SELECT 'reversal', x.id, 'reversed', t.currency, side.account,
        CASE WHEN side.account = 'vendor_payable' THEN v.vendor_id END,
        CASE WHEN side.account = 'vendor_payable' THEN v.id END, side.sign * x.amount
    FROM payments_transferreversal x
    JOIN payments_transfer t ON t.id = x.transfer_id
    JOIN order_vendororder v ON v.id = t.vendor_order_id
    CROSS JOIN (VALUES ('vendor_payable', -1), ('provider_balance', 1)) AS side (account, sign)
    WHERE x.state = 'succeeded'
"""
# A line that the bank returned had been reported as carried out before, or not: both happen.
_PAYOUTS = """
    SELECT 'payout', p.id, side.kind, p.currency, side.account,
        CASE WHEN side.account = 'vendor_payable' THEN p.vendor_id END, NULL, side.sign * p.amount
    FROM payments_payout p
    JOIN payments_payoutaccount k ON k.id = p.account_id AND k.rail = 'bank_batch'
    LEFT JOIN payments_ledgerposting w
        ON w.source_type = 'payout' AND w.source_id = p.id AND w.kind = 'paid' AND p.state = 'returned'
    CROSS JOIN LATERAL (VALUES
        ('approved', 'vendor_payable', 1, true),
        ('approved', 'payout_in_flight', -1, true),
        ('paid', 'payout_in_flight', 1, p.state = 'paid' OR w.id IS NOT NULL),
        ('paid', 'bank', -1, p.state = 'paid' OR w.id IS NOT NULL),
        ('returned', CASE WHEN w.id IS NULL THEN 'payout_in_flight' ELSE 'bank' END, 1, p.state = 'returned'),
        ('returned', 'vendor_payable', -1, p.state = 'returned')
    ) AS side (kind, account, sign, is_due)
    WHERE p.state IN ('approved', 'sent', 'paid', 'returned') AND side.is_due
"""
# What is held is what the dispute is about by now, whatever it was said to be about before.
_DISPUTES = """
    SELECT 'dispute', d.id, side.kind, d.currency, side.account, v.vendor_id, v.id, side.sign * i.share
    FROM payments_dispute d
    JOIN payments_disputeitem i ON i.dispute_id = d.id
    JOIN order_vendororder v ON v.id = i.vendor_order_id
    JOIN (VALUES ('held', 'vendor_payable', 1), ('held', 'vendor_held', -1),
        ('won', 'vendor_held', 1), ('won', 'vendor_payable', -1), ('lost', 'vendor_held', 1)
    ) AS side (kind, account, sign) ON side.kind IN ('held', d.state)
    UNION ALL
    SELECT 'dispute', d.id, 'lost', d.currency, side.account, NULL, NULL,
        CASE side.account WHEN 'commission' THEN i.commission WHEN 'tax' THEN i.commission_tax
            WHEN 'promotion' THEN -i.promotion ELSE -i.amount END
    FROM payments_dispute d
    JOIN payments_disputeitem i ON i.dispute_id = d.id
    CROSS JOIN (VALUES ('commission'), ('tax'), ('promotion'), ('programme_loss')) AS side (account)
    WHERE d.state = 'lost'
    UNION ALL
    SELECT 'dispute', d.id, 'lost', d.currency, side.account, NULL, NULL, side.sign * d.amount
    FROM payments_dispute d
    CROSS JOIN (VALUES ('programme_loss', 1), ('dispute_receivable', -1)) AS side (account, sign)
    WHERE d.state = 'lost'
"""

EXPECTED = " UNION ALL ".join(
    [
        _CAPTURED,
        _RECEIPTS,
        _WRITTEN_OFF,
        _RELEASED,
        _COLLECTED,
        _REFUNDED,
        _BALANCE,
        _TRANSFERS,
        _PAYOUTS,
        _DISPUTES,
    ]
)
