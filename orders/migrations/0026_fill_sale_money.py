"""Fill what sales freeze from now on: each line's part of the commission, and when money may be paid out."""

from django.db import migrations

FORWARD = """
UPDATE order_order SET released_at = paid_at WHERE paid_at IS NOT NULL;

UPDATE order_vendororder SET commission_base = goods_total;

-- Rounded as a running sum, so that the lines' parts add up to the whole.
UPDATE order_line SET commission_rate = part.commission_rate, commission = part.upto - part.before
FROM (
    SELECT line.id, vendor_order.commission_rate,
        round(vendor_order.commission_rate * sum(line.line_price_incl_tax) OVER running, 2) AS upto,
        round(vendor_order.commission_rate * (sum(line.line_price_incl_tax) OVER running - line.line_price_incl_tax), 2)
            AS before
    FROM order_line AS line JOIN order_vendororder AS vendor_order ON vendor_order.id = line.vendor_order_id
    WINDOW running AS (PARTITION BY line.vendor_order_id ORDER BY line.id)
) AS part
WHERE part.id = order_line.id;

UPDATE order_vendororder SET delivered_at = moved.created_at, payable_from = moved.created_at + interval '7 days'
FROM order_vendororderevent AS moved
WHERE moved.vendor_order_id = order_vendororder.id AND moved.to_state = 'delivered';
"""


class Migration(migrations.Migration):
    dependencies = [("order", "0025_money_in_full")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
