"""Whether a bank receipt was read from a statement; those that stand count as typed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0011_refunds_given_otherwise"),
    ]

    operations = [
        migrations.AddField(
            model_name="bankreceipt",
            name="is_imported",
            field=models.BooleanField(default=False, verbose_name="from a statement"),
        ),
    ]
