"""Refunds that failed, whose money reached the buyer another way: nobody is paid twice, and the books agree."""

from decimal import Decimal

import pytest

from notices.models import Notice
from payments.models import Dispute, PaymentAttempt, Refund
from payments.providers.base import ProviderRequestRejected
from payments.refund_errors import NothingFailed, RefundDecided
from payments.services.deciding import refund_again, request_refund
from payments.services.disputes import look_at_dispute
from payments.services.foreign_refunds import look_at_refund, stands_for_failed
from payments.services.refunds import make_refund, queue_whole_refund
from payments.services.refunds_by_hand import record_sent_by_bank
from payments.services.shares import Asked
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.payments.services.test_reconciling_rails import differences
from tests.support.refunds import balances, paid_order, parts_of
from tests.support.sale import a_listing

pytestmark = [pytest.mark.django_db, pytest.mark.fault(39)]

D = Decimal
WHY = "It was torn"


@pytest.fixture
def sale(fake_provider):
    """Two units at 250.00 of a group that gives 10 %, and 60.00 for delivery."""
    vendor = VendorFactory(commission_rate=D("0.1000"))
    order, attempt = paid_order(fake_provider, (a_listing(vendor=vendor), 2))
    PersonFactory(finance=True)
    Notice.objects.all().delete()
    return order, attempt


@pytest.fixture
def failed(sale, fake_provider):
    """A refund of one unit that the provider refused."""
    order, _attempt = sale
    refund = request_refund(
        order,
        Asked({parts_of(order)[0].lines.get().pk: 1}),
        reason=Refund.Reason.DAMAGED,
        remark=WHY,
        actor=PersonFactory(),
    )
    fake_provider.fail_next("refund_payment", ProviderRequestRejected("no"))
    make_refund(refund.pk)
    refund.refresh_from_db()
    assert refund.state == "failed"
    return refund


def lost(fake, attempt, amount=None):
    remote = fake.open_dispute(attempt.payment_intent_id, D(amount) if amount else None)
    look_at_dispute("stripe", remote.id)
    fake.close_dispute(remote.id, won=False)
    look_at_dispute("stripe", remote.id)
    return remote


def rows():
    return list(Refund.objects.order_by("pk").values_list("amount", "state"))


def test_a_lost_dispute_takes_what_a_failed_refund_left_and_ends_it(sale, fake_provider, failed):
    _order, attempt = sale

    lost(fake_provider, attempt)

    assert rows() == [(D("250.00"), "failed"), (D("250.00"), "succeeded")]
    assert Refund.objects.get(again_for=failed).taken_in == Dispute.objects.get()
    assert balances() == {"dispute_receivable": D("-560.00"), "provider_clearing": D("560.00")}
    assert PaymentAttempt.objects.get().amount_given_back == D("560.00")
    for way_on in (
        lambda: refund_again(failed, actor=PersonFactory()),
        lambda: record_sent_by_bank(failed, "JRNL1", actor=PersonFactory()),
    ):
        with pytest.raises(RefundDecided):
            way_on()
    assert differences() == set()


def test_a_lost_dispute_that_takes_a_part_of_it_leaves_the_rest_to_be_sent_by_bank(
    sale, fake_provider, failed
):
    _order, attempt = sale

    lost(fake_provider, attempt, "400.00")

    assert rows() == [(D("250.00"), "failed"), (D("90.00"), "succeeded"), (D("160.00"), "failed")]
    assert balances(account="customer_unapplied") == {"customer_unapplied": D("-160.00")}
    assert differences() == set()

    again = refund_again(Refund.objects.get(amount=D("160.00")), actor=PersonFactory())
    # The provider refunds nothing of a payment that a bank called back.
    make_refund(again.pk)
    again.refresh_from_db()
    assert (again.state, again.last_error) == ("failed", "charge_disputed")
    record_sent_by_bank(again, "JRNL1", actor=PersonFactory())

    assert PaymentAttempt.objects.get().amount_given_back == D("560.00")
    assert differences() == set()


def test_a_lost_dispute_about_a_surplus_takes_what_its_refund_left(sale, fake_provider):
    _order, attempt = sale
    # As if the order had been paid otherwise before.
    PaymentAttempt.objects.update(state="surplus")
    whole = queue_whole_refund(
        PaymentAttempt.objects.get(), Refund.Reason.PAID_TWICE, currency=attempt.currency
    )
    fake_provider.fail_next("refund_payment", ProviderRequestRejected("no"))
    make_refund(whole.pk)

    lost(fake_provider, attempt)

    assert rows() == [(D("560.00"), "failed"), (D("560.00"), "succeeded")]
    assert "programme_loss" not in balances()


