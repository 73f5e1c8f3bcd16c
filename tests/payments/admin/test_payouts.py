"""Payouts in the admin: queues, two persons, one file, the bank's answers; nothing is edited, numbers are masked."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from payments.models import LedgerPosting, Payout, PayoutAccount, PayoutBatch
from payments.services.batches import payout_number
from payments.services.payouts import plan_payouts
from payments.services.transfers import make_waiting_transfers
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.payouts import bank_account, sold, stripe_account

pytestmark = pytest.mark.django_db

NUMBER = "0012345678"


def office():
    client = Client()
    client.officer = PersonFactory(finance=True)
    client.force_login(client.officer)
    return client


@pytest.fixture
def finance():
    return office()


@pytest.fixture
def batch(fake_provider):
    """A draft of two groups."""
    for part in sold(fake_provider, VendorFactory(name="Khoma"), VendorFactory(name="Radhi")):
        bank_account(part.vendor, account_number=NUMBER)
    plan_payouts(timezone.now())
    return PayoutBatch.objects.get()


def page(row):
    return reverse(f"admin:payments_{row._meta.model_name}_change", args=[row.pk])


def decide(client, batch, decision, reason=""):
    address = reverse("admin:payments_payoutbatch_decide", args=[batch.pk])
    answer = client.post(address, {"decision": decision, "reason": reason}, follow=True)
    batch.refresh_from_db()
    return answer.content.decode()


def answers(client, *lines, is_dry_run=False):
    text = "\n".join(["reference,status,bank_reference,amount,date", *lines])
    fields = {"answers": SimpleUploadedFile("bank.csv", text.encode())}
    if is_dry_run:
        fields["is_dry_run"] = "on"
    return client.post(reverse("admin:payments_payoutbatch_import"), fields).content.decode()


def line(payout, status="settled"):
    today = timezone.now().date().isoformat()
    return f"{payout_number(payout)},{status},BOB-{payout.pk},{payout.amount},{today}"


def test_batch_goes_from_draft_to_settled_through_the_pages_of_two_officers(finance, batch):
    second = office()

    assert "Hand in" in finance.get(page(batch)).content.decode()
    decide(finance, batch, "hand_in")
    assert "Another person must decide about it" in decide(finance, batch, "approve")
    decide(second, batch, "approve")
    decide(second, batch, "export")
    address = reverse("admin:payments_payoutbatch_file", args=[batch.pk])
    once, twice = finance.get(address), second.get(address)
    said = answers(finance, *(line(payout) for payout in batch.payouts.all()))

    batch.refresh_from_db()
    assert (batch.state, batch.drafted_by, batch.approved_by) == ("settled", finance.officer, second.officer)
    assert once.content == twice.content == batch.content.encode()
    assert once["Content-Disposition"] == f'attachment; filename="payouts-{batch.number}.csv"'
    assert f'"{NUMBER}"' in batch.content
    assert "Settled: 2. Returned: 0." in said
    assert set(Payout.objects.values_list("state", flat=True)) == {"paid"}
    history = LogEntry.objects.filter(object_id=batch.pk).order_by("pk")
    assert [(entry.user, entry.change_message) for entry in history] == [
        (finance.officer, "Hand in."),
        (second.officer, "Approve."),
        (second.officer, "Write the file for the bank."),
        (finance.officer, "File fetched."),
        (second.officer, "File fetched."),
    ]


def test_rejecting_keeps_the_reason_and_needs_one(finance, batch):
    refused = decide(finance, batch, "reject")
    state_then = batch.state
    decide(finance, batch, "reject", "wrong month")

    assert "Say why" in refused
    assert (state_then, batch.state) == ("draft", "rejected")
    assert LogEntry.objects.get().change_message == "Reject. wrong month"


def test_file_is_not_there_before_it_is_written_and_not_for_others(finance, batch):
    address = reverse("admin:payments_payoutbatch_file", args=[batch.pk])
    others = Client()
    others.force_login(PersonFactory(officer=True))

    assert finance.get(address).status_code == 404
    decide(finance, batch, "hand_in")
    decide(office(), batch, "approve")
    decide(finance, batch, "export")

    assert finance.get(address).status_code == 200
    assert finance.post(address).status_code == 405
    for route in (
        address,
        reverse("admin:payments_payoutbatch_import"),
        reverse("admin:payments_payout_waiting"),
    ):
        assert others.get(route).status_code == 403


def test_dry_run_shows_what_is_wrong_and_changes_nothing(finance, batch):
    decide(finance, batch, "hand_in")
    decide(office(), batch, "approve")
    decide(finance, batch, "export")
    count = LedgerPosting.objects.count()

    said = answers(finance, line(batch.payouts.first()), "PO00000000,settled,X,1,2026-01-01", is_dry_run=True)

    assert "nothing was changed" in said
    assert "Settled: 1." in said
    assert "No payout of an exported batch has this number." in said
    assert (LedgerPosting.objects.count(), set(Payout.objects.values_list("state", flat=True))) == (
        count,
        {"sent"},
    )


def test_form_without_a_file_says_so(finance):
    answer = finance.post(reverse("admin:payments_payoutbatch_import"), {})

    assert answer.status_code == 200
    assert "This field is required" in answer.content.decode()


def test_account_numbers_are_masked_on_every_page(finance, batch):
    account = PayoutAccount.objects.first()
    payout = Payout.objects.first()
    pages = [
        page(account),
        page(batch),
        page(payout),
        *(
            reverse(f"admin:payments_{name}_changelist")
            for name in ("payoutaccount", "payout", "payoutbatch")
        ),
    ]

    shown = {address: finance.get(address).content.decode() for address in pages}

    assert not [address for address, content in shown.items() if NUMBER in content]
    assert "•••• 5678" in shown[page(account)]


def test_officer_withdraws_details(finance, batch):
    account = PayoutAccount.objects.first()

    finance.post(
        reverse("admin:payments_payoutaccount_changelist"),
        {"action": "withdraw", "_selected_action": [account.pk]},
    )

    account.refresh_from_db()
    assert account.cancelled_by == finance.officer
    assert LogEntry.objects.get().change_message == "Withdrawn."


def test_officer_lets_an_account_be_paid_again_that_a_bank_sent_money_back_from(finance, batch):
    account = PayoutAccount.objects.first()
    PayoutAccount.objects.update(restriction="returned by the bank: account closed")

    finance.post(
        reverse("admin:payments_payoutaccount_changelist"),
        {"action": "clear", "_selected_action": [account.pk]},
    )

    account.refresh_from_db()
    assert account.restriction == ""
    assert PayoutAccount.objects.exclude(restriction="").exists()
    assert LogEntry.objects.get().change_message == (
        "Paid again; before: returned by the bank: account closed."
    )


def test_payout_shows_each_sale_that_it_is_made_of(finance, fake_provider):
    (part,) = sold(fake_provider)
    stripe_account(part.vendor, fake_provider)
    plan_payouts(timezone.now())
    make_waiting_transfers()

    content = finance.get(page(Payout.objects.get())).content.decode()

    assert content.count(part.number) >= 2
    assert f"₹{part.share}" in content
    assert f"-₹{part.share}" in content


def test_who_is_not_paid_stands_on_a_page_with_the_reason(finance, fake_provider):
    (part,) = sold(fake_provider, VendorFactory(name="Khoma weavers"))

    content = finance.get(reverse("admin:payments_payout_waiting")).content.decode()
    bank_account(part.vendor)
    after = finance.get(reverse("admin:payments_payout_waiting")).content.decode()

    assert "Khoma weavers" in content
    assert "No account details" in content
    assert f"₹{part.share}" in content
    assert "Every group that is due money is paid by the next run." in after


@pytest.mark.parametrize("name", ["payout", "payoutbatch", "payoutaccount", "transfer"])
def test_lists_take_as_many_queries_for_many_rows_as_for_few(finance, fake_provider, name):
    address = reverse(f"admin:payments_{name}_changelist") + ("?state=all" if name == "payoutbatch" else "")

    def queries(groups):
        for part in sold(fake_provider, *(VendorFactory() for _ in range(groups))):
            (bank_account if name != "transfer" else lambda vendor: stripe_account(vendor, fake_provider))(
                part.vendor
            )
        plan_payouts(timezone.now())
        PayoutBatch.objects.update(drafted_by=finance.officer)
        with CaptureQueriesContext(connection) as caught:
            assert finance.get(address).status_code == 200
        return len(caught)

    finance.get(address)

    assert queries(1) == queries(3)


def test_superuser_edits_and_deletes_nothing(fake_provider, batch):
    client = Client()
    client.force_login(PersonFactory(superuser=True))
    rows = [batch, Payout.objects.first(), PayoutAccount.objects.first()]

    answers_given = [
        (
            client.post(page(row), {"state": "paid"}).status_code,
            client.post(page(row).replace("change", "delete")).status_code,
        )
        for row in rows
    ]

    assert answers_given == [(403, 403)] * 3
    batch.refresh_from_db()
    assert batch.state == "draft"
