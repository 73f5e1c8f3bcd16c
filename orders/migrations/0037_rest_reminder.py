"""The group is reminded, once after each shipment, of what did not leave with it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('order', '0036_returns'),
    ]

    operations = [
        migrations.AddField(
            model_name='shipment',
            name='reminded_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='reminded of the rest at'),
        ),
    ]
