"""Who brings money into the books does not send it out again, and what two claim is looked at by two."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import Order
from payments.errors import OwnAffair
from payments.models import BankReceipt, PaymentAttempt, Refund, WriteOff
from payments.refund_errors import OwnReceipt
from payments.selectors.balances import vendor_balance
from payments.selectors.receipts import suggestions
from payments.services.debts import approve_write_off, propose_write_off
from payments.services.receipts import approve, match, note_buyer_reference
from payments.services.refunds_by_hand import record_sent_by_bank
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory
from tests.payments.given import a_debtor, a_receipt, a_transfer
from tests.support.refunds import paid_order

pytestmark = pytest.mark.django_db


def test_who_entered_or_matched_the_money_does_not_send_it_back(fake_provider):
    _order, attempt = paid_order(fake_provider)
    typist, matcher, somebody = (PersonFactory(finance=True) for _ in range(3))
    refund = Refund.objects.create(
        attempt=attempt,
        key="refund:own",
        amount=Decimal("10.00"),
        currency="INR",
        reason="paid_over",
        state="pending",
        next_try_at=timezone.now(),
    )
    PaymentAttempt.objects.filter(pk=attempt.pk).update(provider="bank_transfer")
    BankReceipt.objects.create(
        reference="J1",
        received_on=timezone.localdate(),
        amount=attempt.amount,
        currency="INR",
        state="matched",
        attempt=attempt,
        entered_by=typist,
        matched_by=matcher,
    )

    for officer in (typist, matcher):
        with pytest.raises(OwnReceipt):
            record_sent_by_bank(refund, "J2", actor=officer)

    assert Refund.objects.get(pk=refund.pk).state == "pending"
    assert record_sent_by_bank(refund, "J2", actor=somebody)


def test_a_journal_number_that_two_buyers_wrote_is_matched_by_two_persons():
    first, second = a_transfer(), a_transfer()
    for attempt in (first, second):
        note_buyer_reference(attempt, "JRNL 4242")
    receipt = a_receipt(reference="JRNL4242", is_imported=True)
    officer, other = PersonFactory(finance=True), PersonFactory(finance=True)

    said = [str(words) for each in suggestions(receipt) for words in each.why]
    is_matched = match(receipt, first, actor=officer)
    between = Order.objects.get(pk=first.order_id).status
    receipt.refresh_from_db()
    approve(receipt, actor=other)

    assert said.count("careful: another buyer wrote this number too") == 2
    assert (is_matched, between) == (False, "awaiting_payment")
    assert Order.objects.get(pk=first.order_id).status == "paid"
    assert Order.objects.get(pk=second.order_id).status == "awaiting_payment"


def test_a_number_that_one_buyer_wrote_for_two_attempts_is_contested_by_nobody():
    attempt = a_transfer()
    note_buyer_reference(attempt, "JRNL 4243")
    a_transfer()
    receipt = a_receipt(reference="JRNL4243", is_imported=True)

    assert match(receipt, attempt, actor=PersonFactory(finance=True))


def test_members_give_up_no_debt_of_their_own_group():
    debtor = a_debtor()
    officer, member = PersonFactory(finance=True), PersonFactory(finance=True)
    MembershipFactory(vendor=debtor, user=member)
    asked = {"amount": Decimal("20.00"), "currency": "INR", "reason": "dissolved"}

    with pytest.raises(OwnAffair):
        propose_write_off(debtor, **asked, actor=member)
    write_off = propose_write_off(debtor, **asked, actor=officer)
    with pytest.raises(OwnAffair):
        approve_write_off(write_off, actor=member)

    write_off.refresh_from_db()
    assert (write_off.state, vendor_balance(debtor, "INR").payable) == ("proposed", Decimal("-20.00"))


def test_a_member_who_asks_in_admin_reads_why_not(client):
    debtor = a_debtor()
    member = PersonFactory(finance=True)
    MembershipFactory(vendor=debtor, user=member)
    client.force_login(member)
    form = {"debt": f"{debtor.pk}:INR", "amount": "20.00", "reason": "dissolved"}

    answer = client.post(reverse("admin:payments_writeoff_add"), form, follow=True)

    assert "This is your own order or your own group." in answer.content.decode()
    assert not WriteOff.objects.exists()
