"""What has reached producers, as the ledger says: payouts carried out, and cash that groups kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from marketplace.lib.dates import TIME_ZONES

# Each group with the time zone of its country.
_PLACE = """
WITH place AS (
    SELECT vendor.id AS vendor_id, CASE split_part(region.path, '/', 1) {zones} ELSE 'UTC' END AS zone
    FROM partner_partner AS vendor JOIN regions_region AS region ON region.id = vendor.home_region_id
)
"""
# One row for each group, month of its country and sale. A payout by bank is taken apart into the sales behind it, whose
# entries it holds; what it holds besides (debts, money returned before) belongs to no sale. What a bank sends back after it
# had said that it was carried out, and what is taken back from a transfer, counts against the month in which it came back.
_PAID = """
, moved AS (
    SELECT entry.vendor_id, entry.vendor_order_id, posting.posted_at, entry.amount, FALSE AS is_cash
    FROM payments_ledgerposting AS posting
    JOIN payments_ledgerentry AS entry ON entry.posting_id = posting.id AND entry.account = 'vendor_payable'
    WHERE posting.source_type IN ('transfer', 'reversal') AND posting.currency = %(currency)s
    UNION ALL
    SELECT payout.vendor_id, held.vendor_order_id, posting.posted_at,
        CASE posting.kind WHEN 'paid' THEN -held.amount ELSE held.amount END, FALSE
    FROM payments_ledgerposting AS posting
    JOIN payments_ledgerentry AS bank ON bank.posting_id = posting.id AND bank.account = 'bank'
    JOIN payments_payout AS payout ON payout.id = posting.source_id
    JOIN payments_payoutitem AS item ON item.payout_id = payout.id AND NOT item.is_void
    JOIN payments_ledgerentry AS held ON held.id = item.entry_id
    JOIN payments_ledgerposting AS origin ON origin.id = held.posting_id
    WHERE posting.source_type = 'payout' AND posting.currency = %(currency)s
        AND NOT (origin.source_type = 'payout' AND origin.source_id = payout.id)
    UNION ALL
    SELECT entry.vendor_id, entry.vendor_order_id, posting.posted_at, -entry.amount, TRUE
    FROM payments_ledgerposting AS posting
    JOIN payments_ledgerentry AS entry
        ON entry.posting_id = posting.id AND entry.account = 'vendor_payable' AND entry.amount < 0
    WHERE posting.source_type = 'collection' AND posting.currency = %(currency)s
)
SELECT moved.vendor_id, date_trunc('month', moved.posted_at AT TIME ZONE place.zone)::date AS month,
    {sale} AS sale, sum(moved.amount) FILTER (WHERE NOT is_cash), sum(moved.amount) FILTER (WHERE is_cash)
FROM moved JOIN place USING (vendor_id)
WHERE (moved.posted_at AT TIME ZONE place.zone)::date BETWEEN %(first)s AND %(last)s
GROUP BY 1, 2, 3
"""

# A sale of which every unit was paid back is none; a part of it is one.
_SOLD = """
, back AS (
    SELECT item.line_id, sum(item.quantity) AS units FROM payments_refunditem AS item
    JOIN payments_refund AS refund ON refund.id = item.refund_id AND refund.state = 'succeeded'
    WHERE item.line_id IS NOT NULL GROUP BY 1
), undone AS (
    SELECT line.vendor_order_id FROM order_line AS line LEFT JOIN back ON back.line_id = line.id
    WHERE line.vendor_order_id IN (SELECT vendor_order_id FROM payments_refunditem)
    GROUP BY 1 HAVING bool_and(coalesce(back.units, 0) >= line.quantity)
)
SELECT part.vendor_id, date_trunc('month', part.released_at AT TIME ZONE place.zone)::date AS month,
    {sale} AS sale, count(*)
FROM order_vendororder AS part JOIN place USING (vendor_id)
WHERE part.currency = %(currency)s AND part.state <> 'cancelled'
    AND part.id NOT IN (SELECT vendor_order_id FROM undone)
    AND (part.released_at AT TIME ZONE place.zone)::date BETWEEN %(first)s AND %(last)s
GROUP BY 1, 2, 3
"""


@dataclass(frozen=True)
class Sold:
    """How many vendor orders one group was handed in one month, without those cancelled or paid back whole. sale: its key, as in Paid."""

    vendor: int
    month: date
    sale: int | None
    count: int


@dataclass(frozen=True)
class Paid:
    """What reached one group in one month. sale: key of the vendor order it was for, None where asked without or for none.

    month: its first day. paid: by payouts; cash: the group's share of cash that it took itself. In one currency.
    """

    vendor: int
    month: date
    sale: int | None
    paid: Decimal
    cash: Decimal


def paid_rows(currency: str, *, first: date, last: date, by_sale: bool = False) -> Sequence[Paid]:
    """All that reached groups from the first to the last day, both included, in days of their countries; one query."""
    rows = _rows(_PAID, "moved.vendor_order_id" if by_sale else "", currency, first=first, last=last)
    zero = Decimal("0.00")
    return [Paid(vendor, month, sale, paid or zero, cash or zero) for vendor, month, sale, paid, cash in rows]


def sold_rows(currency: str, *, first: date, last: date, by_sale: bool = False) -> Sequence[Sold]:
    """Vendor orders that were handed to groups in these days, of their countries, and stayed sold; one query."""
    rows = _rows(_SOLD, "part.id" if by_sale else "", currency, first=first, last=last)
    return [Sold(*row) for row in rows]


def _rows(query: str, sale: str, currency: str, *, first: date, last: date) -> list[tuple[Any, ...]]:
    zones = " ".join(f"WHEN '{code}' THEN '{zone.key}'" for code, zone in sorted(TIME_ZONES.items()))
    words = (_PLACE + query).format(zones=zones, sale=sale or "NULL::bigint")
    with connection.cursor() as cursor:
        cursor.execute(words, {"currency": currency, "first": first, "last": last})
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
