"""Orders compared with their parts, and with the money that came and went back."""

from collections.abc import Iterator

from payments.selectors.reconciliation.findings import Area, Finding, asked

# Each names its subject, the currency, what should be and what is.
_TOTALS = """
    SELECT o.number, o.currency, o.total_incl_tax, coalesce(sum(v.total), 0),
        o.shipping_incl_tax, coalesce(sum(v.delivery_price), 0)
    FROM order_order o LEFT JOIN order_vendororder v ON v.order_id = o.id
    GROUP BY o.id
    HAVING o.total_incl_tax <> coalesce(sum(v.total), 0)
        OR o.shipping_incl_tax <> coalesce(sum(v.delivery_price), 0)
"""
_LINES = """
    SELECT v.number, v.currency,
        v.total, coalesce(sum(l.line_price_incl_tax), 0) + v.delivery_price - v.discount_total,
        v.commission, coalesce(sum(l.commission), 0),
        v.commission_tax, coalesce(sum(l.commission_tax), 0),
        v.discount_total, coalesce(sum(l.discount), 0),
        v.promotion_total, coalesce(sum(l.promotion), 0)
    FROM order_vendororder v LEFT JOIN order_line l ON l.vendor_order_id = v.id
    GROUP BY v.id
    HAVING v.total <> coalesce(sum(l.line_price_incl_tax), 0) + v.delivery_price - v.discount_total
        OR v.commission <> coalesce(sum(l.commission), 0)
        OR v.commission_tax <> coalesce(sum(l.commission_tax), 0)
        OR v.discount_total <> coalesce(sum(l.discount), 0)
        OR v.promotion_total <> coalesce(sum(l.promotion), 0)
"""
# A refund that fails later leaves the order as it was decided, and its successor repeats it; money that no order ever
# kept is no refund of it. One made at the provider counts once it is explained, and with the next refund if not.
# A dispute that was lost and won after all leaves the order as it was.
# Cash comes part by part, whatever has gone back by then.
_STATES = """
    WITH refunds AS (
        SELECT r.attempt_id, sum(r.amount) AS most,
            coalesce(sum(r.amount) FILTER (WHERE r.reason <> 'foreign' OR i.refund_id IS NOT NULL), 0) AS least
        FROM payments_refund r
        LEFT JOIN (SELECT DISTINCT refund_id FROM payments_refunditem) i ON i.refund_id = r.id
        WHERE r.state NOT IN ('proposed', 'rejected') AND r.again_for_id IS NULL
            AND r.reason NOT IN ('mismatch', 'goods_gone', 'paid_twice', 'paid_short', 'paid_over')
        GROUP BY r.attempt_id
    ), lost AS (
        SELECT d.attempt_id, coalesce(sum(d.amount) FILTER (WHERE d.state = 'lost'), 0) AS least,
            sum(d.amount) AS most
        FROM payments_dispute d
        WHERE d.state = 'lost' OR EXISTS (
            SELECT 1 FROM payments_ledgerposting p
            WHERE p.source_type = 'dispute' AND p.source_id = d.id AND p.kind = 'lost'
        )
        GROUP BY d.attempt_id
    ), told AS (
        SELECT o.number, o.currency, o.status, o.total_incl_tax AS total, a.amount_received AS received,
            coalesce(r.least, 0) + coalesce(l.least, 0) AS least, coalesce(r.most, 0) + coalesce(l.most, 0) AS most
        FROM order_order o
        JOIN payments_paymentattempt a
            ON a.order_id = o.id AND a.state = 'succeeded' AND a.provider <> 'cash_on_delivery'
        LEFT JOIN refunds r ON r.attempt_id = a.id
        LEFT JOIN lost l ON l.attempt_id = a.id
    )
    SELECT number, currency, status, received, least FROM told
    WHERE NOT CASE status WHEN 'paid' THEN least = 0 WHEN 'part_refunded' THEN most > 0 AND least < total
        WHEN 'refunded' THEN most >= total ELSE true END
"""


def order_findings() -> Iterator[Finding]:
    """Orders whose lines, delivery, parts, commissions or state do not add up; three questions."""
    for number, currency, *sums in asked(_TOTALS):
        yield from _unequal(
            "orders", number, currency, sums, [("total", "vendor orders"), ("delivery", "their delivery")]
        )
    for number, currency, *sums in asked(_LINES):
        names = [
            ("lines", "lines with delivery"),
            ("commission", "commission of the lines"),
            ("commission_tax", "tax on the commission of the lines"),
            ("discount", "discounts of the lines"),
            ("promotion", "what the programme pays for the lines"),
        ]
        yield from _unequal("orders", number, currency, sums, names)
    for number, currency, status, received, gone_back in asked(_STATES):
        words = f"the state {status} does not fit: {received} came and {gone_back} went back"
        key, subject = f"orders:{number}:state", f"order {number}"
        yield Finding(key, Area.ORDERS, subject, currency, received, gone_back, words)


def _unequal(
    prefix: str, number: str, currency: str, sums: list, names: list[tuple[str, str]]
) -> Iterator[Finding]:
    for (name, words), expected, found in zip(names, sums[::2], sums[1::2], strict=True):
        if expected != found:
            yield Finding(
                f"{prefix}:{number}:{name}",
                Area.ORDERS,
                f"order {number}",
                currency,
                expected,
                found,
                f"{words} do not add up to the {name.replace('_', ' ')}",
            )
