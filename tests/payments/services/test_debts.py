"""What a group owes ends: paid by bank, or written off by two persons; a mistake is undone and the books agree."""

import threading

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from payments.errors import (
    NothingOwed,
    OwnAffair,
    ReasonMissing,
    ReceiptTaken,
    SecondPersonNeeded,
    WriteOffDecided,
)
from payments.models import LedgerEntry, LedgerPosting, WriteOff
from payments.selectors.balances import vendor_balance
from payments.selectors.statements import statement
from payments.services import debts as service
from payments.services.debts import approve_write_off, propose_write_off, reject_write_off
from payments.services.receipts import approve, cancel, match_to_group, refuse, unmatch
from payments.services.reconciling import reconcile
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from tests.payments.given import D, a_debtor, a_receipt, balances
from tests.payments.services.test_reconciling import let_days_pass
from tests.support.race import pause, race

pytestmark = pytest.mark.django_db

OWED = {"vendor_payable": D(20), "commission": D(-20)}


@pytest.fixture
def officer():
    return PersonFactory(finance=True, name="Pema")


@pytest.fixture
def second():
    return PersonFactory(finance=True, name="Karma")


@pytest.fixture
def debtor():
    return a_debtor()


def payable(vendor):
    return vendor_balance(vendor, "INR").payable


def proposed(vendor, officer, amount="20.00", reason="The group is dissolved"):
    return propose_write_off(vendor, amount=D(amount), currency="INR", reason=reason, actor=officer)


def agrees():
    """Whether orders, rows and ledger agree, now and when the quiet time is over."""
    at_once = reconcile(with_provider=False).is_clean
    let_days_pass()
    return at_once and reconcile(with_provider=False).is_clean


def words_of(vendor):
    day = timezone.localdate()
    shown = statement(vendor, "INR", first=day.replace(year=2000), last=day.replace(year=day.year + 1))
    return [(row.words, row.amount) for row in shown.rows]


def test_a_group_pays_by_bank_what_it_owes(debtor, officer):
    receipt = a_receipt("20.00")

    matched = match_to_group(receipt, debtor, actor=officer)

    receipt.refresh_from_db()
    assert (matched, receipt.state, receipt.vendor, receipt.attempt) == (True, "matched", debtor, None)
    assert payable(debtor) == D(0)
    assert balances() == {"bank": D(20), "commission": D(-20)}
    assert words_of(debtor)[-1] == ("You paid what you owed", D("20.00"))
    assert agrees()


def test_a_group_is_credited_no_more_than_it_owes(debtor, officer):
    receipt = a_receipt("20.01")

    with pytest.raises(NothingOwed) as refusal:
        match_to_group(receipt, debtor, actor=officer)

    receipt.refresh_from_db()
    assert "20.00" in str(refusal.value.message)
    assert (receipt.state, receipt.vendor, payable(debtor), balances()["bank"]) == (
        "unmatched",
        None,
        D(-20),
        D("20.01"),
    )
    assert agrees()


def test_what_was_paid_meanwhile_is_not_approved_again(debtor, officer, second, settings):
    settings.FOUR_EYES_ABOVE = {"INR": 10}
    receipts = [a_receipt("20.00"), a_receipt("20.00")]
    for receipt in receipts:
        match_to_group(receipt, debtor, actor=officer)
        receipt.refresh_from_db()
    approve(receipts[0], actor=second)

    with pytest.raises(NothingOwed):
        approve(receipts[1], actor=second)

    receipts[1].refresh_from_db()
    assert (receipts[1].state, receipts[1].approved_by, payable(debtor)) == ("proposed", None, D(0))


@pytest.mark.django_db(transaction=True)
def test_two_receipts_matched_at_once_pay_one_debt_once():
    debtor, officer = a_debtor(), PersonFactory()
    waiting = [a_receipt("20.00"), a_receipt("20.00")]

    outcomes = race(lambda: match_to_group(waiting.pop(), debtor, actor=officer), contenders=2)

    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "NothingOwed"]
    assert payable(debtor) == D(0)


def test_a_payment_of_a_group_is_not_split_below_the_limit(debtor, officer, settings):
    settings.FOUR_EYES_ABOVE = {"INR": 10}
    first, exact, above = a_receipt("6.00"), a_receipt("4.00"), a_receipt("0.01")

    matched = [match_to_group(each, debtor, actor=officer) for each in (first, exact, above)]

    above.refresh_from_db()
    assert (matched, above.state, payable(debtor)) == ([True, True, False], "proposed", D(-10))


