"""Cash noted by mistake: undone by officers, once, while nothing rests on it, and noted again."""

import pytest
from django.core.exceptions import PermissionDenied

from notices.models import Notice
from orders.models import Order, OrderEvent
from payments.errors import CashReasonMissing, CashStays
from payments.models import CashCollection, LedgerEntry, LedgerPosting, PaymentAttempt, PayoutItem, Refund
from payments.refund_errors import SecondPersonWaited
from payments.services import cash_taken_back
from payments.services.cash import close_finished_orders, collect_cash
from payments.services.cash_taken_back import take_back_cash
from payments.services.deciding import request_refund
from payments.services.reconciling import reconcile
from payments.services.shares import Asked
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from tests.payments.given import D, balances, cash_order, sent
from tests.support.payouts import payout_rows
from tests.support.race import race
from tests.support.sale import a_listing, states_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def noted():
    """310.00 noted for a part that had left, so that its order counts as paid."""
    part = sent(cash_order().vendor_orders.get())
    collect_cash(part, actor=PersonFactory())
    return CashCollection.objects.get()


def officer():
    return PersonFactory(finance=True)


def test_cash_taken_back_leaves_the_goods_delivered_the_order_unpaid_and_no_commission(noted):
    order, actor = noted.part.order, officer()

    outcomes = [take_back_cash(noted, actor=actor, reason=" wrong order "), close_finished_orders()]
    again = take_back_cash(noted, actor=actor, reason="wrong order")

    row, attempt, told = CashCollection.objects.get(), PaymentAttempt.objects.get(), OrderEvent.objects.last()
    assert (outcomes, again) == ([True, 0], False)
    assert states_of(order) == ("pay_on_delivery", ["delivered"])
    assert Order.objects.get().paid_at is None
    assert (attempt.state, attempt.amount_received, attempt.settled_at) == ("session_open", D(0), None)
    assert (row.vendor_order, row.taken_back_from, row.taken_back_by) == (None, noted.vendor_order, actor)
    assert (row.taken_back_reason, told.reason, told.actor) == ("wrong order", "wrong order", actor)
    assert {account: sum_ for account, sum_ in balances().items() if sum_} == {}
    assert reconcile(with_provider=False).is_clean


def test_cash_that_was_taken_back_is_noted_again(noted):
    take_back_cash(noted, actor=officer(), reason="a day too early")

    again = collect_cash(noted.part, actor=PersonFactory())

    assert again is True
    assert CashCollection.objects.count() == 2
    assert states_of(noted.part.order) == ("paid", ["delivered"])
    assert balances() == {"vendor_payable": D(20), "commission": D(-20)}
    assert reconcile(with_provider=False).is_clean


def test_of_two_parts_only_the_one_is_taken_back():
    goods = [(a_listing(vendor=VendorFactory()), 1) for _ in range(2)]
    parts = [sent(part) for part in cash_order(*goods).vendor_orders.order_by("pk")]
    for part in parts:
        collect_cash(part, actor=PersonFactory())

    take_back_cash(parts[0].cash_collection, actor=officer(), reason="not ours")

    assert Order.objects.get().status == "pay_on_delivery"
    assert PaymentAttempt.objects.get().amount_received == parts[1].total
    assert list(CashCollection.objects.filter(taken_back_at=None)) == [parts[1].cash_collection]
    assert reconcile(with_provider=False).is_clean


def test_the_group_hears_of_it_once(noted):
    MembershipFactory(vendor=noted.part.vendor)

    for _ in range(2):
        take_back_cash(noted, actor=officer(), reason="wrong order")

    told = Notice.objects.filter(kind="cash_taken_back")
    assert [(notice.context["reason"], notice.context["amount"]) for notice in told] == [
        ("wrong order", "310.00")
    ]


def refuses(noted, error, *, actor=None, reason="wrong order"):
    before = LedgerPosting.objects.count()
    with pytest.raises(error):
        take_back_cash(noted, actor=actor or officer(), reason=reason)
    assert LedgerPosting.objects.count() == before
    assert CashCollection.objects.get().vendor_order == noted.vendor_order


def test_without_a_reason_or_the_right_nothing_is_taken_back(noted):
    refuses(noted, CashReasonMissing, reason="  ")
    refuses(noted, PermissionDenied, actor=PersonFactory())
    assert Order.objects.get().status == "paid"


def test_cash_stays_once_a_refund_was_asked_for(noted):
    line = noted.part.lines.get()
    asked = Asked({line.pk: 1})
    request_refund(
        noted.part.order,
        asked,
        reason=Refund.Reason.DAMAGED,
        remark="torn",
        actor=PersonFactory(finance=True),
    )

    refuses(noted, CashStays)


def test_cash_stays_once_a_payout_counts_on_it_and_not_when_that_failed(noted):
    payout = payout_rows(noted.part)
    entry = LedgerEntry.objects.filter(posting__kind="collected", vendor_order=noted.part).first()
    item = PayoutItem.objects.create(payout=payout, entry=entry)

    refuses(noted, CashStays)
    PayoutItem.objects.filter(pk=item.pk).update(is_void=True)

    assert take_back_cash(noted, actor=officer(), reason="wrong order") is True


def test_cash_stays_when_the_goods_came_back(noted):
    noted.part.lines.update(returned_quantity=1)

    refuses(noted, CashStays)


def test_above_the_limit_two_officers_must_say_it(noted, settings):
    settings.FOUR_EYES_ABOVE = {"INR": "100"}
    first, second = officer(), officer()

    for _ in range(2):
        refuses(noted, SecondPersonWaited, actor=first)
    done = take_back_cash(noted, actor=second, reason="wrong order")

    row = CashCollection.objects.get()
    assert (done, row.take_back_asked_by, row.taken_back_by) == (True, first, second)
    assert Notice.objects.filter(kind="staff_alert", person=second).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_take_it_back_once(noted):
    actor = officer()

    outcomes = race(lambda: cash_taken_back.take_back_cash(noted, actor=actor, reason="twice"), contenders=4)

    assert outcomes.count(None) == 4
    assert LedgerPosting.objects.filter(kind="taken_back").count() == 1
    assert PaymentAttempt.objects.get().amount_received == D(0)
