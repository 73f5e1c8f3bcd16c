"""What bills call the taxes in goods and delivery is kept with the sale."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("order", "0041_returns_by_line")]

    operations = [
        migrations.AddField(
            model_name="vendororder",
            name="goods_tax_name",
            field=models.CharField(blank=True, default="", max_length=20, verbose_name="name of the tax on goods"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="vendororder",
            name="delivery_tax_name",
            field=models.CharField(blank=True, default="", max_length=20, verbose_name="name of the tax on delivery"),
            preserve_default=False,
        ),
    ]
