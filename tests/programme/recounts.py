"""What the programme's selectors count, counted anew in plain SQL."""

from django.db import connection
from django.utils import timezone

from marketplace.lib.dates import TIME_ZONES

# Each column by itself, from the tables; no line of it is shared with the selector.
RECOUNT = """
SELECT place.code,
    (SELECT count(*) FROM regions_identifiedproduct AS known JOIN regions_region AS at ON at.id = known.region_id
        WHERE known.scheme_id = %(scheme)s AND known.listed_for_id IS DISTINCT FROM known.region_id
        AND starts_with(at.path, place.path)),
    (SELECT count(*) FROM partner_partner AS vendor JOIN regions_region AS at ON at.id = vendor.home_region_id
        WHERE vendor.state = 'approved' AND starts_with(at.path, place.path)),
    (SELECT count(*) FROM catalogue_product AS listing JOIN regions_region AS at ON at.id = listing.region_id
        JOIN partner_partner AS vendor ON vendor.id = listing.vendor_id
        WHERE listing.state = 'live' AND vendor.state = 'approved' AND listing.parent_id IS NULL
        AND starts_with(at.path, place.path)),
    (SELECT count(*) FROM order_line AS line JOIN order_vendororder AS part ON part.id = line.vendor_order_id
        JOIN catalogue_product AS listing ON listing.id = line.product_id
        JOIN regions_region AS at ON at.id = listing.region_id
        WHERE part.state <> 'cancelled'
        AND date(timezone(%(zone)s, part.released_at)) >= date(timezone(%(zone)s, %(now)s)) - 90
        AND line.quantity > (SELECT coalesce(sum(item.quantity), 0) FROM payments_refunditem AS item
            JOIN payments_refund AS refund ON refund.id = item.refund_id
            WHERE item.line_id = line.id AND refund.state = 'succeeded')
        AND starts_with(at.path, place.path))
FROM regions_region AS place WHERE place.level = %(level)s AND place.ended_on IS NULL ORDER BY place.path
"""


def recounted(scheme, level, *, zone=None, now=None):
    zone = zone or TIME_ZONES[scheme.country.code].key
    with connection.cursor() as cursor:
        values = {"scheme": scheme.pk, "level": level, "zone": zone, "now": now or timezone.now()}
        cursor.execute(RECOUNT, values)
        return cursor.fetchall()


# The ledger alone: what left our account at the provider for groups, and our bank's account for payouts.
LEDGER = """
SELECT coalesce(-sum(entry.amount), 0) FROM payments_ledgerentry AS entry
JOIN payments_ledgerposting AS posting ON posting.id = entry.posting_id
WHERE posting.currency = 'INR' AND (
    (posting.source_type IN ('transfer', 'reversal') AND entry.account = 'provider_balance')
    OR (posting.source_type = 'payout' AND entry.account = 'bank'))
"""


def ledger_total():
    with connection.cursor() as cursor:
        cursor.execute(LEDGER)
        return cursor.fetchone()[0]


# What left our bank's account and that at the provider for payouts, by month of a zone; nothing of the selector is shared.
BY_MONTH = """
SELECT to_char(timezone(%(zone)s, posting.posted_at), 'YYYY-MM-01'), -sum(entry.amount)
FROM payments_ledgerposting AS posting JOIN payments_ledgerentry AS entry ON entry.posting_id = posting.id
WHERE posting.currency = %(currency)s AND (
    (posting.source_type IN ('transfer', 'reversal') AND entry.account = 'provider_balance')
    OR (posting.source_type = 'payout' AND entry.account = 'bank'))
GROUP BY 1
"""


def paid_by_month(currency, zone):
    with connection.cursor() as cursor:
        cursor.execute(BY_MONTH, {"currency": currency, "zone": zone})
        return dict(cursor.fetchall())
