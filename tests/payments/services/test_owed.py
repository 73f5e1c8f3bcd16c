"""What orders record as owed is refunded without anybody asking, once, by task or sweeper."""

import threading
from decimal import Decimal

import pytest
from django.utils import timezone

from notices.models import Notice
from orders.models import Line
from orders.services.cancelling import cancel, supply_short
from orders.services.fulfilment import accept, ship
from orders.services.returning import take_back
from payments.models import PaymentAttempt, PayoutBatch, Refund
from payments.payout_errors import BatchChanged
from payments.services import deciding
from payments.services.batches import approve, hand_in
from payments.services.cash import close_finished_orders, collect_cash
from payments.services.deciding import request_refund
from payments.services.disputes import look_at_dispute
from payments.services.foreign_refunds import explain, look_at_refund
from payments.services.owed import orders_owing, refund_owed, refund_what_is_owed
from payments.services.payouts import plan_payouts
from payments.services.refunds import make_waiting_refunds
from payments.services.shares import Asked
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.orders.services.parts_of_sales import COURIER
from tests.payments.given import cash_order, sent
from tests.support.payouts import bank_account, make_payable
from tests.support.race import pause, race
from tests.support.refunds import balances, paid_order, parts_of
from tests.support.sale import a_listing, placed_order, states_of, stock_of

pytestmark = pytest.mark.django_db

D = Decimal
WHY = "It was torn"


@pytest.fixture
def two_groups(fake_provider):
    """Two units at 250.00 of one group and one at 80.00 of another, 60.00 for each delivery."""
    first, second = VendorFactory(commission_rate=D("0.1000")), VendorFactory(commission_rate=D(0))
    return paid_order(fake_provider, (a_listing(vendor=first), 2), (a_listing("80.00", vendor=second), 1))


def refunds():
    return list(Refund.objects.order_by("pk").values_list("amount", "reason", "state"))


def test_a_cancelled_part_is_refunded_whole_and_the_other_goes_on(two_groups, fake_provider):
    order, attempt = two_groups
    first, second = parts_of(order)
    cancel(first, actor=None, reason="Not accepted in time")

    decided = [refund_owed(order.pk), refund_owed(order.pk), refund_what_is_owed()]
    make_waiting_refunds()

    assert decided == [1, 0, 0]
    assert refunds() == [(D("560.00"), "cancelled", "succeeded")]
    assert states_of(order) == ("part_refunded", ["cancelled", "new"])
    assert stock_of(first.lines.get().product) == (10, 0)
    assert balances(vendor=first.vendor) == {}
    assert balances(vendor=second.vendor) == {"vendor_payable": D("-140.00")}
    assert balances(account="commission") == {}
    assert PaymentAttempt.objects.get(pk=attempt.pk).amount_given_back == D("560.00")


def test_a_missing_unit_is_refunded_without_the_delivery(two_groups):
    order, _attempt = two_groups
    first = parts_of(order)[0]
    supply_short(first, {first.lines.get().pk: 1}, actor=PersonFactory(), reason=WHY)

    decided = refund_what_is_owed()

    assert decided == 1
    assert refunds() == [(D("250.00"), "not_supplied", "waiting")]
    assert refund_what_is_owed() == 0


def test_each_return_is_refunded_when_it_comes(two_groups):
    order, _attempt = two_groups
    first, member = parts_of(order)[0], PersonFactory()
    accept(first, actor=member)
    ship(first, COURIER, actor=member)
    for units in (1, 2):
        take_back(first, {first.lines.get().pk: units}, actor=member, reason=WHY)
        refund_owed(order.pk)

    assert refunds() == [(D("250.00"), "returned", "waiting")] * 2
    assert states_of(order) == ("part_refunded", ["returned", "new"])


def test_when_all_parts_are_cancelled_the_order_is_refunded(two_groups):
    order, _attempt = two_groups
    for part in parts_of(order):
        cancel(part, actor=None, reason="Not accepted in time")

    decided = refund_what_is_owed()

    assert decided == 2
    assert states_of(order) == ("refunded", ["cancelled", "cancelled"])
    assert balances(posting__source_type="refund")["refund_clearing"] == D("-700.00")


