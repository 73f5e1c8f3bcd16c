"""The ledger as a file, for the finance officer's own books."""

import csv
from decimal import Decimal
from io import StringIO

import pytest
from django.urls import reverse

from payments.models import LedgerEntry, LedgerPosting
from tests.factories.people import PersonFactory
from tests.support.refunds import paid_order

pytestmark = pytest.mark.django_db


def test_every_entry_of_the_chosen_postings_stands_in_the_file_and_sums_to_zero(client, fake_provider):
    paid_order(fake_provider)
    client.force_login(PersonFactory(finance=True, is_staff=True))
    chosen = list(LedgerPosting.objects.values_list("pk", flat=True))

    answer = client.post(
        reverse("admin:payments_ledgerposting_changelist"), {"action": "export", "_selected_action": chosen}
    )

    rows = list(csv.DictReader(StringIO(answer.content.decode())))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert len(rows) == LedgerEntry.objects.count() == 5
    assert sum(Decimal(row["amount"]) for row in rows) == 0
    assert {row["account"] for row in rows} >= {"customer_unapplied", "vendor_payable", "commission"}
