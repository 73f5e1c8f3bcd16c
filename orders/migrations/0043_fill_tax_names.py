"""Sales made before keep the names that the table has for their day in their group's country, as papers read it."""

from django.db import migrations

FORWARD = """
WITH sale AS (
    SELECT v.id, split_part(r.path, '/', 1) AS country,
        (v.created_at AT TIME ZONE CASE split_part(r.path, '/', 1)
            WHEN 'BT' THEN 'Asia/Thimphu' WHEN 'IN' THEN 'Asia/Kolkata' WHEN 'TH' THEN 'Asia/Bangkok'
            ELSE 'UTC' END)::date AS day
    FROM order_vendororder v
    JOIN partner_partner p ON p.id = v.vendor_id
    JOIN regions_region r ON r.id = p.home_region_id
), named AS (
    SELECT DISTINCT ON (sale.id, t.kind) sale.id, t.kind, t.name
    FROM sale JOIN order_taxrate t ON t.country = sale.country
        AND t.valid_from <= sale.day AND (t.valid_until IS NULL OR t.valid_until >= sale.day)
    ORDER BY sale.id, t.kind, t.valid_from DESC, t.id DESC
)
UPDATE order_vendororder v SET
    goods_tax_name = coalesce((SELECT name FROM named WHERE named.id = v.id AND kind = 'goods'), ''),
    delivery_tax_name = coalesce((SELECT name FROM named WHERE named.id = v.id AND kind = 'delivery'), '')
WHERE v.id IN (SELECT id FROM named) AND v.goods_tax_name = '' AND v.delivery_tax_name = ''
"""


class Migration(migrations.Migration):
    """Going back needs nothing: the columns go with the migration before."""

    dependencies = [("order", "0042_tax_names")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
