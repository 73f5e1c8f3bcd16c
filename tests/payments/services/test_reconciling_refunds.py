"""Reconciliation over money that goes back: by lines, to a payout made already, failing, foreign, disputed."""

from decimal import Decimal

import pytest
from django.db.models import F
from django.utils import timezone

from orders.services.cancelling import cancel, supply_short
from payments.models import Dispute, DisputeItem, PaymentAttempt, Refund, RefundItem
from payments.services.deciding import refund_again, request_refund
from payments.services.disputes import look_at_dispute, name_disputed_lines
from payments.services.foreign_refunds import bear, explain, look_at_refund
from payments.services.owed import refund_what_is_owed
from payments.services.payouts import plan_payouts
from payments.services.refunds import make_waiting_refunds
from payments.services.refunds_by_hand import record_sent_by_bank
from payments.services.reversals import make_waiting_reversals
from payments.services.shares import Asked
from payments.services.transfers import make_waiting_transfers
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.payments.services.test_reconciling_rails import differences
from tests.support.payouts import make_payable, stripe_account
from tests.support.refunds import everything, paid_order, parts_of
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db

D = Decimal
CENT = D("0.01")


@pytest.fixture
def sale(fake_provider):
    """Three units at 33.33 of one group and one at 80.00 of another, 60.00 for each delivery; paid by card."""
    goods = [
        (a_listing("33.33", vendor=VendorFactory(commission_rate=D("0.1250"))), 3),
        (a_listing("80.00", vendor=VendorFactory()), 1),
    ]
    return paid_order(fake_provider, *goods)


def refund_units(order, units, **changes):
    line = order.lines.order_by("pk").first()
    fields = {"reason": Refund.Reason.DAMAGED, "remark": "torn", "actor": PersonFactory()}
    return request_refund(order, Asked({line.pk: units}), **{**fields, **changes})


def paid_out(order, provider):
    """Pay both groups of the sale by transfer."""
    parts = parts_of(order)
    for part in parts:
        stripe_account(part.vendor, provider)
    make_payable(*parts)
    plan_payouts(timezone.now())
    make_waiting_transfers()


def test_refunds_of_lines_agree_one_by_one_until_all_is_back(fake_provider, sale):
    order, _attempt = sale
    found = set()

    for _unit in range(3):
        refund_units(order, 1)
        found |= differences()
        make_waiting_refunds()
        found |= differences()
    cancel(parts_of(order)[1], actor=None, reason="sold out")
    refund_what_is_owed()
    make_waiting_refunds()

    assert found | differences() == set()


def test_cent_in_a_refund_or_its_item_is_found_and_gone_when_mended(fake_provider, sale):
    order, attempt = sale
    refund = refund_units(order, 1)
    make_waiting_refunds()
    RefundItem.objects.update(share=F("share") + CENT, commission=F("commission") - CENT)

    vendor = parts_of(order)[0].vendor_id
    assert differences() == {
        f"ledger:refund:{refund.pk}:refunded",
        f"ledger:vendor:{vendor}:vendor_payable:INR",
    }
    RefundItem.objects.update(share=F("share") - CENT, commission=F("commission") + CENT)
    Refund.objects.update(amount=F("amount") + CENT)

    assert differences() == {
        f"ledger:refund:{refund.pk}:refunded",
        f"attempts:{attempt.pk}:given_back",
        f"provider:refund:{refund.pk}",
    }
    Refund.objects.update(amount=F("amount") - CENT)

    assert differences() == set()


def test_refund_after_a_payout_agrees_with_its_reversal_and_without(fake_provider, sale):
    order, _attempt = sale
    paid_out(order, fake_provider)
    refund_units(order, 1)
    make_waiting_refunds()

    owing = differences()
    make_waiting_reversals()

    assert owing | differences() == set()