@pytest.mark.fault(39)
def test_what_came_to_be_owed_during_a_dispute_waits_for_the_bank(two_groups, fake_provider):
    order, attempt = two_groups
    first = parts_of(order)[0]
    dispute = fake_provider.open_dispute(attempt.payment_intent_id, D("140.00"))
    look_at_dispute("stripe", dispute.id)
    cancel(first, actor=None, reason="Not accepted in time")

    during = refund_owed(order.pk), refund_what_is_owed(), list(orders_owing())
    fake_provider.close_dispute(dispute.id, won=True)
    look_at_dispute("stripe", dispute.id)
    after = refund_what_is_owed()
    make_waiting_refunds()

    assert (during, after) == ((0, 0, []), 1)
    assert refunds() == [(D("560.00"), "cancelled", "succeeded")]
    assert balances(vendor=first.vendor) == {}


def test_what_the_bank_took_is_not_owed_again(two_groups, fake_provider):
    order, attempt = two_groups
    first = parts_of(order)[0]
    dispute = fake_provider.open_dispute(attempt.payment_intent_id, D("560.00"))
    look_at_dispute("stripe", dispute.id)
    cancel(first, actor=None, reason="Not accepted in time")
    fake_provider.close_dispute(dispute.id, won=False)
    look_at_dispute("stripe", dispute.id)

    decided = refund_owed(order.pk), refund_what_is_owed()

    assert (decided, list(orders_owing()), refunds()) == ((0, 0), [], [])
    assert balances(vendor=first.vendor) == {}


def test_an_order_that_nobody_paid_owes_nothing(fake_provider):
    order = placed_order()

    assert (refund_owed(order.pk), list(orders_owing()), refunds()) == (0, [], [])


def test_at_the_door_only_what_was_paid_is_owed():
    order = cash_order((a_listing(), 3), (a_listing(), 1))
    first, second = parts_of(order)
    member = PersonFactory()
    supply_short(first, {first.lines.get().pk: 1}, actor=member, reason=WHY)
    cancel(second, actor=member, reason=WHY)
    before = refund_owed(order.pk), refund_what_is_owed(), list(orders_owing())
    collect_cash(sent(first), actor=member)
    close_finished_orders()
    paid = refund_owed(order.pk), refund_what_is_owed(), list(orders_owing())

    take_back(first, {first.lines.get().pk: 1}, actor=member, reason=WHY)
    after = refund_what_is_owed(), refund_what_is_owed()

    assert (before, paid, after) == ((0, 0, []), (0, 0, []), (1, 0))
    assert refunds() == [(D("250.00"), "returned", "waiting")]


@pytest.mark.fault(38)
def test_when_somebody_refunded_elsewhere_an_officer_is_told_and_nothing_is_paid_twice(
    two_groups, fake_provider
):
    PersonFactory(finance=True)
    order, attempt = two_groups
    first = parts_of(order)[0]
    look_at_refund("stripe", fake_provider.refund_in_dashboard(attempt.payment_intent_id, D("560.00")).id)
    Notice.objects.all().delete()
    cancel(first, actor=None, reason="Not accepted in time")

    decided = refund_owed(order.pk), refund_what_is_owed()

    assert decided == (0, 0)
    assert refunds() == [(D("560.00"), "foreign", "succeeded")]
    assert Notice.objects.filter(kind="staff_alert").count() == 1


@pytest.mark.fault(38)
def test_what_is_owed_waits_until_a_smaller_refund_made_elsewhere_is_explained(two_groups, fake_provider):
    order, attempt = two_groups
    first, second = parts_of(order)
    look_at_refund("stripe", fake_provider.refund_in_dashboard(attempt.payment_intent_id, D("140.00")).id)
    cancel(second, actor=None, reason="Not accepted in time")

    during = refund_owed(order.pk), refund_what_is_owed()
    of_second = Asked({second.lines.get().pk: 1}, [second.pk])
    explain(Refund.objects.get(), of_second, actor=PersonFactory(), remark=WHY)
    cancel(first, actor=None, reason="Not accepted in time")
    after = refund_what_is_owed()

    assert (during, after) == ((0, 0), 1)
    assert refunds() == [(D("140.00"), "foreign", "succeeded"), (D("560.00"), "cancelled", "waiting")]