def test_what_one_person_typed_for_a_group_waits_for_a_second(debtor, officer, second):
    typed, imported = a_receipt("5.00", actor=officer), a_receipt("5.00", actor=officer, is_imported=True)

    matched = [match_to_group(each, debtor, actor=officer) for each in (typed, imported)]

    before = payable(debtor)
    typed.refresh_from_db()
    approve(typed, actor=second)
    assert (matched, before, payable(debtor)) == ([False, True], D(-15), D(-10))


def test_members_decide_nothing_about_their_own_group(debtor, officer, second, settings):
    settings.FOUR_EYES_ABOVE = {"INR": 10}
    receipt = a_receipt("20.00")
    MembershipFactory(vendor=debtor, user=second)
    with pytest.raises(OwnAffair):
        match_to_group(receipt, debtor, actor=second)
    receipt.refresh_from_db()
    before = receipt.state
    match_to_group(receipt, debtor, actor=officer)
    receipt.refresh_from_db()

    with pytest.raises(OwnAffair):
        approve(receipt, actor=second)

    receipt.refresh_from_db()
    assert (before, receipt.state, payable(debtor)) == ("unmatched", "proposed", D(-20))


def test_a_large_payment_of_a_group_waits_for_a_second_person(debtor, officer, second, settings):
    settings.FOUR_EYES_ABOVE = {"INR": 10}
    receipt = a_receipt("10.01")

    matched = match_to_group(receipt, debtor, actor=officer)
    receipt.refresh_from_db()
    before = (receipt.state, payable(debtor), agrees())
    with pytest.raises(SecondPersonNeeded):
        approve(receipt, actor=officer)
    done = approve(receipt, actor=second)

    receipt.refresh_from_db()
    assert (matched, before, done) == (False, ("proposed", D(-20), True), True)
    assert (receipt.state, receipt.matched_by, receipt.approved_by) == ("matched", officer, second)
    assert payable(debtor) == D("-9.99")
    assert agrees()


def test_a_proposed_payment_of_a_group_may_be_put_back(debtor, officer, second, settings):
    settings.FOUR_EYES_ABOVE = {"INR": 10}
    receipt = a_receipt("10.01")
    match_to_group(receipt, debtor, actor=officer)

    refuse(receipt, actor=second, reason="it is a school's")

    receipt.refresh_from_db()
    assert (receipt.state, receipt.vendor, receipt.matched_by) == ("unmatched", None, None)
    assert payable(debtor) == D(-20)
    assert agrees()


def test_a_receipt_pays_no_debt_that_is_not_there(debtor, officer):
    rupees, dollars = a_receipt("20.00"), a_receipt("20.00", currency="USD")

    for receipt, vendor in ((rupees, VendorFactory()), (dollars, debtor)):
        with pytest.raises(NothingOwed):
            match_to_group(receipt, vendor, actor=officer)
        receipt.refresh_from_db()
        assert (receipt.state, receipt.vendor) == ("unmatched", None)

    match_to_group(rupees, debtor, actor=officer)
    with pytest.raises(ReceiptTaken):
        match_to_group(rupees, debtor, actor=officer)
    assert LedgerPosting.objects.filter(kind="debt_paid").count() == 1


def test_the_wrong_group_is_taken_back_and_the_receipt_entered_again(debtor, officer):
    other = a_debtor()
    wrong = a_receipt("20.00", reference="JRNL0001")
    match_to_group(wrong, other, actor=officer)
    wrong.refresh_from_db()

    unmatched = unmatch(wrong, actor=officer, reason="x")
    ended = [cancel(wrong, actor=officer, reason="another group") for _ in range(2)]
    between = (payable(other), agrees())
    match_to_group(a_receipt("20.00", reference="JRNL0001"), debtor, actor=officer)

    wrong.refresh_from_db()
    assert (unmatched, ended, between) == (False, [True, False], (D(-20), True))
    assert (wrong.state, wrong.vendor, wrong.remark) == ("mistaken", other, "Pema: another group")
    assert (payable(debtor), payable(other)) == (D(0), D(-20))
    assert [words for words, _amount in words_of(other)[-2:]] == [
        "You paid what you owed",
        "A payment noted by mistake is taken off",
    ]
    assert agrees()


