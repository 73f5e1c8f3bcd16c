from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('partner', '0010_decide_permission'),
        # Rates have become rules there; only now may the column go.
        ('order', '0029_vendor_rates_to_rules'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='partner',
            name='vendor_commission_is_a_fraction',
        ),
        migrations.RemoveField(
            model_name='partner',
            name='commission_rate',
        ),
    ]
