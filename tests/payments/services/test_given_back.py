"""After a payout: exactly the share comes back, or the group's balance is below zero and later payouts net it."""

from decimal import Decimal

import pytest
from django.utils import timezone

from orders.models import Order
from payments.models import PaymentAttempt, Refund, Transfer, TransferReversal
from payments.providers.base import InsufficientFunds
from payments.selectors.balances import vendor_balance
from payments.services.deciding import request_refund
from payments.services.disputes import look_at_dispute
from payments.services.payouts import plan_payouts
from payments.services.reversals import make_waiting_reversals
from payments.services.shares import Asked
from payments.services.transfers import make_waiting_transfers
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.payouts import make_payable, sold, stripe_account
from tests.support.refunds import everything, paid_order, parts_of
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def paid_out(fake_provider):
    """Two units at 250.00 of a group that gives 10 %, and 60.00 for delivery: 510.00 were sent on."""
    vendor = VendorFactory(commission_rate=D("0.1000"))
    order, attempt = paid_order(fake_provider, (a_listing(vendor=vendor), 2))
    make_payable(*parts_of(order))
    stripe_account(vendor, fake_provider)
    plan_payouts(timezone.now())
    make_waiting_transfers()
    return order, attempt


def ask(order, asked):
    fields = {"reason": Refund.Reason.DAMAGED, "remark": "It was torn", "actor": PersonFactory()}
    return request_refund(order, asked, **fields)


def balance(order):
    return vendor_balance(parts_of(order)[0].vendor, "INR").payable


def reversals():
    return list(TransferReversal.objects.order_by("pk").values_list("key", "amount", "state"))


def test_a_refund_after_the_payout_takes_back_exactly_the_share(paid_out, fake_provider):
    order, _attempt = paid_out
    transfer = Transfer.objects.get()

    refund = ask(order, Asked({order.lines.get().pk: 1}))
    owed = balance(order)
    make_waiting_reversals()

    transfer.refresh_from_db()
    assert (transfer.amount, owed, balance(order)) == (D("510.00"), D("-225.00"), D("0.00"))
    assert reversals() == [(f"reversal:{refund.pk}:{transfer.pk}", D("225.00"), "succeeded")]
    assert transfer.amount_reversed == D("225.00")
    assert fake_provider.transfers[transfer.provider_id].amount_reversed == D("225.00")


def test_two_refunds_before_the_first_reversal_never_ask_for_more_than_was_sent(paid_out):
    order, _attempt = paid_out
    Transfer.objects.update(amount=D("300.00"))

    first = ask(order, Asked({order.lines.get().pk: 1}))
    second = ask(order, Asked({order.lines.get().pk: 1}, [parts_of(order)[0].pk]))

    assert [(row[1], row[2]) for row in reversals()] == [(D("225.00"), "waiting"), (D("75.00"), "waiting")]
    assert first.amount + second.amount == D("560.00")


@pytest.mark.fault(42)
def test_where_nothing_can_be_had_the_balance_stays_below_zero(paid_out, fake_provider):
    order, _attempt = paid_out
    ask(order, everything(order))
    fake_provider.fail_next("reverse_transfer", InsufficientFunds("empty", code="balance_insufficient"))

    make_waiting_reversals()

    assert [row[2] for row in reversals()] == ["failed"]
    assert balance(order) == D("-510.00")


@pytest.mark.fault(40)
@pytest.mark.parametrize(("won", "expected"), [(True, D("0.00")), (False, D("-510.00"))], ids=["won", "lost"])
def test_a_dispute_after_the_payout_asks_for_the_share_only_when_it_is_lost(
    paid_out, fake_provider, won, expected
):
    order, attempt = paid_out
    remote = fake_provider.open_dispute(attempt.payment_intent_id)
    look_at_dispute("stripe", remote.id)
    during = balance(order), len(reversals())
    fake_provider.close_dispute(remote.id, won=won)
    for _time in range(2):
        look_at_dispute("stripe", remote.id)

    ended = balance(order), [row[1] for row in reversals()]
    make_waiting_reversals()

    assert during == (D("-510.00"), 0)
    assert ended == (expected, [] if won else [D("510.00")])
    assert balance(order) == 0


def test_what_was_not_paid_out_is_taken_from_the_balance_alone(fake_provider):
    (part,) = sold(fake_provider)
    order = Order.objects.get(pk=part.order_id)

    ask(order, everything(order))

    assert (reversals(), balance(order)) == ([], 0)


def test_a_proposed_refund_takes_nothing_back_yet(paid_out, settings):
    settings.FOUR_EYES_ABOVE = {"INR": 0}
    order, attempt = paid_out

    ask(order, everything(order))

    assert (reversals(), balance(order)) == ([], 0)
    assert PaymentAttempt.objects.get(pk=attempt.pk).amount_given_back == 0
