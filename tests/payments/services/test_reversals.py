"""Transfers taken back: posted once, counted on the transfer, and left owed where nothing can be had."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.utils import timezone

from notices.models import Notice
from payments.models import LedgerPosting, Payout, Refund, Transfer, TransferReversal
from payments.providers.base import ProviderRequestRejected, ProviderUnavailable
from payments.selectors.balances import vendor_balance
from payments.services.payouts import plan_payouts
from payments.services.reversals import make_reversal, make_waiting_reversals
from payments.services.transfers import make_waiting_transfers
from tests.factories.people import PersonFactory
from tests.support.payouts import owe, sold, stripe_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def transfer(fake_provider):
    """A transfer that was made, of a sale that is refunded in part."""
    (part,) = sold(fake_provider)
    stripe_account(part.vendor, fake_provider)
    plan_payouts(timezone.now())
    make_waiting_transfers()
    return Transfer.objects.get()


def reversal_of(transfer, amount="50.00", key="reversal:1"):
    """What a refund of that share asks to be taken back."""
    refund = Refund.objects.create(
        attempt=transfer.vendor_order.order.attempts.get(),
        key=f"refund:{key}",
        amount=Decimal(amount),
        currency="INR",
        reason=Refund.Reason.RETURNED,
        next_try_at=timezone.now(),
    )
    owe(transfer.vendor_order, amount)
    return TransferReversal.objects.create(
        transfer=transfer, refund=refund, key=key, amount=Decimal(amount), next_try_at=timezone.now()
    )


def reversed_postings():
    return LedgerPosting.objects.filter(kind="reversed").count()


def test_reversal_takes_the_share_back_and_the_balance_is_even(fake_provider, transfer):
    reversal = reversal_of(transfer)
    owed = vendor_balance(transfer.vendor_order.vendor, "INR").payable

    assert make_reversal(reversal.pk)
    assert not make_reversal(reversal.pk)

    reversal.refresh_from_db()
    transfer.refresh_from_db()
    assert (owed, vendor_balance(transfer.vendor_order.vendor, "INR").payable) == (Decimal(-50), 0)
    assert (reversal.state, transfer.amount_reversed, reversed_postings()) == ("succeeded", Decimal(50), 1)
    assert fake_provider.transfers[transfer.provider_id].amount_reversed == Decimal(50)


@pytest.mark.fault(42)
def test_empty_account_leaves_the_balance_below_zero_and_the_next_payout_nets_it(fake_provider, transfer):
    PersonFactory(finance=True)
    vendor = transfer.vendor_order.vendor
    reversal = reversal_of(transfer)
    fake_provider.empty(transfer.payout.account.stripe_account_id)

    make_reversal(reversal.pk)

    reversal.refresh_from_db()
    transfer.refresh_from_db()
    assert (reversal.state, transfer.amount_reversed, reversed_postings()) == ("failed", 0, 0)
    assert vendor_balance(vendor, "INR").payable == Decimal(-50)
    assert not Notice.objects.filter(kind="staff_alert").exists()

    (new,) = sold(fake_provider, vendor)
    plan_payouts(timezone.now())
    make_waiting_transfers()

    assert Payout.objects.get(transfers__vendor_order=new).amount == new.share - 50
    assert vendor_balance(vendor, "INR").payable == 0


def test_answer_that_was_lost_is_asked_for_again_with_the_same_key(fake_provider, transfer):
    reversal = reversal_of(transfer)
    fake_provider.fail_next("reverse_transfer", ProviderUnavailable("gone"), after_success=True)

    make_reversal(reversal.pk)
    TransferReversal.objects.update(next_try_at=timezone.now())
    assert make_waiting_reversals() == 1

    assert (len(fake_provider.reversals), reversed_postings()) == (1, 1)


def test_key_that_is_forgotten_is_searched_before_it_is_used_again(fake_provider, transfer):
    reversal = reversal_of(transfer)
    fake_provider.fail_next("reverse_transfer", ProviderUnavailable("gone"), after_success=True)
    make_reversal(reversal.pk)
    fake_provider.forget_keys()
    TransferReversal.objects.update(asked_at=timezone.now() - timedelta(hours=24), next_try_at=timezone.now())

    make_reversal(reversal.pk)

    assert (len(fake_provider.reversals), reversed_postings()) == (1, 1)
    assert fake_provider.calls[-1] == ("find_reversal", reversal.key)


def test_refused_reversal_is_shown_to_an_officer(fake_provider, transfer):
    PersonFactory(finance=True)
    reversal = reversal_of(transfer)
    fake_provider.fail_next("reverse_transfer", ProviderRequestRejected("no", code="strange"))

    make_reversal(reversal.pk)

    reversal.refresh_from_db()
    assert (reversal.state, reversal.last_error) == ("failed", "strange")
    assert Notice.objects.filter(kind="staff_alert").count() == 1


def test_database_counts_no_more_as_taken_back_than_was_sent(fake_provider, transfer):
    reversal = reversal_of(transfer)
    Transfer.objects.update(amount_reversed=transfer.amount - 49)

    with pytest.raises(IntegrityError, match="transfer_reverses_what_it_moved"):
        make_reversal(reversal.pk)
