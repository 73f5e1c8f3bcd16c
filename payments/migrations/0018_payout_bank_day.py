"""A payout keeps the day that the bank names, which is seldom the one on which its answer is imported."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Nothing is known of those that were answered before."""

    dependencies = [("payments", "0017_payout_account_contacts")]

    operations = [
        migrations.AddField(
            model_name="payout",
            name="bank_day",
            field=models.DateField(blank=True, null=True, verbose_name="day at the bank"),
        ),
    ]
