"""Transfers: asked for with a stored key, posted once, and free again when they cannot be made."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from notices.models import Notice
from payments.models import LedgerEntry, LedgerPosting, Payout, PayoutAccount, PayoutItem, Transfer
from payments.providers.base import ProviderConflict, ProviderRequestRejected, ProviderUnavailable
from payments.selectors.balances import payable_entries, vendor_balance
from payments.services.payouts import plan_payouts
from payments.services.transfers import make_transfer, make_waiting_transfers
from tests.factories.people import PersonFactory
from tests.support.payouts import owe, sold, stripe_account
from tests.support.race import race

pytestmark = pytest.mark.django_db


def planned(provider, *, sales=1):
    """One group's payout of that many sales; its transfers."""
    (first,) = sold(provider)
    for _ in range(sales - 1):
        sold(provider, first.vendor)
    stripe_account(first.vendor, provider)
    plan_payouts(timezone.now())
    return list(Transfer.objects.order_by("pk"))


def due_again():
    Transfer.objects.update(next_try_at=timezone.now())


def money_sent(provider):
    return [(row.amount, row.account) for row in provider.transfers.values()]


def posted(kind="transferred"):
    return LedgerPosting.objects.filter(kind=kind).count()


def test_transfer_is_made_and_posted_and_its_items_sum_to_zero(fake_provider):
    (transfer,) = planned(fake_provider)

    assert make_transfer(transfer.pk)

    transfer.refresh_from_db()
    payout = Payout.objects.get()
    assert (transfer.state, payout.state, payout.amount) == ("succeeded", "paid", transfer.amount)
    assert payout.ended_at is not None
    assert money_sent(fake_provider) == [(transfer.amount, payout.account.stripe_account_id)]
    assert transfer.provider_id in fake_provider.transfers
    assert sum(item.entry.amount for item in PayoutItem.objects.all()) == 0
    assert vendor_balance(payout.vendor, "INR").payable == 0
    assert not payable_entries(timezone.now()).exists()


def test_group_is_told_of_the_money_once(fake_provider):
    (transfer,) = planned(fake_provider)
    vendor = transfer.payout.vendor
    vendor.phone = "+97517000001"
    vendor.save()

    make_transfer(transfer.pk)
    make_transfer(transfer.pk)

    notice = Notice.objects.get(kind="payout_paid")
    assert (notice.address, notice.context["amount"]) == ("+97517000001", f"₹{transfer.amount}")


def test_payout_is_paid_only_when_its_last_transfer_has_ended(fake_provider):
    first, second = planned(fake_provider, sales=2)

    make_transfer(first.pk)
    between = Payout.objects.get().state
    make_transfer(second.pk)

    assert (between, Payout.objects.get().state) == ("sent", "paid")


def test_sweeper_makes_what_is_waiting_and_repeats_nothing(fake_provider):
    transfers = planned(fake_provider, sales=3)

    assert make_waiting_transfers() == 3
    assert make_waiting_transfers() == 0

    assert len(money_sent(fake_provider)) == len(transfers) == posted()


@pytest.mark.fault(18)
def test_answer_that_was_lost_is_asked_for_again_with_the_same_key(fake_provider):
    (transfer,) = planned(fake_provider)
    fake_provider.fail_next("create_transfer", ProviderUnavailable("gone"), after_success=True)

    assert not make_transfer(transfer.pk)
    waits = Transfer.objects.get()
    due_again()
    assert make_transfer(transfer.pk)

    assert (waits.state, waits.last_error) == ("waiting", "no answer")
    assert waits.next_try_at > timezone.now() + timedelta(seconds=50)
    assert [key for method, key in fake_provider.calls if method == "create_transfer"] == [transfer.key] * 2
    assert (len(money_sent(fake_provider)), posted(), Payout.objects.get().state) == (1, 1, "paid")


@pytest.mark.fault(20)
def test_conflict_waits_and_repeats_the_key(fake_provider):
    (transfer,) = planned(fake_provider)
    fake_provider.fail_next("create_transfer", ProviderConflict("in use"))

    make_transfer(transfer.pk)
    due_again()
    make_transfer(transfer.pk)

    assert (len(money_sent(fake_provider)), Transfer.objects.get().state) == (1, "succeeded")


def test_key_that_is_forgotten_is_searched_before_it_is_used_again(fake_provider):
    (transfer,) = planned(fake_provider)
    fake_provider.fail_next("create_transfer", ProviderUnavailable("gone"), after_success=True)
    make_transfer(transfer.pk)
    fake_provider.forget_keys()
    Transfer.objects.update(
        asked_at=timezone.now() - timedelta(hours=23, minutes=1), next_try_at=timezone.now()
    )

    make_transfer(transfer.pk)

    assert len(money_sent(fake_provider)) == 1
    assert fake_provider.calls[-1] == ("find_transfer", transfer.key)
    assert Transfer.objects.get().state == "succeeded"


def test_refusal_after_a_lost_answer_does_not_hide_the_money_that_went(fake_provider):
    (transfer,) = planned(fake_provider)
    fake_provider.fail_next("create_transfer", ProviderUnavailable("gone"), after_success=True)
    make_transfer(transfer.pk)
    due_again()
    fake_provider.fail_next("create_transfer", ProviderRequestRejected("no", code="strange"))

    make_transfer(transfer.pk)

    assert (len(money_sent(fake_provider)), Transfer.objects.get().state, posted()) == (1, "succeeded", 1)


