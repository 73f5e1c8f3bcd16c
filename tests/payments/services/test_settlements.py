"""The bank's answers: lines settled and returned, files with mistakes, files sent twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notices.models import Notice
from payments.models import LedgerEntry, LedgerPosting, Payout, PayoutAccount, PayoutBatch
from payments.payout_errors import LineNotOpen
from payments.selectors.balances import vendor_balance
from payments.selectors.payouts import waiting_groups
from payments.services import settlements
from payments.services.batches import approve, export, hand_in, payout_number
from payments.services.payout_accounts import clear_restriction, refresh_restricted
from payments.services.payouts import plan_payouts
from payments.services.settlements import BankAnswer, import_settlement, return_line, settle_line
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.payouts import bank_account, sold, stripe_account
from tests.support.race import race

pytestmark = pytest.mark.django_db

HEADER = "reference,status,bank_reference,amount,date,reason,currency"


@pytest.fixture
def payouts(fake_provider):
    """Two payouts that are with the bank."""
    for part in sold(fake_provider, VendorFactory(phone="+97517000001"), VendorFactory()):
        bank_account(part.vendor)
    plan_payouts(timezone.now())
    batch = PayoutBatch.objects.get()
    hand_in(batch, actor=PersonFactory())
    approve(batch, actor=PersonFactory())
    export(batch)
    return list(Payout.objects.order_by("pk"))


def settled(reference="BOB-1"):
    return BankAnswer(True, reference, timezone.now().date())


def returned(reference="BOB-R1"):
    return BankAnswer(False, reference, timezone.now().date(), "account closed")


def row(payout, status="settled", **changes):
    fields = {
        "reference": payout_number(payout),
        "status": status,
        "bank_reference": f"BOB-{payout.pk}",
        "amount": str(payout.amount),
        "date": timezone.now().date().isoformat(),
        "reason": "",
        "currency": "",
    }
    return ",".join({**fields, **changes}.values())


def upload(*rows, is_dry_run=False):
    return import_settlement("\n".join([HEADER, *rows]).encode(), is_dry_run=is_dry_run)


def outcome(report):
    return report.settled, report.returned, report.unchanged, len(report.errors)


def accounts():
    found = {}
    for account, amount in LedgerEntry.objects.filter(posting__source_type="payout").values_list(
        "account", "amount"
    ):
        found[account] = found.get(account, 0) + amount
    return {account: amount for account, amount in found.items() if amount}


def test_settled_line_leaves_our_bank_account(payouts):
    first, second = payouts

    assert settle_line(first, settled())
    assert not settle_line(first, settled())
    batch_between = PayoutBatch.objects.get().state
    settle_line(second, settled("BOB-2"))

    first.refresh_from_db()
    assert (first.state, first.bank_reference) == ("paid", "BOB-1")
    assert accounts() == {
        "bank": -first.amount - second.amount,
        "vendor_payable": first.amount + second.amount,
    }
    assert (batch_between, PayoutBatch.objects.get().state) == ("exported", "settled")


def test_group_is_told_of_the_money(payouts):
    settle_line(payouts[0], settled())

    notice = Notice.objects.get(kind="payout_paid")
    assert (notice.address, notice.context["account"], notice.context["reference"]) == (
        "+97517000001",
        "5678",
        "BOB-1",
    )
    assert "0012345678" not in str(notice.context)


@pytest.mark.fault(47)
@pytest.mark.parametrize("was_paid", [False, True], ids=["at once", "days after it was settled"])
def test_returned_line_is_owed_again_and_paid_when_its_account_is_cleared(payouts, was_paid):
    PersonFactory(finance=True)
    first, second = payouts
    settle_line(second, settled("BOB-2"))
    if was_paid:
        settle_line(first, settled())

    assert return_line(first, returned())
    assert not return_line(first, returned())

    first.refresh_from_db()
    assert (first.state, first.bank_reference, first.remark) == ("returned", "BOB-R1", "account closed")
    assert accounts() == {"bank": -second.amount, "vendor_payable": second.amount}
    assert vendor_balance(first.vendor, "INR").payable == first.amount
    assert PayoutBatch.objects.get().state == "settled"
    assert Notice.objects.filter(kind="payout_returned").count() == 1
    assert Notice.objects.filter(kind="staff_alert").count() == 1

    skipped = plan_payouts(timezone.now())
    clear_restriction(first.account)
    again = plan_payouts(timezone.now())

    assert [(due.vendor_pk, due.obstacle) for due in skipped.skipped] == [(first.vendor_id, "restricted")]
    assert (skipped.planned, again.planned) == (0, 1)
    assert Payout.objects.get(state="planned").amount == first.amount
    assert plan_payouts(timezone.now()).planned == 0


def test_account_that_the_bank_sent_money_back_from_is_paid_no_more_in_the_banks_words(payouts):
    first, second = payouts
    return_line(first, returned())
    return_line(second, BankAnswer(False, "BOB-R2", timezone.now().date()))

    restrictions = list(PayoutAccount.objects.order_by("pk").values_list("restriction", flat=True))
    waiting = {row.vendor.pk: row.words for row in waiting_groups(timezone.now())}
    refresh_restricted()

    assert restrictions == ["returned by the bank: account closed", "returned by the bank"]
    assert waiting[first.vendor_id].endswith(": returned by the bank: account closed")
    assert PayoutAccount.objects.exclude(restriction="").count() == 2


def test_new_details_are_paid_though_the_old_ones_stay_restricted(payouts):
    first, _second = payouts
    return_line(first, returned())
    bank_account(first.vendor, account_number="0099999999", active_from=timezone.now())

    again = plan_payouts(timezone.now())

    assert again.planned == 1
    assert Payout.objects.get(state="planned").account.account_number == "0099999999"
    assert PayoutAccount.objects.get(pk=first.account_id).restriction != ""


def test_what_stripe_restricts_no_officer_clears(fake_provider):
    account = stripe_account(VendorFactory(), fake_provider, restriction="requirements.past_due")

    assert not clear_restriction(account)

    assert PayoutAccount.objects.get().restriction == "requirements.past_due"


def test_line_that_is_not_with_the_bank_is_neither_settled_nor_returned(fake_provider):
    (part,) = sold(fake_provider)
    bank_account(part.vendor)
    plan_payouts(timezone.now())
    payout = Payout.objects.get()

    for refused, answer in ((settle_line, settled()), (return_line, returned())):
        with pytest.raises(LineNotOpen):
            refused(payout, answer)

    assert accounts() == {}


def test_dry_run_reports_and_changes_nothing(payouts):
    first, second = payouts
    rows = (
        row(first),
        row(second, "returned", reason="account closed"),
        "PO99999999,settled,X,1,2026-01-01,",
    )
    before = (accounts(), list(Payout.objects.order_by("pk").values()), Notice.objects.count())

    dry = upload(*rows, is_dry_run=True)
    after_dry = (accounts(), list(Payout.objects.order_by("pk").values()), Notice.objects.count())
    real = upload(*rows)

    assert before == after_dry
    assert outcome(dry) == outcome(real) == (1, 1, 0, 1)
    assert sorted(Payout.objects.values_list("state", flat=True)) == ["paid", "returned"]


def test_file_uploaded_again_changes_nothing(payouts):
    first, second = payouts
    rows = (row(first), row(second, "returned"))
    upload(*rows)
    count = LedgerPosting.objects.count()

    again = upload(*rows)

    assert outcome(again) == (0, 0, 2, 0)
    assert LedgerPosting.objects.count() == count


def test_settled_line_may_be_returned_by_a_later_file(payouts):
    upload(row(payouts[0]))

    report = upload(row(payouts[0], "returned", bank_reference="BOB-R"))

    assert outcome(report) == (0, 1, 0, 0)


TOMORROW = (timezone.now() + timedelta(days=3)).date().isoformat()


@pytest.mark.parametrize(
    ("changes", "column", "remedy"),
    [
        ({"reference": "PO1"}, "reference", "No payout of an exported batch has this number."),
        ({"reference": "PO" + "9" * 30}, "reference", "No payout of an exported batch has this number."),
        ({"reference": ""}, "reference", "No payout of an exported batch has this number."),
        ({"status": "done"}, "status", 'Write "settled" or "returned".'),
        ({"bank_reference": ""}, "bank_reference", "Give the bank's number, of 60 signs at most."),
        ({"bank_reference": "x" * 61}, "bank_reference", "Give the bank's number, of 60 signs at most."),
        ({"amount": "0.01"}, "amount", "The payout is ₹{amount}. Ask the bank."),
        ({"amount": "NaN"}, "amount", "The payout is ₹{amount}. Ask the bank."),
        ({"amount": "much"}, "amount", "The payout is ₹{amount}. Ask the bank."),
        ({"currency": "USD"}, "currency", "The payout is ₹{amount}. Ask the bank."),
        ({"date": "7/10/2026"}, "date", "Write the date as 2026-01-31; it cannot be in the future."),
        ({"date": TOMORROW}, "date", "Write the date as 2026-01-31; it cannot be in the future."),
        ({"date": "2025-01-31"}, "date", "The bank had no file of this payout then. Look at the year."),
    ],
)
def test_row_with_a_mistake_is_listed_with_its_remedy_and_the_others_are_taken(
    payouts, changes, column, remedy
):
    first, second = payouts

    report = upload(row(first, **changes), row(second))

    assert outcome(report) == (1, 0, 0, 1)
    error = report.errors[0]
    assert (error.row, error.column, error.remedy) == (2, column, remedy.format(amount=first.amount))
    assert error.value == changes[column][:60]
    first.refresh_from_db()
    assert first.state == "sent"


def test_a_quote_that_is_never_closed_is_an_error_and_swallows_no_row(payouts):
    first, second = payouts

    report = upload(row(first, reason='"closed'), row(second))

    assert outcome(report) == (0, 0, 0, 1)
    assert report.errors[0].remedy == "This is no CSV. Save the file again as CSV."
    assert set(Payout.objects.values_list("state", flat=True)) == {"sent"}


def test_a_file_that_is_too_large_is_not_read(payouts):
    report = upload(row(payouts[0]), "x" * settlements.MAX_BYTES)

    assert outcome(report) == (0, 0, 0, 1)
    assert report.errors[0].remedy == "Split the file: it is larger than 1 MB."
    assert set(Payout.objects.values_list("state", flat=True)) == {"sent"}


def test_so_many_errors_are_shown_as_a_person_reads_and_all_are_counted(payouts):
    report = upload(*[row(payouts[0], reference="PO1")] * 205)

    assert (len(report.errors), len(report.shown)) == (205, 200)
    assert report.shown[0].row == 2


def test_contradictions_are_errors(payouts):
    first, _second = payouts
    upload(row(first))

    other_number = upload(row(first, bank_reference="OTHER"))
    upload(row(first, "returned", bank_reference="R"))
    settled_after_return = upload(row(first))
    twice = upload(row(_second), row(_second))

    assert other_number.errors[0].column == "bank_reference"
    assert settled_after_return.errors[0].column == "status"
    assert (twice.settled, twice.errors[0].row, twice.errors[0].column) == (1, 3, "reference")


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        (b"\xff\xfe\x00", "Save the file as CSV in UTF-8."),
        (b"", "Add the columns that are missing."),
        (b"reference,status\n", "Add the columns that are missing."),
        (b"\x89PNG\r\n\x1a\n", "Save the file as CSV in UTF-8."),
    ],
)
def test_file_that_cannot_be_read_is_one_error(content, remedy):
    report = import_settlement(content, is_dry_run=False)

    assert [(error.row, error.remedy) for error in report.errors] == [(1, remedy)]


def test_file_with_the_mark_of_a_spreadsheet_and_null_characters_is_read(payouts):
    content = "\ufeff" + HEADER + "\r\n" + row(payouts[0]) + "\0\r\n"

    assert outcome(import_settlement(content.encode(), is_dry_run=False)) == (1, 0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_file_uploaded_by_two_people_at_once_is_posted_once(payouts):
    outcomes = race(lambda: upload(row(payouts[0]), row(payouts[1], "returned")), contenders=2)

    assert outcomes == [None, None]
    kinds = LedgerPosting.objects.filter(source_type="payout").values_list("kind", flat=True)
    assert sorted(kinds) == ["approved", "approved", "paid", "returned"]


@pytest.mark.parametrize("told_first", [returned(), settled("BOB-OTHER")], ids=["returned", "another number"])
def test_line_of_which_somebody_else_tells_something_else_meanwhile_is_an_error_of_its_row(
    payouts, monkeypatch, told_first
):
    real = settlements.answer_lines

    def returned_first(answers):
        monkeypatch.setattr(settlements, "answer_lines", real)
        (settle_line if told_first.is_settled else return_line)(payouts[0], told_first)
        return real(answers)

    monkeypatch.setattr(settlements, "answer_lines", returned_first)

    report = upload(row(payouts[0]), row(payouts[1]))

    assert [(error.row, error.column) for error in report.errors] == [(2, "status")]
    assert outcome(report) == (1, 0, 0, 1)
    first, second = Payout.objects.order_by("pk").values_list("state", "bank_reference")
    assert first == ("paid" if told_first.is_settled else "returned", told_first.reference)
    assert second[0] == "paid"