@pytest.mark.parametrize("way_on", ["none", "again", "by bank"])
def test_refund_that_failed_days_later_agrees_whatever_is_done_about_it(fake_provider, sale, way_on):
    order, _attempt = sale
    refund = refund_units(order, 2)
    make_waiting_refunds()
    refund.refresh_from_db()
    fake_provider.fail_refund(refund.provider_id)
    look_at_refund("stripe", refund.provider_id)
    refund.refresh_from_db()
    assert refund.state == Refund.State.FAILED

    if way_on == "again":
        refund_again(refund, actor=PersonFactory())
        make_waiting_refunds()
    if way_on == "by bank":
        record_sent_by_bank(refund, "JRNL4711", actor=PersonFactory())

    assert differences() == set()


@pytest.mark.parametrize("end", ["unexplained", "explained", "borne", "failed", "borne and failed"])
def test_refund_made_at_the_provider_agrees_before_and_after_it_is_explained(fake_provider, sale, end):
    order, attempt = sale
    remote = fake_provider.refund_in_dashboard(attempt.payment_intent_id, D("33.33"))
    look_at_refund("stripe", remote.id)
    refund = Refund.objects.get()
    found = differences()

    if end == "explained":
        line = order.lines.order_by("pk").first()
        explain(refund, Asked({line.pk: 1}), actor=PersonFactory(), remark="torn")
    if end.startswith("borne"):
        bear(refund, actor=PersonFactory(), remark="a mistake")
    if end.endswith("failed"):
        fake_provider.fail_refund(remote.id)
        look_at_refund("stripe", remote.id)

    assert found | differences() == set()


@pytest.mark.parametrize("end", ["open", "won", "lost"])
@pytest.mark.parametrize("amount", [None, "33.33", "100.00"])
def test_dispute_agrees_while_open_and_however_it_ends(fake_provider, sale, end, amount):
    _order, attempt = sale
    remote = fake_provider.open_dispute(attempt.payment_intent_id, amount and D(amount))
    look_at_dispute("stripe", remote.id)
    found = differences()

    if end != "open":
        fake_provider.close_dispute(remote.id, won=end == "won")
        look_at_dispute("stripe", remote.id)

    assert Dispute.objects.get().state == end
    assert found | differences() == set()


def test_dispute_whose_lines_are_named_agrees_and_a_cent_in_it_is_found(fake_provider, sale):
    order, attempt = sale
    remote = fake_provider.open_dispute(attempt.payment_intent_id, D("100.00"))
    look_at_dispute("stripe", remote.id)
    dispute = Dispute.objects.get()
    name_disputed_lines(dispute, Asked({order.lines.order_by("pk").last().pk: 1}), actor=PersonFactory())
    name_disputed_lines(dispute, everything(order), actor=PersonFactory())
    assert differences() == set()

    item = DisputeItem.objects.order_by("pk").first()
    DisputeItem.objects.filter(pk=item.pk).update(share=F("share") + CENT, amount=F("amount") + CENT)

    vendor = item.vendor_order.vendor_id
    assert differences() == {
        f"ledger:dispute:{dispute.pk}:held",
        f"ledger:vendor:{vendor}:vendor_payable:INR",
        f"ledger:vendor:{vendor}:vendor_held:INR",
    }


def test_dispute_lost_after_a_payout_and_while_a_refund_waits_agrees(fake_provider, sale):
    order, attempt = sale
    paid_out(order, fake_provider)
    refund_units(order, 1)
    remote = fake_provider.open_dispute(attempt.payment_intent_id)
    look_at_dispute("stripe", remote.id)
    make_waiting_refunds()
    found = differences()

    fake_provider.close_dispute(remote.id, won=False)
    look_at_dispute("stripe", remote.id)
    make_waiting_refunds()
    make_waiting_reversals()

    assert found | differences() == set()
    assert PaymentAttempt.objects.get().amount_given_back == attempt.amount_received


def test_short_supply_agrees_before_and_after_the_sweeper(fake_provider, sale):
    order, _attempt = sale
    part = parts_of(order)[0]
    supply_short(part, {part.lines.get().pk: 2}, actor=None, reason="sold out")

    owed = differences()
    refund_what_is_owed()
    make_waiting_refunds()

    assert owed | differences() == set()
