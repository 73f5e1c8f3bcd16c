"""A rate that stood on a group becomes a rule of that group, valid since the group was entered."""

from django.db import migrations

FORWARD = """
INSERT INTO order_commissionrule (vendor_id, rate, valid_from, note, created_at)
SELECT id, commission_rate, created_at::date, 'agreed with the group', now()
FROM partner_partner WHERE commission_rate IS NOT NULL
ON CONFLICT DO NOTHING
"""
BACKWARD = """
UPDATE partner_partner SET commission_rate = (
    SELECT rate FROM order_commissionrule
    WHERE vendor_id = partner_partner.id AND category_id IS NULL AND valid_from <= current_date
        AND (valid_until IS NULL OR valid_until >= current_date)
    ORDER BY valid_from DESC LIMIT 1
)
"""


class Migration(migrations.Migration):
    """Going back keeps, of all rules, the one of each group that is valid today."""

    dependencies = [("order", "0028_rates"), ("partner", "0010_decide_permission")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