@pytest.mark.fault(44)
def test_account_restricted_in_the_middle_of_a_run_stops_the_rest_and_the_next_run_pays_it(fake_provider):
    officer = PersonFactory(finance=True)
    first, second, third = planned(fake_provider, sales=3)
    account = first.payout.account
    make_transfer(first.pk)
    fake_provider.restrict(account.stripe_account_id)

    make_transfer(second.pk)
    make_transfer(third.pk)

    account.refresh_from_db()
    payout = Payout.objects.get()
    asked = [key for method, key in fake_provider.calls if method == "create_transfer"]
    assert account.restriction == "insufficient_capabilities_for_transfer"
    assert asked == [first.key, second.key]
    assert (payout.state, payout.amount, payout.remark) == (
        "paid",
        first.amount,
        "2 of 3 transfers were not made",
    )
    assert vendor_balance(payout.vendor, "INR").payable == second.amount + third.amount
    assert Notice.objects.filter(kind="staff_alert", address=officer.email).count() == 1
    assert plan_payouts(timezone.now()).planned == 0

    fake_provider.onboard(account.stripe_account_id)
    PayoutAccount.objects.update(restriction="")
    again = plan_payouts(timezone.now())
    make_waiting_transfers()

    assert again.planned == 1
    assert set(Transfer.objects.filter(state="succeeded").values_list("key", flat=True)) == {
        first.key,
        f"{second.key}:2",
        f"{third.key}:2",
    }
    assert sum(amount for amount, _account in money_sent(fake_provider)) == sum(
        transfer.amount for transfer in (first, second, third)
    )
    assert vendor_balance(payout.vendor, "INR").payable == 0


@pytest.mark.fault(43)
def test_transfer_that_the_provider_finds_above_the_charge_fails_and_frees_its_entries(fake_provider):
    PersonFactory(finance=True)
    (transfer,) = planned(fake_provider)
    fake_provider.charges[transfer.charge_id].transferred = Decimal("10000.00")

    make_transfer(transfer.pk)

    payout = Payout.objects.get()
    assert (Transfer.objects.get().state, payout.state, money_sent(fake_provider)) == ("failed", "failed", [])
    assert vendor_balance(payout.vendor, "INR").payable == transfer.amount
    assert list(PayoutItem.objects.values_list("is_void", flat=True)) == [True]
    assert Notice.objects.filter(kind="staff_alert").count() == 1
    assert plan_payouts(timezone.now()).planned == 1


def test_transfer_of_what_was_refunded_since_it_was_planned_is_not_made(fake_provider):
    first, second = planned(fake_provider, sales=2)
    owe(first.vendor_order, str(first.amount))

    make_transfer(first.pk)
    make_transfer(second.pk)

    assert vendor_balance(first.payout.vendor, "INR").payable == 0
    assert sum(amount for amount, _account in money_sent(fake_provider)) == second.amount
    assert Transfer.objects.get(pk=first.pk).last_error == "sale refunded, disputed or to be returned since"


def test_transfer_waits_for_no_other_sale_to_cover_what_its_own_owes_by_now(fake_provider):
    (transfer,) = planned(fake_provider)
    sold(fake_provider, transfer.payout.vendor, price="5000.00", is_payable=False)
    owe(transfer.vendor_order, str(transfer.amount))

    make_transfer(transfer.pk)

    failed = Transfer.objects.get()
    assert (money_sent(fake_provider), failed.state, failed.last_error) == (
        [],
        "failed",
        "sale refunded, disputed or to be returned since",
    )
    assert plan_payouts(timezone.now()).planned == 0


def test_transfer_that_carries_the_debt_of_another_sale_is_made(fake_provider):
    (first,) = sold(fake_provider)
    stripe_account(first.vendor, fake_provider)
    owe(first, "400.00")
    sold(fake_provider, first.vendor)
    plan_payouts(timezone.now())

    make_waiting_transfers()

    assert sum(amount for amount, _account in money_sent(fake_provider)) == 2 * first.share - 400


def test_transfer_that_nobody_has_asked_for_stays_when_the_details_are_withdrawn(fake_provider):
    (transfer,) = planned(fake_provider)
    PayoutAccount.objects.update(cancelled_at=timezone.now())

    make_transfer(transfer.pk)

    assert (money_sent(fake_provider), Transfer.objects.get().last_error) == ([], "account withdrawn")


def test_officers_hear_of_a_transfer_that_is_tried_too_often(fake_provider, settings):
    PersonFactory(finance=True)
    settings.EVENT_MAX_TRIES = 2
    (transfer,) = planned(fake_provider)
    fake_provider.fail_next("create_transfer", ProviderUnavailable("gone"), times=2)

    for _ in range(2):
        due_again()
        make_transfer(transfer.pk)

    assert Notice.objects.get(kind="staff_alert").key.startswith(f"alert:transfer:{transfer.pk}:late")


@pytest.mark.django_db(transaction=True)
def test_transfer_asked_for_by_many_workers_at_once_is_made_once(fake_provider):
    (transfer,) = planned(fake_provider)

    outcomes = race(lambda: make_transfer(transfer.pk), contenders=6)

    assert outcomes == [None] * 6
    assert [method for method, _key in fake_provider.calls].count("create_transfer") == 1
    assert (posted(), Transfer.objects.get().state) == (1, "succeeded")


@pytest.mark.django_db(transaction=True)
def test_last_transfers_that_end_together_end_their_payout(fake_provider):
    transfers = planned(fake_provider, sales=4)
    waiting = [transfer.pk for transfer in transfers]

    outcomes = race(lambda: make_transfer(waiting.pop()), contenders=4)

    assert outcomes == [None] * 4
    assert Payout.objects.get().state == "paid"
    debits = LedgerEntry.objects.filter(posting__kind="transferred", vendor__isnull=False)
    assert sum(debits.values_list("amount", flat=True)) == Payout.objects.get().amount
