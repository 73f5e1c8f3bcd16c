"""A refund or a lost dispute that comes while a transfer is under way takes its share back once the transfer is made."""

from decimal import Decimal

import pytest
from django.utils import timezone

from payments.models import Refund, Transfer, TransferReversal
from payments.providers.base import ProviderUnavailable
from payments.selectors.balances import vendor_balance
from payments.services import ledger
from payments.services.deciding import request_refund
from payments.services.disputes import look_at_dispute
from payments.services.payouts import plan_payouts
from payments.services.reconciling import reconcile
from payments.services.reversals import make_waiting_reversals
from payments.services.shares import Asked
from payments.services.transfers import make_transfer
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.payouts import make_payable, sold, stripe_account
from tests.support.refunds import everything, paid_order, parts_of
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db

D = Decimal
PAYABLE = ledger.Account.VENDOR_PAYABLE


@pytest.fixture
def under_way(fake_provider):
    """510.00 for two units at 250.00 and delivery, of a group that gives 10 %: sent, but no answer came."""
    vendor = VendorFactory(commission_rate=D("0.1000"))
    order, attempt = paid_order(fake_provider, (a_listing(vendor=vendor), 2))
    make_payable(*parts_of(order))
    stripe_account(vendor, fake_provider)
    plan_payouts(timezone.now())
    fake_provider.fail_next("create_transfer", ProviderUnavailable("gone"), after_success=True)
    make_transfer(Transfer.objects.get().pk)
    return order, attempt


def answer():
    Transfer.objects.update(next_try_at=timezone.now())
    make_transfer(Transfer.objects.get().pk)


def ask(order, asked):
    fields = {"reason": Refund.Reason.DAMAGED, "remark": "It was torn", "actor": PersonFactory()}
    return request_refund(order, asked, **fields)


def balance(order):
    return vendor_balance(parts_of(order)[0].vendor, "INR").payable


def reversals():
    return list(TransferReversal.objects.order_by("pk").values_list("key", "amount", "state"))


def test_refund_decided_before_the_answer_takes_its_share_back(under_way, fake_provider):
    order, _attempt = under_way
    transfer = Transfer.objects.get()

    refund = ask(order, Asked({order.lines.get().pk: 1}))
    before = reversals()
    answer()
    noted = reversals()
    make_waiting_reversals()

    assert before == []
    assert noted == [(f"reversal:{refund.pk}:{transfer.pk}", D("225.00"), "waiting")]
    assert fake_provider.transfers[Transfer.objects.get().provider_id].amount_reversed == D("225.00")
    assert balance(order) == 0
    assert [row.key for row in reconcile().open if not row.key.startswith("provider:")] == []


def test_two_refunds_take_no_more_back_than_was_sent(under_way):
    order, _attempt = under_way
    Transfer.objects.update(amount=D("300.00"))

    ask(order, Asked({order.lines.get().pk: 1}))
    ask(order, Asked({order.lines.get().pk: 1}, [parts_of(order)[0].pk]))
    answer()

    assert [row[1:] for row in reversals()] == [(D("225.00"), "waiting"), (D("75.00"), "waiting")]


def test_dispute_lost_before_the_answer_takes_its_share_back(under_way, fake_provider):
    order, attempt = under_way
    remote = fake_provider.open_dispute(attempt.payment_intent_id)
    look_at_dispute("stripe", remote.id)
    fake_provider.close_dispute(remote.id, won=False)
    look_at_dispute("stripe", remote.id)

    answer()
    noted = [row[1] for row in reversals()]
    make_waiting_reversals()

    assert (noted, balance(order)) == ([D("510.00")], 0)


def test_open_dispute_takes_nothing_back_until_it_is_lost(under_way, fake_provider):
    _order, attempt = under_way
    remote = fake_provider.open_dispute(attempt.payment_intent_id)
    look_at_dispute("stripe", remote.id)

    answer()
    during = reversals()
    fake_provider.close_dispute(remote.id, won=False)
    look_at_dispute("stripe", remote.id)

    assert (during, [row[1] for row in reversals()]) == ([], [D("510.00")])


def test_refund_that_came_off_before_the_transfer_was_planned_takes_nothing_back(fake_provider):
    vendor = VendorFactory(commission_rate=D("0.1000"))
    order, _attempt = paid_order(fake_provider, (a_listing(vendor=vendor), 2))
    make_payable(*parts_of(order))
    stripe_account(vendor, fake_provider)
    ask(order, Asked({order.lines.get().pk: 1}))
    plan_payouts(timezone.now())

    make_transfer(Transfer.objects.get().pk)

    assert (Transfer.objects.get().amount, reversals(), balance(order)) == (D("285.00"), [], 0)


def test_money_that_only_travels_under_a_sales_name_is_left_alone(fake_provider):
    (part,) = sold(fake_provider, is_payable=False)
    stripe_account(part.vendor, fake_provider)
    amounts = [ledger.Amount(PAYABLE, D(-100), part.vendor), ledger.Amount(ledger.Account.BANK, D(100))]
    ledger.post(source_type="test", source_id=1, kind="owed", currency="INR", amounts=amounts)
    plan_payouts(timezone.now())
    fake_provider.fail_next("create_transfer", ProviderUnavailable("gone"), after_success=True)
    make_transfer(Transfer.objects.get().pk)

    ask(part.order, everything(part.order))
    answer()

    transfer = Transfer.objects.get()
    assert (transfer.state, transfer.vendor_order_id, reversals()) == ("succeeded", part.pk, [])
