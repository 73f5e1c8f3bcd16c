"""Names that look alike within a group, such as l12 beside L12, are told apart before the database refuses them.

The name that the shop itself gave stays, else the oldest; others get their number behind it. Orders keep the name of
their own day. Going back leaves the names: they are as good as any.
"""

from django.db import migrations
from django.db.models import Count


def part_twins(apps, _schema_editor):
    """Rename all but one of each set of twins."""
    records = apps.get_model("partner", "StockRecord").objects
    twins = records.values("partner", "sku_key").annotate(rows=Count("pk")).filter(rows__gt=1)
    for twin in list(twins.order_by("partner", "sku_key")):
        rows = list(records.filter(partner=twin["partner"], sku_key=twin["sku_key"]).order_by("pk"))
        rows.sort(key=lambda row: row.partner_sku != f"L{row.product_id}")
        for row in rows[1:]:
            name = f"{row.partner_sku[:100]}-{row.pk}"
            while records.filter(partner=twin["partner"], sku_key=name.lower()).exists():
                name += "x"
            records.filter(pk=row.pk).update(partner_sku=name)


class Migration(migrations.Migration):
    """Names told apart."""

    dependencies = [("partner", "0020_sku_key")]

    operations = [migrations.RunPython(part_twins, migrations.RunPython.noop)]
