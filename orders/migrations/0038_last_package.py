"""The number of the newest package stands on the vendor order, so that an opened package's number is not used again."""

from django.db import migrations, models

FORWARD = """
UPDATE order_vendororder SET last_package = packed.newest
FROM (SELECT vendor_order_id, MAX(place) AS newest FROM order_package GROUP BY vendor_order_id) AS packed
WHERE packed.vendor_order_id = order_vendororder.id;
"""


class Migration(migrations.Migration):

    dependencies = [("order", "0037_rest_reminder")]

    operations = [
        migrations.AddField(
            model_name="vendororder",
            name="last_package",
            field=models.PositiveIntegerField(default=0, verbose_name="number of the last package"),
        ),
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
    ]
