"""Discounts compared: orders with their parts and lines, offers with the uses that they count."""

from collections.abc import Iterator

from payments.selectors.reconciliation.findings import Area, Finding, asked

_ORDERS = """
    SELECT o.number, o.currency, d.given, coalesce(v.given, 0), d.programme, coalesce(v.programme, 0)
    FROM order_order o
    JOIN (
        SELECT order_id, sum(amount) AS given, coalesce(sum(amount) FILTER (WHERE payer_id IS NULL), 0) AS programme
        FROM order_orderdiscount GROUP BY order_id
    ) d ON d.order_id = o.id
    LEFT JOIN (
        SELECT order_id, sum(discount_total) AS given, sum(promotion_total) AS programme
        FROM order_vendororder GROUP BY order_id
    ) v ON v.order_id = o.id
    WHERE d.given <> coalesce(v.given, 0) OR d.programme <> coalesce(v.programme, 0)
"""
_LINES = """
    SELECT l.id, o.number, o.currency, coalesce(sum(p.amount), 0), l.discount
    FROM order_line l
    JOIN order_order o ON o.id = l.order_id
    LEFT JOIN order_orderlinediscount p ON p.line_id = l.id
    WHERE l.discount > 0 OR p.id IS NOT NULL
    GROUP BY l.id, o.id HAVING coalesce(sum(p.amount), 0) <> l.discount
"""
_OFFERS = """
    SELECT c.id, c.currency, coalesce(u.money, 0), c.total_discount, coalesce(u.uses, 0), c.num_applications
    FROM offer_conditionaloffer c
    LEFT JOIN (
        SELECT offer_id, sum(amount) AS money, count(*) AS uses
        FROM order_orderdiscount WHERE given_back_at IS NULL GROUP BY offer_id
    ) u ON u.offer_id = c.id
    WHERE c.total_discount <> coalesce(u.money, 0) OR c.num_applications <> coalesce(u.uses, 0)
"""


def offer_findings() -> Iterator[Finding]:
    """Discounts that do not add up, and offers whose counters are not what their orders say; three questions."""
    for number, currency, given, parts, programme, promotions in asked(_ORDERS):
        words = "discounts of the order are not those of its parts, or not paid by whom they say"
        expected, found = (given, parts) if given != parts else (programme, promotions)
        yield Finding(
            f"orders:{number}:offers", Area.ORDERS, f"order {number}", currency, expected, found, words
        )
    for line, number, currency, expected, found in asked(_LINES):
        words = f"discounts of line {line} do not add up to what is taken off it"
        key = f"orders:{number}:line:{line}:offers"
        yield Finding(key, Area.ORDERS, f"order {number}", currency, expected, found, words)
    for offer, currency, money, total, uses, counted in asked(_OFFERS):
        words = f"the offer counts {counted} orders and {total}, which are {uses} and {money}"
        yield Finding(f"offers:{offer}", Area.ORDERS, f"offer {offer}", currency, money, total, words)
