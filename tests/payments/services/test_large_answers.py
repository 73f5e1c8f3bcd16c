"""A bank's answer of a thousand lines: so many queries for each chunk, whatever its lines say."""

import os
import signal
from collections import Counter
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notices.models import Notice
from orders.models import Line
from payments.models import LedgerEntry, LedgerPosting, Payout, PayoutAccount, PayoutBatch, PayoutItem
from payments.services import ledger, settlements
from payments.services.batches import approve, export, hand_in
from payments.services.owed import refund_what_is_owed
from payments.services.payouts import plan_payouts
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.payments.services.test_settlements import outcome, row, upload
from tests.support.payouts import bank_account, sold
from tests.support.race import race
from vendors.models import Partner

pytestmark = pytest.mark.django_db

LINES = 1000
# Notices are queued one by one, in rooms below.
OF_NOTICES = ("communication_notice", "partner_membership", "SAVEPOINT")


@pytest.fixture
def payouts(db):
    """A thousand payouts of 100.00 that are with the bank, each to another group."""
    region, person = VendorFactory().home_region, PersonFactory()
    vendors = Partner.objects.bulk_create(
        Partner(name=f"Group {place}", code=f"many-{place}", home_region=region) for place in range(LINES)
    )
    accounts = PayoutAccount.objects.bulk_create(
        PayoutAccount(
            vendor=vendor,
            rail=PayoutAccount.Rail.BANK_BATCH,
            holder=vendor.name,
            bank_name="Bank of Bhutan",
            bank_code="BHUBBTBT",
            account_number=f"{place:010}",
            active_from=timezone.now(),
            requested_by=person,
        )
        for place, vendor in enumerate(vendors)
    )
    batch = PayoutBatch.objects.create(
        number="20261123-INR-1",
        currency="INR",
        state=PayoutBatch.State.EXPORTED,
        drafted_by=person,
        approved_by=PersonFactory(),
        sha256="0" * 64,
    )
    made = Payout.objects.bulk_create(
        Payout(
            vendor=account.vendor,
            account=account,
            batch=batch,
            currency="INR",
            amount=Decimal("100.00"),
            state=Payout.State.SENT,
        )
        for account in accounts
    )
    ledger.post_payouts_approved(made)
    return made


def counted(rows, *, is_dry_run=False):
    """What became of a file, and the statements about money that it took."""
    with CaptureQueriesContext(connection) as captured:
        report = upload(*rows, is_dry_run=is_dry_run)
    statements = [query["sql"] for query in captured.captured_queries]
    return outcome(report), [sql for sql in statements if not any(word in sql for word in OF_NOTICES)]


def test_a_thousand_lines_take_so_many_queries_for_each_chunk(payouts):
    chunks = LINES // settlements.CHUNK
    rows = [row(payout, "returned" if place % 10 == 0 else "settled") for place, payout in enumerate(payouts)]

    dry, looked = counted(rows, is_dry_run=True)
    real, written = counted(rows)
    again, repeated = counted(rows)

    assert (dry, real, again) == ((900, 100, 0, 0), (900, 100, 0, 0), (0, 0, LINES, 0))
    assert len(looked) == chunks
    # Officers are looked up for each line that came back; the last chunk ends the batch.
    officers = [sql for sql in written if "people_user" in sql]
    assert len(officers) == 100
    assert len(written) - len(officers) <= 12 * chunks
    assert len(repeated) <= 2 * chunks
    assert PayoutBatch.objects.get().state == "settled"
    assert sorted(
        LedgerPosting.objects.exclude(kind="approved").values_list("source_id", flat=True)
    ) == sorted(payout.pk for payout in payouts)
    back = LedgerEntry.objects.filter(posting__kind="returned", account="vendor_payable")
    assert set(back.values_list("vendor_id", "amount")) == {
        (payout.vendor_id, Decimal("-100.00")) for payout in payouts[::10]
    }
    assert set(PayoutAccount.objects.exclude(restriction="").values_list("pk", flat=True)) == {
        payout.account_id for payout in payouts[::10]
    }