def test_a_debt_is_written_off_by_two_persons(debtor, officer, second):
    write_off = proposed(debtor, officer, reason="  The group is dissolved ")
    posted_before = balances()
    with pytest.raises(SecondPersonNeeded):
        approve_write_off(write_off, actor=officer)

    done = [approve_write_off(write_off, actor=second) for _ in range(2)]

    write_off.refresh_from_db()
    assert (posted_before, done) == (OWED, [True, False])
    assert (write_off.state, write_off.requested_by, write_off.decided_by) == ("approved", officer, second)
    assert (write_off.reason, write_off.decided_at is not None) == ("The group is dissolved", True)
    assert balances() == {"programme_loss": D(20), "commission": D(-20)}
    assert payable(debtor) == D(0)
    assert words_of(debtor)[-1] == ("You owe this no longer", D("20.00"))
    assert agrees()


def test_not_approved_the_group_goes_on_owing(debtor, officer, second):
    write_off = proposed(debtor, officer)

    done = [reject_write_off(write_off, actor=officer) for _ in range(2)]
    with pytest.raises(WriteOffDecided):
        approve_write_off(write_off, actor=second)

    write_off.refresh_from_db()
    assert (done, write_off.state, balances()) == ([True, False], "rejected", OWED)
    approve_write_off(proposed(debtor, officer), actor=second)
    assert payable(debtor) == D(0)
    with pytest.raises(WriteOffDecided):
        reject_write_off(WriteOff.objects.get(state="approved"), actor=officer)
    assert agrees()


@pytest.mark.parametrize(
    ("amount", "reason", "refusal"),
    [
        ("20.01", "gone", NothingOwed),
        ("0.00", "gone", NothingOwed),
        ("-1.00", "gone", NothingOwed),
        ("20.00", "  ", ReasonMissing),
    ],
)
def test_no_more_is_written_off_than_is_owed_and_never_without_a_reason(
    debtor, officer, amount, reason, refusal
):
    with pytest.raises(refusal):
        proposed(debtor, officer, amount, reason)

    assert not WriteOff.objects.exists()


def test_one_at_a_time_waits_for_a_group(debtor, officer):
    proposed(debtor, officer, "5.00")

    with pytest.raises(WriteOffDecided):
        proposed(debtor, officer, "5.00")

    assert WriteOff.objects.count() == 1


def test_what_was_paid_meanwhile_is_not_written_off_again(debtor, officer, second):
    write_off = proposed(debtor, officer)
    match_to_group(a_receipt("0.01"), debtor, actor=officer)

    with pytest.raises(NothingOwed):
        approve_write_off(write_off, actor=second)

    write_off.refresh_from_db()
    assert (write_off.state, write_off.decided_by, payable(debtor)) == ("proposed", None, D("-19.99"))
    assert not LedgerPosting.objects.filter(kind="written_off").exists()


def test_the_database_lets_nobody_approve_what_they_asked_for(debtor, officer):
    write_off = proposed(debtor, officer)

    with pytest.raises(IntegrityError), transaction.atomic():
        WriteOff.objects.update(state="approved", decided_by=officer)

    write_off.refresh_from_db()
    assert write_off.state == "proposed"


@pytest.mark.django_db(transaction=True)
def test_approved_by_several_at_once_it_is_written_off_once():
    debtor = a_debtor()
    write_off = proposed(debtor, PersonFactory())
    others = [PersonFactory() for _ in range(4)]

    outcomes = race(lambda: approve_write_off(write_off, actor=others.pop()), contenders=4)

    assert outcomes == [None] * 4
    assert payable(debtor) == D(0)
    assert LedgerEntry.objects.filter(account="programme_loss").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [True, False], ids=["locked", "control"])
def test_a_payment_that_is_not_committed_yet_is_waited_for(is_locked, monkeypatch):
    debtor, officer, receipt = a_debtor(), PersonFactory(), a_receipt("20.00")
    write_off = proposed(debtor, officer)
    is_posted, second = threading.Event(), PersonFactory()
    if not is_locked:
        monkeypatch.setattr(service, "_lock_group", lambda _vendor: None)

    @transaction.atomic
    def pay():
        match_to_group(receipt, debtor, actor=officer)
        is_posted.set()
        pause()

    def bear():
        assert is_posted.wait(timeout=30)
        approve_write_off(write_off, actor=second)

    calls = [pay, bear]
    outcomes = race(lambda: calls.pop()(), contenders=2)

    # Without the lock the programme would bear what the group has paid, and pay it out to the group.
    refused = [type(outcome) for outcome in outcomes if outcome]
    assert (refused, payable(debtor)) == (([NothingOwed], D(0)) if is_locked else ([], D(20)))
