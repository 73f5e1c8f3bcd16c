"""Reconciliation over every way that money comes and goes: cards, banks, cash, payouts of both rails."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.utils import timezone

from orders.services.cancelling import supply_short
from payments.models import BankReceipt, Payout, PayoutBatch, Transfer
from payments.services import batches
from payments.services.cash import collect_cash
from payments.services.payouts import plan_payouts
from payments.services.receipts import match
from payments.services.reconciling import reconcile
from payments.services.settlements import BankAnswer, return_line, settle_line
from payments.services.transfers import make_waiting_transfers
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.payments.given import a_receipt, a_transfer, cash_order, sent
from tests.payments.services.test_reconciling import let_days_pass
from tests.support.payouts import bank_account, sold, stripe_account
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db

D = Decimal
CENT = D("0.01")


def differences():
    """What differs at once, and days later when nothing is under way any more."""
    at_once = {row.key for row in reconcile().open}
    let_days_pass()
    return at_once | {row.key for row in reconcile().open}


def transferred(provider):
    """A sale that was paid out by transfer."""
    (part,) = sold(provider)
    stripe_account(part.vendor, provider)
    plan_payouts(timezone.now())
    make_waiting_transfers()
    return Transfer.objects.get()


def exported(provider, groups=2):
    """A batch of that many payouts, with the bank."""
    for part in sold(provider, *(VendorFactory() for _each in range(groups))):
        bank_account(part.vendor)
    plan_payouts(timezone.now())
    batch = PayoutBatch.objects.get()
    batches.hand_in(batch, actor=PersonFactory(finance=True))
    batches.hand_in(batch, actor=PersonFactory())
    batches.approve(batch, actor=PersonFactory(finance=True))
    batches.export(batch)
    return list(batch.payouts.order_by("pk"))


def answer(reference, *, is_settled=True):
    return BankAnswer(is_settled, reference, timezone.localdate(), "" if is_settled else "account closed")


@pytest.mark.parametrize("amounts", [["310.00"], ["100.00", "210.00"], ["310.00", "5.00"], ["100.00"]])
def test_bank_transfers_agree_whole_in_parts_over_and_short(fake_provider, amounts):
    transfer = a_transfer()
    for amount in amounts:
        match(a_receipt(amount), transfer, actor=PersonFactory())
    a_receipt("77.00")

    assert differences() == set()


def test_cash_agrees_also_when_units_were_not_supplied(fake_provider):
    order = cash_order((a_listing("33.33"), 3), (a_listing("10.00"), 1))
    first, second = order.vendor_orders.order_by("pk")
    supply_short(first, {first.lines.get().pk: 1}, actor=None, reason="sold out")
    collect_cash(sent(first), actor=PersonFactory())

    half = differences()
    collect_cash(sent(second), actor=PersonFactory())

    assert half | differences() == set()


def test_transfers_agree_and_a_cent_in_one_is_found(fake_provider):
    transfer = transferred(fake_provider)
    assert differences() == set()

    Transfer.objects.update(amount=F("amount") + CENT)

    assert differences() == {
        f"ledger:transfer:{transfer.pk}:transferred",
        f"ledger:vendor:{transfer.vendor_order.vendor_id}:vendor_payable:INR",
        f"payouts:{transfer.payout_id}:transfers",
        f"provider:transfer:{transfer.pk}",
    }


def test_bank_batch_agrees_at_every_step_paid_returned_and_returned_after_paid(fake_provider):
    first, second, third = exported(fake_provider, groups=3)
    with_the_bank = differences()

    settle_line(first, answer("B1"))
    return_line(second, answer("B2", is_settled=False))
    settle_line(third, answer("B3"))
    return_line(third, answer("B4", is_settled=False))

    assert with_the_bank | differences() == set()
    assert sorted(Payout.objects.values_list("state", flat=True)) == ["paid", "returned", "returned"]


def test_cent_in_a_payout_is_found_beside_its_batch_and_its_group(fake_provider):
    payout, _other = exported(fake_provider)
    settle_line(payout, answer("B1"))
    Payout.objects.filter(pk=payout.pk).update(amount=F("amount") + CENT)

    assert differences() == {
        f"ledger:payout:{payout.pk}:approved",
        f"ledger:payout:{payout.pk}:paid",
        f"ledger:vendor:{payout.vendor_id}:vendor_payable:INR",
        f"payouts:batch:{payout.batch_id}",
    }


def test_cent_in_a_receipt_is_found(fake_provider):
    transfer = a_transfer()
    receipt = a_receipt()
    match(receipt, transfer, actor=PersonFactory())
    BankReceipt.objects.update(amount=F("amount") + CENT)

    assert differences() == {f"attempts:{transfer.pk}:received", f"ledger:receipt:{receipt.pk}:received"}


def test_transfer_without_its_movement_is_a_difference_after_the_quiet_hours(fake_provider):
    fake_provider.set_late_balance(True)
    transfer = transferred(fake_provider)
    assert reconcile().is_clean

    Transfer.objects.update(asked_at=timezone.now() - timedelta(days=3))

    assert {row.key for row in reconcile().open} == {f"provider:transfer:{transfer.pk}"}
    fake_provider.set_late_balance(False)

    assert reconcile().is_clean
