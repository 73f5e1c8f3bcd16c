"""No batch leaves its draft but by two persons; what one person approved before stays as it is, unchecked."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0012_bank_receipt_is_imported"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="payoutbatch", name="payout_batch_second_person"),
        AddConstraintNotValid(
            model_name="payoutbatch",
            constraint=models.CheckConstraint(
                name="payout_batch_second_person",
                condition=(
                    Q(approved_by__isnull=True) | Q(drafted_by__isnull=True) | ~Q(approved_by=F("drafted_by"))
                )
                & (
                    Q(state__in=("draft", "rejected"))
                    | Q(drafted_by__isnull=False, approved_by__isnull=False)
                ),
            ),
        ),
    ]
