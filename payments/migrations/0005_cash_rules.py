"""Where groups let their buyers pay in cash at hand-over."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partner", "0010_decide_permission"),
        ("payments", "0004_ledger_currency"),
        ("regions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CashRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="since")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cash_rules",
                        to="regions.region",
                        verbose_name="to addresses in",
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cash_rules",
                        to="partner.partner",
                        verbose_name="group",
                    ),
                ),
            ],
            options={
                "verbose_name": "cash on delivery",
                "verbose_name_plural": "cash on delivery",
                "ordering": ["vendor", "region"],
                "constraints": [models.UniqueConstraint(fields=("vendor", "region"), name="cash_rule_once")],
            },
        ),
    ]