def test_the_delivery_of_a_cancelled_part_is_found_though_its_goods_went_back_before(two_groups):
    order, _attempt = two_groups
    second = parts_of(order)[1]
    goods = Asked({second.lines.get().pk: 1})
    request_refund(order, goods, reason=Refund.Reason.GOODWILL, remark=WHY, actor=PersonFactory())
    cancel(second, actor=None, reason="Not accepted in time")

    found, decided = list(orders_owing()), refund_what_is_owed()

    assert (found, decided, list(orders_owing())) == ([order.pk], 1, [])
    assert refunds()[-1] == (D("60.00"), "cancelled", "waiting")


def test_cash_that_came_after_a_return_leaves_the_order_refunded_in_part():
    order = cash_order((a_listing(), 2), (a_listing(), 1))
    first, second = parts_of(order)
    member = PersonFactory()
    collect_cash(sent(first), actor=member)
    take_back(first, {first.lines.get().pk: 1}, actor=member, reason=WHY)
    decided, between = refund_what_is_owed(), states_of(order)[0]

    collect_cash(sent(second), actor=member)

    assert (decided, between, states_of(order)[0]) == (1, "pay_on_delivery", "part_refunded")


@pytest.mark.fault(35)
@pytest.mark.django_db(transaction=True)
def test_looked_for_by_many_at_once_it_is_refunded_once(two_groups):
    order, attempt = two_groups
    for part in parts_of(order):
        cancel(part, actor=None, reason="Not accepted in time")

    outcomes = race(lambda: refund_owed(order.pk), contenders=6)

    assert outcomes == [None] * 6
    assert [row[0] for row in refunds()] == [D("560.00"), D("140.00")]
    assert PaymentAttempt.objects.get(pk=attempt.pk).amount_given_back == D("700.00")


def test_the_sweeper_asks_as_often_for_many_orders_as_for_few(fake_provider, django_assert_num_queries):
    for _order in range(3):
        order, _attempt = paid_order(fake_provider)
        cancel(parts_of(order)[0], actor=None, reason="Not accepted in time")

    with django_assert_num_queries(1):
        found = orders_owing()

    assert len(found) == 3


@pytest.mark.django_db(transaction=True)
def test_refunds_of_two_groups_and_the_approval_of_their_payouts_do_not_lock_each_other_out(
    fake_provider, monkeypatch
):
    first, second = VendorFactory(), VendorFactory()
    order, _attempt = paid_order(
        fake_provider, (a_listing(vendor=second), 1), (a_listing("80.00", vendor=first), 1)
    )
    parts = parts_of(order)
    assert [part.vendor_id for part in parts] == [second.pk, first.pk]
    make_payable(*parts)
    bank_account(first)
    bank_account(second)
    plan_payouts(timezone.now())
    batch, officer = PayoutBatch.objects.get(), PersonFactory()
    hand_in(batch, actor=PersonFactory())
    Line.objects.filter(order=order).update(returned_quantity=1)
    is_posted, post = threading.Event(), deciding.ledger.post_refund

    def post_and_wait(refund):
        post(refund)
        if not is_posted.is_set():
            is_posted.set()
            # The approval holds what it could get by then, and waits for the rest.
            pause()

    monkeypatch.setattr(deciding.ledger, "post_refund", post_and_wait)

    def approval():
        assert is_posted.wait(timeout=30)
        approve(batch, actor=officer)

    calls = [lambda: refund_owed(order.pk), approval]
    outcomes = race(lambda: calls.pop()(), contenders=2)

    assert [type(outcome) for outcome in outcomes if outcome] == [BatchChanged]
    assert refunds() == [(D("80.00"), "returned", "waiting"), (D("250.00"), "returned", "waiting")]
