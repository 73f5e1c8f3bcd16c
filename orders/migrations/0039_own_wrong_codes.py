"""Wrong hand-over codes of buyer and group are counted apart from those of strangers."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('order', '0038_last_package'),
    ]

    operations = [
        migrations.AddField(
            model_name='shipment',
            name='own_wrong_codes',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='wrong codes of buyer and group'),
        ),
    ]
