"""The few lines that were not supplied or came back are found without reading all others."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('order', '0029_vendor_rates_to_rules'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='line',
            index=models.Index(condition=models.Q(('cancelled_quantity__gt', 0), ('returned_quantity__gt', 0), _connector='OR'), fields=['order'], name='order_line_given_up'),
        ),
    ]
