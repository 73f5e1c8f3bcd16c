"""Transfers and reversals with the real Stripe client, at the simulator: what only a wire can get wrong."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from payments.models import PayoutAccount, Refund, Transfer, TransferReversal
from payments.selectors.balances import vendor_balance
from payments.services.attempts import start_payment
from payments.services.payout_accounts import onboard, refresh_account
from payments.services.payouts import plan_payouts
from payments.services.reversals import make_reversal
from payments.services.settling import settle
from payments.services.transfers import make_transfer, make_waiting_transfers
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.payouts import make_payable, owe
from tests.support.sale import a_listing, placed_order
from tests.support.simulator import patience, simulator

__all__ = ["simulator"]

pytestmark = pytest.mark.django_db

LINKS = {"return_url": "https://shop.example/back", "refresh_url": "https://shop.example/again"}


@pytest.fixture
def transfer(simulator, settings):
    """A planned transfer of a group whose account is ready."""
    settings.STRIPE_API_BASE = simulator.url
    vendor = VendorFactory()
    onboard(vendor, actor=PersonFactory(), **LINKS)
    account = PayoutAccount.objects.get()
    simulator.control("accounts", account=account.stripe_account_id, action="finish")
    refresh_account(account.stripe_account_id)
    attempt = start_payment(placed_order((a_listing(vendor=vendor), 1)))
    simulator.pay(attempt.session_id)
    settle(attempt.pk)
    make_payable(*attempt.order.vendor_orders.all())
    plan_payouts(timezone.now())
    return Transfer.objects.get()


def due_again(model=Transfer):
    model.objects.update(next_try_at=timezone.now())


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("timeout_after_success", marks=pytest.mark.fault(18)),
        pytest.param("timeout", marks=pytest.mark.fault(18)),
        pytest.param("503", marks=pytest.mark.fault(19)),
        pytest.param("409", marks=pytest.mark.fault(20)),
        pytest.param("429", marks=pytest.mark.fault(22)),
    ],
)
def test_whatever_keeps_the_answer_away_the_money_goes_once(simulator, transfer, kind):
    simulator.control("faults", method="POST", path="/v1/transfers", kind=kind, seconds=1.5)

    with patience(kind):
        assert not make_transfer(transfer.pk)
    due_again()
    assert make_transfer(transfer.pk)

    transfer.refresh_from_db()
    assert [row["amount"] for row in simulator.objects("transfer")] == [int(transfer.amount * 100)]
    assert (transfer.state, transfer.payout.state, transfer.tries) == ("succeeded", "paid", 2)
    assert simulator.objects("transfer")[0]["source_transaction"] == transfer.charge_id != ""


@pytest.mark.fault(19)
def test_failure_that_the_provider_remembers_is_asked_again_when_it_has_forgotten(simulator, transfer):
    simulator.control("faults", method="POST", path="/v1/transfers", kind="500")
    for _ in range(2):
        due_again()
        make_transfer(transfer.pk)
    between = Transfer.objects.get().state
    simulator.control("clock", advance=25 * 3600)
    Transfer.objects.update(asked_at=timezone.now() - timedelta(hours=25))
    due_again()

    make_transfer(transfer.pk)

    assert (between, Transfer.objects.get().state) == ("waiting", "succeeded")
    assert len(simulator.objects("transfer")) == 1


@pytest.mark.fault(44)
def test_restricted_account_gets_nothing_and_is_noted(simulator, transfer):
    account = PayoutAccount.objects.get()
    simulator.control("accounts", account=account.stripe_account_id, action="restrict")

    make_waiting_transfers()

    account.refresh_from_db()
    transfer.refresh_from_db()
    assert (transfer.state, transfer.payout.state, account.restriction != "") == ("failed", "failed", True)
    assert simulator.objects("transfer") == []
    assert vendor_balance(transfer.payout.vendor, "INR").payable == transfer.amount


@pytest.mark.parametrize("is_empty", [False, pytest.param(True, marks=pytest.mark.fault(42))])
def test_transfer_is_taken_back_where_the_account_holds_it(simulator, transfer, is_empty):
    make_transfer(transfer.pk)
    if is_empty:
        account = PayoutAccount.objects.get().stripe_account_id
        simulator.control("accounts", account=account, action="empty")
    owe(transfer.vendor_order, "50.00")
    refund = Refund.objects.create(
        attempt=transfer.vendor_order.order.attempts.get(),
        key="refund:1",
        amount=Decimal(50),
        currency="INR",
        reason=Refund.Reason.RETURNED,
        next_try_at=timezone.now(),
    )
    reversal = TransferReversal.objects.create(
        transfer=transfer, refund=refund, key="reversal:1", amount=Decimal(50), next_try_at=timezone.now()
    )

    make_reversal(reversal.pk)

    reversal.refresh_from_db()
    balance = vendor_balance(transfer.payout.vendor, "INR").payable
    expected = ("failed", Decimal(-50)) if is_empty else ("succeeded", Decimal(0))
    assert (reversal.state, balance) == expected
