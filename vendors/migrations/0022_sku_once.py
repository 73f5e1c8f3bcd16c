"""A group has each name once, however it is written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The promise."""

    dependencies = [("partner", "0021_part_sku_twins")]

    operations = [
        migrations.AddConstraint(
            model_name="stockrecord",
            constraint=models.UniqueConstraint(fields=("partner", "sku_key"), name="stock_record_sku_once"),
        ),
    ]
