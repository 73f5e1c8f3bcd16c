"""While a buyer wants to give goods back, the group's share of that sale is not paid out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import VendorOrder
from orders.services import returns
from orders.services.fulfilment import accept, confirm_received, deliver, ship
from payments.domain.promise import PromiseReason
from payments.models import Payout, PayoutBatch, Refund
from payments.payout_errors import BatchChanged
from payments.selectors.balances import payable_entries
from payments.selectors.next_payouts import next_payouts
from payments.selectors.promises import payout_promise
from payments.services.attempts import start_payment
from payments.services.batches import approve, hand_in
from payments.services.owed import refund_what_is_owed
from payments.services.payouts import plan_payouts
from payments.services.settling import settle
from payments.services.transfers import make_waiting_transfers
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from tests.orders.returned import wish
from tests.orders.services.parts_of_sales import COURIER
from tests.support.payouts import bank_account, sold, stripe_account
from tests.support.sale import a_listing, fake_provider, placed_order

__all__ = ["fake_provider"]

pytestmark = pytest.mark.django_db


def sold_and_delivered(provider):
    listing = a_listing()
    order = placed_order((listing, 3))
    attempt = start_payment(order)
    provider.pay(attempt.session_id)
    settle(attempt.pk)
    part, member = order.vendor_orders.get(), MembershipFactory(vendor=listing.vendor).user
    accept(part, actor=member)
    ship(part, COURIER, actor=member)
    deliver(part, actor=member)
    return VendorOrder.objects.get(pk=part.pk), member


def test_a_share_waits_while_a_return_is_unfinished_and_is_due_again_afterwards(fake_provider):
    part, _member = sold_and_delivered(fake_provider)
    later = timezone.now() + timedelta(days=8)
    assert payable_entries(later).exists()

    case = returns.ask(part, wish(part), actor=None)
    confirm_received(part, actor=None)

    part.refresh_from_db()
    assert not payable_entries(later).exists()
    assert payout_promise(part).reason == PromiseReason.WAITS_FOR_RETURN
    assert next_payouts(part.vendor, now=later)[0].waiting == part.share
    returns.withdraw(case, actor=None)
    assert payable_entries(later).exists()
    assert next_payouts(part.vendor, now=later)[0].waiting == 0


def test_goods_left_with_the_buyer_are_refunded_like_those_sent_back(fake_provider):
    part, member = sold_and_delivered(fake_provider)
    case = returns.ask(part, wish(part, 2), actor=None)

    returns.agree(case, goods_stay=True, actor=member)
    decided = [refund_what_is_owed() for _try in range(2)]

    refund = Refund.objects.get()
    assert (sum(decided), refund.reason, str(refund.amount)) == (1, Refund.Reason.RETURNED, "500.00")


def test_a_payout_that_nobody_has_approved_leaves_out_what_may_come_back(fake_provider):
    vendor = VendorFactory()
    (kept,) = sold(fake_provider, vendor)
    (asked,) = sold(fake_provider, vendor, price="100.00")
    bank_account(vendor)
    plan_payouts(timezone.now())
    batch = PayoutBatch.objects.get()
    hand_in(batch, actor=PersonFactory())

    returns.ask(asked, wish(asked, 1), actor=None)
    with pytest.raises(BatchChanged):
        approve(batch, actor=PersonFactory())
    plan_payouts(timezone.now())

    payouts = list(Payout.objects.order_by("pk").values_list("state", "amount"))
    assert payouts == [("cancelled", kept.share + asked.share), ("planned", kept.share)]
    assert payout_promise(asked).reason == PromiseReason.WAITS_FOR_RETURN


def test_a_transfer_that_nobody_has_asked_for_waits_while_goods_may_come_back(fake_provider):
    (part,) = sold(fake_provider)
    stripe_account(part.vendor, fake_provider)
    plan_payouts(timezone.now())

    case = returns.ask(part, wish(part, 1), actor=None)
    make_waiting_transfers()
    returns.withdraw(case, actor=None)
    plan_payouts(timezone.now())
    make_waiting_transfers()

    assert list(Payout.objects.order_by("pk").values_list("state", flat=True)) == ["failed", "paid"]
    assert [each.amount for each in fake_provider.transfers.values()] == [part.share]