def test_an_import_that_is_broken_off_keeps_whole_chunks_and_is_repeated(payouts, monkeypatch):
    real, calls = settlements.answer_lines, []

    def killed_at_the_third(answers):
        calls.append(len(answers))
        if len(calls) == 3:
            raise SystemExit
        return real(answers)

    monkeypatch.setattr(settlements, "answer_lines", killed_at_the_third)
    rows = [row(payout) for payout in payouts[: 3 * settlements.CHUNK]]
    with pytest.raises(SystemExit):
        upload(*rows)
    paid_before = Payout.objects.filter(state="paid").count()

    monkeypatch.setattr(settlements, "answer_lines", real)
    report = upload(*rows)

    assert (paid_before, outcome(report)) == (
        2 * settlements.CHUNK,
        (settlements.CHUNK, 0, 2 * settlements.CHUNK, 0),
    )
    assert LedgerPosting.objects.filter(kind="paid").count() == 3 * settlements.CHUNK


@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_killed_between_its_chunks_and_repeated_tells_each_group_once(
    fake_provider, monkeypatch
):
    monkeypatch.setattr(settlements, "CHUNK", 1)
    vendors = [VendorFactory(phone=f"+9751700000{place}") for place in range(4)]
    rows = [row(payout) for payout in with_the_bank(fake_provider, *vendors)]

    status = in_a_process_killed_at_the_third_notice(lambda: upload(*rows))
    kept = Payout.objects.filter(state="paid").count(), Notice.objects.filter(kind="payout_paid").count()
    again = upload(*rows)

    assert (os.WTERMSIG(status), kept) == (signal.SIGKILL, (2, 2))
    assert outcome(again) == (2, 0, 2, 0)
    assert Notice.objects.filter(kind="payout_paid").count() == 4
    assert LedgerPosting.objects.filter(kind="paid").count() == 4


def with_the_bank(provider, *vendors):
    """A payout of a sale to each group, in one exported batch."""
    for part in [sold(provider, vendor)[0] for vendor in vendors]:
        bank_account(part.vendor)
    plan_payouts(timezone.now())
    batch = PayoutBatch.objects.get()
    hand_in(batch, actor=PersonFactory())
    approve(batch, actor=PersonFactory())
    export(batch)
    return Payout.objects.order_by("pk")


def in_a_process_killed_at_the_third_notice(call):
    """Make a call in a process that ends with SIGKILL in the midst of its third chunk; returns how it ended."""
    connection.close()
    child = os.fork()
    if child == 0:
        real, told = settlements.tell_of_payout, []

        def tell(payout, kind, **words):
            real(payout, kind, **words)
            told.append(payout.pk)
            if len(told) == 3:
                os.kill(os.getpid(), signal.SIGKILL)

        settlements.tell_of_payout = tell
        try:
            call()
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1]


@pytest.mark.django_db(transaction=True)
def test_overlapping_files_refunds_and_a_run_at_once_lock_nobody_out_and_do_each_thing_once(
    fake_provider, monkeypatch
):
    monkeypatch.setattr(settlements, "CHUNK", 2)
    vendors = [VendorFactory(phone=f"+9751700000{place}") for place in range(6)]
    parts = [
        part for pair in zip(vendors[::2], vendors[1::2], strict=True) for part in sold(fake_provider, *pair)
    ]
    for part in parts:
        bank_account(part.vendor)
    plan_payouts(timezone.now())
    batch = PayoutBatch.objects.get()
    hand_in(batch, actor=PersonFactory())
    approve(batch, actor=PersonFactory())
    export(batch)
    parts += [sold(fake_provider, part.vendor)[0] for part in parts]
    PersonFactory(finance=True, email="finance@example.org")
    rows = [row(each, "returned" if each.pk % 2 else "settled") for each in Payout.objects.order_by("pk")]
    Line.objects.filter(vendor_order__in=parts[3:9]).update(returned_quantity=1)
    calls = [
        lambda: upload(*rows),
        lambda: upload(*reversed(rows)),
        lambda: upload(*rows[1:5]),
        refund_what_is_owed,
        lambda: plan_payouts(timezone.now()),
    ]

    outcomes = race(lambda: calls.pop()(), contenders=len(calls))
    refund_what_is_owed()
    plan_payouts(timezone.now())

    assert outcomes == [None] * 5
    kinds = Counter(LedgerPosting.objects.values_list("kind", flat=True))
    assert (kinds["paid"], kinds["returned"], kinds["refunded"]) == (3, 3, 6)
    told = Counter(Notice.objects.values_list("kind", flat=True))
    assert (told["payout_paid"], told["payout_returned"]) == (3, 3)
    assert Notice.objects.filter(kind="staff_alert", key__contains=":returned:").count() == 3
    held = PayoutItem.objects.filter(is_void=False).values_list("entry", flat=True)
    assert len(held) == len(set(held))
