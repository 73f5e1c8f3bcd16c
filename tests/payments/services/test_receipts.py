"""Receipts: entered once, matched by one or two persons, sent back; two officers at once end in one result."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from orders.models import Order
from payments.errors import (
    NoJournalNumber,
    OwnAffair,
    ReceiptChanged,
    ReceiptDiffers,
    ReceiptDoesNotFit,
    ReceiptInOtherCurrency,
    ReceiptSettled,
    ReceiptTaken,
    ReturnNumberMissing,
    SecondPersonNeeded,
)
from payments.models import BankReceipt, LedgerPosting, PaymentAttempt, Refund
from payments.services import receipts, settling
from payments.services.attempts import start_payment
from payments.services.receipts import (
    approve,
    cancel,
    match,
    note_buyer_reference,
    refuse,
    send_back,
    unmatch,
    waits_for_second_person,
)
from payments.services.reconciling import reconcile
from tests.factories.people import PersonFactory
from tests.payments.given import D, a_receipt, a_transfer, balances
from tests.payments.services.test_reconciling import let_days_pass
from tests.support.race import race
from tests.support.sale import a_listing, placed_order, states_of

pytestmark = pytest.mark.django_db

WAITING = ("awaiting_payment", ["awaiting_payment"])
PAID = ("paid", ["new"])


@pytest.fixture
def officer():
    return PersonFactory(finance=True, name="Pema")


@pytest.fixture
def second():
    return PersonFactory(finance=True, name="Karma")


@pytest.fixture
def large():
    """A transfer above the limit, of INR 12,060.00."""
    return a_transfer(placed_order((a_listing(price="12000.00"), 1)))


def test_a_receipt_is_entered_and_posted_once(officer):
    first = a_receipt("310.00", reference="ab 12/34", actor=officer)
    again = a_receipt("310.00", reference="AB12/34", actor=PersonFactory())

    assert (first.pk, first.reference, first.state) == (again.pk, "AB12/34", "unmatched")
    assert BankReceipt.objects.get().entered_by == officer
    assert balances() == {"bank": D(310), "customer_unapplied": D(-310)}


@pytest.mark.parametrize(("amount", "day"), [("311.00", 0), ("310.00", 1)])
def test_a_known_journal_number_with_other_values_is_refused(amount, day):
    known = a_receipt("310.00", reference="JRNL1")

    with pytest.raises(ReceiptDiffers):
        a_receipt(amount, reference="JRNL1", received_on=known.received_on.replace(year=2020 + day * 5))

    assert BankReceipt.objects.count() == LedgerPosting.objects.count() == 1


@pytest.mark.parametrize("number", ["", "abc", "x" * 41, "-ABC1", "AB\0CD1", "एक123", "=1+1234"])
def test_what_is_no_journal_number_is_refused(number):
    with pytest.raises(NoJournalNumber):
        a_receipt(reference=number)

    assert not BankReceipt.objects.exists()


def test_the_buyer_writes_the_journal_number_and_may_correct_it():
    attempt = a_transfer()

    said = [note_buyer_reference(attempt, text) for text in ("jrnl 0001", "JRNL0001", "JRNL0002")]

    attempt.refresh_from_db()
    assert said == [True, False, True]
    assert attempt.buyer_reference == "JRNL0002"


def test_a_card_has_no_journal_number(fake_provider):
    attempt = start_payment(placed_order())

    with pytest.raises(ReceiptDoesNotFit):
        note_buyer_reference(attempt, "JRNL0001")

    attempt.refresh_from_db()
    assert attempt.buyer_reference == ""


def test_a_small_receipt_is_matched_by_one_person(officer):
    attempt = a_transfer()
    receipt = a_receipt()

    matched = match(receipt, attempt, actor=officer)

    receipt.refresh_from_db()
    assert (matched, receipt.state, receipt.matched_by, receipt.approved_by) == (
        True,
        "matched",
        officer,
        None,
    )
    assert states_of(attempt.order) == PAID


def test_the_limit_itself_needs_one_person_and_a_paisa_more_needs_two(officer):
    at_limit, above = a_receipt("10000.00"), a_receipt("10000.01")
    attempt = a_transfer(placed_order((a_listing(price="20000.00"), 1)))

    assert match(at_limit, attempt, actor=officer) is True
    assert match(above, attempt, actor=officer) is False


def test_a_sum_is_not_split_below_the_limit(officer, large):
    halves = [a_receipt("6000.00"), a_receipt("6060.00")]

    matched = [match(half, large, actor=officer) for half in halves]

    halves[1].refresh_from_db()
    assert (matched, halves[1].state, states_of(large.order)) == ([True, False], "proposed", WAITING)


def test_what_waits_counts_in_the_limit_too(officer, large):
    match(a_receipt("10000.01"), large, actor=officer)

    assert match(a_receipt("10.00"), large, actor=officer) is False


@pytest.mark.parametrize(("is_imported", "is_matched"), [(False, False), (True, True)])
def test_what_a_person_typed_is_not_matched_by_that_person_alone(officer, second, is_imported, is_matched):
    attempt, receipt = a_transfer(), a_receipt(actor=officer, is_imported=is_imported)

    matched = match(receipt, attempt, actor=officer)

    receipt.refresh_from_db()
    assert (matched, receipt.state == "matched") == (is_matched, is_matched)
    assert states_of(attempt.order) == (PAID if is_matched else WAITING)
    if not is_matched:
        approve(receipt, actor=second)
        assert states_of(attempt.order) == PAID


@pytest.mark.parametrize(("days", "is_matched"), [(0, True), (1, True), (2, False)])
def test_money_that_came_before_the_order_is_looked_at_by_a_second_person(officer, days, is_matched):
    attempt = a_transfer()
    receipt = a_receipt(received_on=timezone.localdate(attempt.created_at) - timedelta(days=days))

    matched = match(receipt, attempt, actor=officer)

    assert matched is is_matched
    assert states_of(attempt.order) == (PAID if is_matched else WAITING)


def test_nobody_decides_about_money_for_their_own_order(officer, large):
    buyer, receipt = PersonFactory(finance=True), a_receipt("12060.00")
    Order.objects.update(user=buyer)
    with pytest.raises(OwnAffair):
        match(receipt, large, actor=buyer)
    receipt.refresh_from_db()
    before = (receipt.state, receipt.attempt)
    match(receipt, large, actor=officer)
    receipt.refresh_from_db()

    with pytest.raises(OwnAffair):
        approve(receipt, actor=buyer)

    receipt.refresh_from_db()
    assert (before, receipt.state, receipt.approved_by) == (("unmatched", None), "proposed", None)
    assert states_of(large.order) == WAITING


def test_what_was_proposed_anew_is_not_approved_unseen(officer, second, large):
    receipt = a_receipt("12060.00")
    match(receipt, large, actor=officer)
    receipt.refresh_from_db()
    refuse(receipt, actor=officer, reason="x")
    send_back(receipt, return_reference="RET0001", actor=officer)

    with pytest.raises(ReceiptChanged):
        approve(receipt, actor=second)

    receipt.refresh_from_db()
    assert (receipt.state, receipt.return_reference, receipt.approved_by) == ("unmatched", "RET0001", None)


def test_one_credit_is_not_entered_in_two_currencies(officer):
    known = a_receipt("310.00", reference="JRNL1")

    with pytest.raises(ReceiptInOtherCurrency):
        a_receipt("310.00", reference="JRNL1", currency="BTN")
    other_day = a_receipt(
        "310.00", reference="JRNL1", currency="BTN", received_on=known.received_on - timedelta(days=1)
    )

    assert list(BankReceipt.objects.order_by("pk")) == [known, other_day]
    assert LedgerPosting.objects.count() == 2


def test_a_large_receipt_waits_for_a_second_person(officer, second, large):
    receipt = a_receipt("12060.00")

    matched = match(receipt, large, actor=officer)
    before = states_of(large.order)
    receipt.refresh_from_db()
    with pytest.raises(SecondPersonNeeded):
        approve(receipt, actor=officer)
    still = states_of(large.order)
    done = approve(receipt, actor=second)

    receipt.refresh_from_db()
    assert (matched, before, still, done) == (False, WAITING, WAITING, True)
    assert (receipt.state, receipt.matched_by, receipt.approved_by) == ("matched", officer, second)
    assert states_of(large.order) == PAID
    with pytest.raises(ReceiptTaken):
        approve(receipt, actor=second)


def test_a_proposal_that_is_refused_is_put_back_with_the_reason(officer, second, large):
    receipt = a_receipt("12060.00")
    match(receipt, large, actor=officer)

    refused, again = (
        refuse(receipt, actor=second, reason="another payer"),
        refuse(receipt, actor=second, reason="x"),
    )

    receipt.refresh_from_db()
    assert (refused, again) == (True, False)
    assert (receipt.state, receipt.attempt, receipt.matched_by) == ("unmatched", None, None)
    assert receipt.remark == "Karma: another payer"
    assert states_of(large.order) == WAITING


def test_a_receipt_in_another_currency_or_for_a_card_does_not_fit(fake_provider, officer):
    transfer, card = a_transfer(), start_payment(placed_order())
    dollars, rupees = a_receipt(currency="USD"), a_receipt()

    for receipt, attempt in ((dollars, transfer), (rupees, card)):
        with pytest.raises(ReceiptDoesNotFit):
            match(receipt, attempt, actor=officer)

    assert set(BankReceipt.objects.values_list("state", flat=True)) == {"unmatched"}
    assert states_of(transfer.order) == WAITING


def test_a_receipt_that_fits_nothing_is_sent_back(officer):
    receipt = a_receipt("99.00")

    done = send_back(receipt, return_reference="ret 0001", actor=officer)

    receipt.refresh_from_db()
    assert (done, receipt.state, receipt.return_reference) == (True, "returned", "RET0001")
    assert balances() == {}
    with pytest.raises(ReceiptTaken):
        send_back(receipt, return_reference="RET0002", actor=officer)
    with pytest.raises(ReceiptTaken):
        match(receipt, a_transfer(), actor=officer)


def test_sending_back_a_large_receipt_waits_for_a_second_person(officer, second):
    receipt = a_receipt("12060.00")

    done = send_back(receipt, return_reference="RET0001", actor=officer)
    receipt.refresh_from_db()
    waits = waits_for_second_person(receipt)
    posted = balances()
    with pytest.raises(SecondPersonNeeded):
        approve(receipt, actor=officer)
    approve(receipt, actor=second)

    receipt.refresh_from_db()
    assert (done, waits) == (False, True)
    assert posted == {"bank": D(12060), "customer_unapplied": D(-12060)}
    assert (receipt.state, receipt.approved_by) == ("returned", second)
    assert balances() == {}


def test_a_return_that_was_proposed_may_be_refused(officer, second):
    receipt = a_receipt("12060.00")
    send_back(receipt, return_reference="RET0001", actor=officer)

    refuse(receipt, actor=second, reason="it is the school's")

    receipt.refresh_from_db()
    assert (receipt.state, receipt.return_reference, waits_for_second_person(receipt)) == (
        "unmatched",
        "",
        False,
    )


@pytest.mark.parametrize("number", ["", "ab", "?" * 6])
def test_a_return_without_its_journal_number_is_refused(officer, number):
    receipt = a_receipt()

    with pytest.raises(ReturnNumberMissing):
        send_back(receipt, return_reference=number, actor=officer)

    receipt.refresh_from_db()
    assert (receipt.state, receipt.return_reference) == ("unmatched", "")


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_match_one_receipt_at_once_end_in_one_result():
    first, other = a_transfer(), a_transfer()
    receipt = a_receipt()
    officer = PersonFactory()
    targets = [first, other] * 3

    outcomes = race(lambda: match(receipt, targets.pop(), actor=officer), contenders=6)

    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", *["ReceiptTaken"] * 5]
    assert sorted(Order.objects.values_list("status", flat=True)) == ["awaiting_payment", "paid"]
    assert balances() == {"bank": D(310), "vendor_payable": D(-290), "commission": D(-20)}


@pytest.mark.django_db(transaction=True)
def test_control_without_the_receipts_lock_it_pays_two_orders(monkeypatch):
    first, other = a_transfer(), a_transfer()
    receipt = a_receipt()
    officer = PersonFactory()
    targets = [first, other]
    meet = threading.Barrier(2)

    def read_together(row):
        found = BankReceipt.objects.get(pk=row.pk)
        meet.wait(timeout=30)
        return found

    monkeypatch.setattr(receipts, "_lock", read_together)

    outcomes = race(lambda: match(receipt, targets.pop(), actor=officer), contenders=2)

    # Both were told that the receipt is theirs, though it can be of one only.
    assert outcomes == [None, None]
    assert connection.vendor == "postgresql"


@pytest.mark.django_db(transaction=True)
def test_matched_and_sent_back_at_once_is_one_of_both():
    attempt, receipt, officer = a_transfer(), a_receipt(), PersonFactory()
    jobs = [
        lambda: match(receipt, attempt, actor=officer),
        lambda: send_back(receipt, return_reference="RET0001", actor=officer),
    ]

    outcomes = race(lambda: jobs.pop()(), contenders=2)

    receipt.refresh_from_db()
    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "ReceiptTaken"]
    if receipt.state == "matched":
        assert states_of(attempt.order) == PAID
    else:
        assert (states_of(attempt.order), balances()) == (WAITING, {})


@pytest.mark.django_db(transaction=True)
def test_two_receipts_matched_at_once_add_up():
    attempt, officer = a_transfer(), PersonFactory()
    halves = [a_receipt("155.00"), a_receipt("155.00")]

    outcomes = race(lambda: match(halves.pop(), attempt, actor=officer), contenders=2)

    assert outcomes == [None, None]
    assert states_of(attempt.order) == PAID
    assert not Refund.objects.exists()


def test_what_was_entered_in_error_leaves_the_books_and_its_number_is_free(officer):
    wrong = a_receipt("31.00", reference="JRNL0001")

    done = [cancel(wrong, actor=officer, reason="a nought too few") for _ in range(2)]
    between = balances()
    right = a_receipt("310.00", reference="JRNL0001")

    wrong.refresh_from_db()
    assert (done, between, right.pk == wrong.pk) == ([True, False], {}, False)
    assert (wrong.state, wrong.remark, right.state) == ("mistaken", "Pema: a nought too few", "unmatched")
    assert a_receipt("310.00", reference="JRNL0001") == right
    assert balances() == {"bank": D(310), "customer_unapplied": D(-310)}
    assert agrees()


def test_what_was_entered_in_error_is_neither_matched_nor_sent_back(officer):
    receipt = a_receipt()
    cancel(receipt, actor=officer, reason="our own provider paid us")

    for decide in (
        lambda: match(receipt, a_transfer(), actor=officer),
        lambda: send_back(receipt, return_reference="RET0001", actor=officer),
        lambda: approve(receipt, actor=officer),
    ):
        with pytest.raises(ReceiptTaken):
            decide()

    receipt.refresh_from_db()
    assert (receipt.state, unmatch(receipt, actor=officer, reason="x")) == ("mistaken", False)
    assert balances() == {}


def test_only_what_pays_for_nothing_was_entered_in_error(officer, large):
    proposed, matched, returned, returning = (
        a_receipt(amount) for amount in ("12060.00", "310.00", "99.00", "12060.00")
    )
    match(proposed, large, actor=officer)
    match(matched, a_transfer(), actor=officer)
    send_back(returned, return_reference="RET0001", actor=officer)
    send_back(returning, return_reference="RET0002", actor=officer)

    for receipt in (proposed, matched, returned, returning):
        with pytest.raises(ReceiptTaken):
            cancel(receipt, actor=officer, reason="x")

    assert not BankReceipt.objects.filter(state="mistaken").exists()
    assert not LedgerPosting.objects.filter(kind="entered_in_error").exists()


def test_a_part_that_was_matched_to_the_wrong_order_is_taken_from_it(officer):
    wrong, right = a_transfer(), a_transfer()
    receipt = a_receipt("100.00")
    match(receipt, wrong, actor=officer)
    receipt.refresh_from_db()

    done = [unmatch(receipt, actor=officer, reason="another buyer") for _ in range(2)]

    receipt.refresh_from_db()
    assert (done, receipt.state, receipt.attempt, receipt.matched_by) == (
        [True, False],
        "unmatched",
        None,
        None,
    )
    assert receipt.remark == "Pema: another buyer"
    match(receipt, right, actor=officer)
    match(a_receipt("210.00"), right, actor=officer)
    match(a_receipt("210.00"), wrong, actor=officer)
    assert (states_of(right.order), states_of(wrong.order)) == (PAID, WAITING)
    assert agrees()


@pytest.mark.parametrize(("amount", "attempt_state"), [("310.00", "succeeded"), ("100.00", "surplus")])
def test_what_an_order_was_paid_with_stays_with_it(officer, amount, attempt_state):
    transfer, receipt = a_transfer(), a_receipt(amount)
    match(receipt, transfer, actor=officer)
    PaymentAttempt.objects.update(state=attempt_state)
    receipt.refresh_from_db()

    with pytest.raises(ReceiptSettled):
        unmatch(receipt, actor=officer, reason="another buyer")

    receipt.refresh_from_db()
    assert (receipt.state, receipt.attempt, receipt.remark) == ("matched", transfer, "")


def test_a_receipt_taken_away_while_its_order_is_settled_pays_nothing(officer, monkeypatch):
    transfer, receipt = a_transfer(), a_receipt("310.00")
    BankReceipt.objects.update(state="matched", attempt=transfer, matched_by=officer)
    receipt.refresh_from_db()
    real = settling.look_up

    def taken_after_the_answer(attempt):
        answer = real(attempt)
        unmatch(receipt, actor=officer, reason="another buyer")
        return answer

    monkeypatch.setattr(settling, "look_up", taken_after_the_answer)

    outcome = settling.settle(transfer.pk)

    transfer.refresh_from_db()
    assert (outcome, transfer.amount_received, states_of(transfer.order)) == ("open", D(0), WAITING)
    assert agrees()


@pytest.mark.django_db(transaction=True)
def test_entered_in_error_and_matched_at_once_is_one_of_both():
    attempt, receipt, officer = a_transfer(), a_receipt(), PersonFactory()
    jobs = [
        lambda: match(receipt, attempt, actor=officer),
        lambda: cancel(receipt, actor=officer, reason="x"),
    ]

    outcomes = race(lambda: jobs.pop()(), contenders=2)

    receipt.refresh_from_db()
    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "ReceiptTaken"]
    if receipt.state == "matched":
        assert states_of(attempt.order) == PAID
    else:
        assert (states_of(attempt.order), balances()) == (WAITING, {})


def agrees():
    """Whether orders, receipts and ledger agree, now and when the quiet time is over."""
    at_once = reconcile(with_provider=False).is_clean
    let_days_pass()
    return at_once and reconcile(with_provider=False).is_clean
