"""Sets of codes of one offer, each used once. Oscar's table of sets was never written, so the offer needs no default."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("offer", "0014_payers_and_limits"),
        ("voucher", "0010_auto_20210224_0712"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="voucherset",
            options={
                "get_latest_by": "date_created",
                "ordering": ["-date_created"],
                "verbose_name": "set of codes",
                "verbose_name_plural": "sets of codes",
            },
        ),
        migrations.AddField(
            model_name="voucherset",
            name="offer",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="code_set",
                to="offer.conditionaloffer",
                verbose_name="offer",
            ),
        ),
        migrations.AddField(
            model_name="voucherset",
            name="fetched_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="codes fetched at"),
        ),
        migrations.AddConstraint(
            model_name="voucher",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("voucher_set__isnull", True),
                    models.Q(("num_orders__lte", 1), ("usage", "Single use")),
                    _connector="OR",
                ),
                name="voucher_of_a_set_used_once",
            ),
        ),
    ]
