"""A name stands once for a place, whatever the case of its letters."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    """The unique name of identified products."""

    dependencies = [
        ('regions', '0009_product_days'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='identifiedproduct',
            name='identified_product_once',
        ),
        migrations.AddConstraint(
            model_name='identifiedproduct',
            constraint=models.UniqueConstraint(models.F('scheme'), models.F('region'), django.db.models.functions.text.Lower('name'), condition=models.Q(('ended_on__isnull', True)), name='identified_product_once', violation_error_message='This scheme names this product for the place already.'),
        ),
    ]
