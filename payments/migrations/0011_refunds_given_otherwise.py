"""Money that went back by bank, from a group's hands, or with a dispute, is named in fields of its own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("order", "0030_line_given_up"),
        ("payments", "0010_ledger_vendor_key"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="refund",
            name="bank_reference",
            field=models.CharField(blank=True, max_length=60, verbose_name="bank's journal number"),
        ),
        migrations.AddField(
            model_name="refund",
            name="given_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="order.vendororder",
                verbose_name="given back in cash by the group of",
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="taken_in",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="taken_refunds",
                to="payments.dispute",
                verbose_name="taken by the bank in",
            ),
        ),
        migrations.AlterField(
            model_name="refund",
            name="again_for",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="successor",
                to="payments.refund",
                verbose_name="instead of",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("reason", "again"),
                    ("taken_in__isnull", True),
                    models.Q(("state", "rejected"), _negated=True),
                ),
                fields=("again_for",),
                name="refund_again_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(
                condition=models.Q(("bank_reference", ""), _negated=True),
                fields=("bank_reference",),
                name="refund_once_per_bank_reference",
            ),
        ),
    ]
