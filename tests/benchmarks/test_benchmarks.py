"""The benchmarks: sales that they make in bulk are what the services would have written; results name the machine."""

import os

import pytest
from django.utils import timezone

from benchmarks import __main__ as command
from benchmarks import report, rows
from benchmarks.counting import counted
from payments.models import LedgerEntry, Payout, PayoutAccount
from payments.services.payouts import plan_payouts
from payments.services.reconciling import reconcile


@pytest.fixture
def without_vacuum(monkeypatch):
    """A transaction cannot be vacuumed."""
    monkeypatch.setattr(rows, "analyse", lambda: None)


@pytest.mark.django_db
def test_sales_in_bulk_agree_with_the_books_and_are_paid_out(without_vacuum):
    vendors = rows.make_vendors(4)
    rows.make_accounts(vendors[:2], PayoutAccount.Rail.BANK_BATCH)
    rows.make_accounts(vendors[2:], PayoutAccount.Rail.STRIPE_TRANSFER)

    rows.make_sales(vendors, each=2)
    run = plan_payouts(timezone.now())

    assert reconcile(with_provider=False).is_clean
    assert LedgerEntry.objects.count() == 4 * 2 * 9
    assert run.planned == 4
    assert set(Payout.objects.values_list("amount", flat=True)) == {2 * rows.SHARE}


@pytest.mark.django_db
def test_statements_are_counted():
    with counted() as count:
        LedgerEntry.objects.count()
        LedgerEntry.objects.exists()

    assert count.statements == 2
    assert count.seconds > 0


@pytest.mark.django_db
def test_result_is_kept_as_a_table_with_the_machine(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "RESULTS", tmp_path)

    text = report.write("speed", report.Result("Speed", [("light", "299,792 km/s")], ["In vacuum."]))

    assert (tmp_path / "speed.md").read_text() == text
    assert text.startswith("# Speed\n\n| | |\n|---|---|\n| light | 299,792 km/s |\n\nIn vacuum.\n")
    assert f"{os.cpu_count()} cores" in text
    assert "PostgreSQL 1" in text


def test_name_that_no_benchmark_has_is_refused(capsys):
    assert command.main(["speed"]) == 2
    assert "no benchmark is called speed" in capsys.readouterr().err