def test_a_refund_on_its_way_that_fails_after_the_dispute_was_lost_is_ended(sale, fake_provider):
    order, attempt = sale
    refund = request_refund(
        order,
        Asked({parts_of(order)[0].lines.get().pk: 1}),
        reason=Refund.Reason.DAMAGED,
        remark=WHY,
        actor=PersonFactory(),
    )
    make_refund(refund.pk)
    refund.refresh_from_db()
    # The bank takes all, though a part had gone back.
    fake_provider.charges[attempt.charge_id].refunded = D(0)
    lost(fake_provider, attempt)
    between = balances(account="programme_loss"), PaymentAttempt.objects.get().amount_given_back
    fake_provider.charges[attempt.charge_id].refunded = D("250.00")

    fake_provider.fail_refund(refund.provider_id)
    look_at_refund("stripe", refund.provider_id)

    assert between == ({"programme_loss": D("250.00")}, D("560.00"))
    assert "programme_loss" not in balances()
    assert "customer_unapplied" not in balances()
    assert rows() == [(D("250.00"), "failed"), (D("250.00"), "succeeded")]


def test_a_bank_that_takes_what_had_gone_back_costs_the_programme_and_the_books_agree(sale, fake_provider):
    order, attempt = sale
    refund = request_refund(
        order,
        Asked({parts_of(order)[0].lines.get().pk: 1}),
        reason=Refund.Reason.DAMAGED,
        remark=WHY,
        actor=PersonFactory(),
    )
    make_refund(refund.pk)
    fake_provider.charges[attempt.charge_id].refunded = D(0)

    lost(fake_provider, attempt)

    assert balances(account="programme_loss") == {"programme_loss": D("250.00")}
    assert PaymentAttempt.objects.get().amount_given_back == D("560.00")
    assert {key for key in differences() if key.startswith(("attempts", "ledger"))} == set()


@pytest.mark.fault(38)
def test_a_refund_made_by_hand_stands_for_the_one_that_failed(sale, fake_provider, failed):
    _order, attempt = sale
    remote = fake_provider.refund_in_dashboard(attempt.payment_intent_id, D("250.00"))
    look_at_refund("stripe", remote.id)
    foreign, officer = Refund.objects.get(reason="foreign"), PersonFactory()

    said = [stands_for_failed(foreign, actor=officer, remark=WHY) for _ in range(2)]

    foreign.refresh_from_db()
    assert (said, foreign.again_for, foreign.requested_by) == ([True, False], failed, officer)
    assert "unexplained" not in balances()
    assert "customer_unapplied" not in balances()
    with pytest.raises(RefundDecided):
        refund_again(failed, actor=PersonFactory())
    assert differences() == set()


@pytest.mark.fault(38)
def test_one_made_by_hand_over_a_part_leaves_the_rest_and_owes_again_when_it_fails(
    sale, fake_provider, failed
):
    _order, attempt = sale
    remote = fake_provider.refund_in_dashboard(attempt.payment_intent_id, D("100.00"))
    look_at_refund("stripe", remote.id)
    foreign = Refund.objects.get(reason="foreign")

    stands_for_failed(foreign, actor=PersonFactory(), remark=WHY)
    between = balances(account="customer_unapplied"), differences()
    fake_provider.fail_refund(remote.id)
    look_at_refund("stripe", remote.id)

    assert between == ({"customer_unapplied": D("-150.00")}, set())
    assert balances(account="customer_unapplied") == {"customer_unapplied": D("-250.00")}
    assert differences() == set()
    for owed in Refund.objects.filter(state="failed").exclude(pk=failed.pk):
        make_refund(refund_again(owed, actor=PersonFactory()).pk)
    assert "customer_unapplied" not in balances()
    assert PaymentAttempt.objects.get().amount_given_back == D("250.00")
    assert differences() == set()


@pytest.mark.fault(38)
def test_one_made_by_hand_stands_for_none_that_is_smaller(sale, fake_provider, failed):
    _order, attempt = sale
    look_at_refund("stripe", fake_provider.refund_in_dashboard(attempt.payment_intent_id, D("250.01")).id)
    foreign = Refund.objects.get(reason="foreign")

    with pytest.raises(NothingFailed):
        stands_for_failed(foreign, actor=PersonFactory(), remark=WHY)

    assert balances(account="unexplained") == {"unexplained": D("250.01")}
    assert Refund.objects.count() == 2
