"""The sweepers: nothing is lost when the browser, the event or the provider stays away."""

import threading
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from notices.models import Notice
from orders.models import Order
from orders.services import releasing
from orders.services.releasing import expire
from payments.models import PaymentAttempt
from payments.providers.base import ProviderRequestRejected, ProviderUnavailable
from payments.services import attempts
from payments.services.expiring import expire_orders, sweep_attempts
from payments.services.settling import settle
from tests.support.race import race
from tests.support.sale import (
    a_listing,
    count_of_sale_rows,
    let_reservation_end,
    notice_kinds,
    placed_order,
    started_attempt,
    states_of,
    stock_of,
)

pytestmark = pytest.mark.django_db

WAITING = ("awaiting_payment", ["awaiting_payment"])
EXPIRED = ("expired", ["cancelled"])
PAID = ("paid", ["new"])


def grow_old():
    """Make every attempt old enough for the sweeper."""
    PaymentAttempt.objects.update(created_at=timezone.now() - timedelta(minutes=4))


def methods(fake):
    return [method for method, _key in fake.calls]


@pytest.mark.fault(1)
def test_a_paid_order_whose_browser_never_came_back_and_whose_event_was_lost_is_released(fake_provider):
    listing = a_listing()
    order = placed_order((listing, 1))
    fake_provider.pay(started_attempt(order).session_id)
    grow_old()

    released, again = sweep_attempts(), sweep_attempts()

    assert (released, again) == (1, 0)
    assert states_of(order) == PAID
    assert stock_of(listing) == (10, 1)
    assert notice_kinds() == ["order_paid email", "order_placed email"]


def test_a_young_attempt_is_left_to_the_buyer_and_the_event(fake_provider):
    order = placed_order()
    fake_provider.pay(started_attempt(order).session_id)
    calls = len(fake_provider.calls)

    released = sweep_attempts()

    assert (released, len(fake_provider.calls)) == (0, calls)
    assert states_of(order) == WAITING


@pytest.mark.fault(24)
def test_a_page_left_open_stays_open(fake_provider):
    attempt = started_attempt()
    grow_old()

    released = sweep_attempts()

    assert released == 0
    assert PaymentAttempt.objects.get().state == "session_open"
    assert fake_provider.payments[attempt.session_id].session_status == "open"


def test_one_attempt_the_provider_cannot_answer_for_does_not_hold_up_the_others(fake_provider):
    orders = [placed_order(), placed_order(), placed_order()]
    for order in orders:
        fake_provider.pay(started_attempt(order).session_id)
    grow_old()
    fake_provider.fail_next("retrieve_payment", ProviderUnavailable("down"))
    fake_provider.fail_next("retrieve_payment", ProviderRequestRejected("gone"))

    released = sweep_attempts()

    assert released == 1
    assert [states_of(order)[0] for order in orders] == ["awaiting_payment", "awaiting_payment", "paid"]
    assert sweep_attempts() == 2


def test_one_attempt_that_goes_wrong_in_an_unforeseen_way_does_not_hold_up_the_others(fake_provider):
    orders = [placed_order(), placed_order()]
    for order in orders:
        fake_provider.pay(started_attempt(order).session_id)
    grow_old()
    fake_provider.fail_next("retrieve_payment", RuntimeError("nobody thought of this"))

    released = sweep_attempts()

    assert released == 1
    assert [states_of(order)[0] for order in orders] == ["awaiting_payment", "paid"]


@pytest.mark.fault(16)
def test_an_attempt_killed_between_row_and_call_is_waited_for_then_ended_and_its_stock_given_back(
    fake_provider,
):
    listing = a_listing()
    order = placed_order((listing, 2))
    attempts._open_attempt(order.pk)
    grow_old()

    swept = sweep_attempts()
    before = PaymentAttempt.objects.get().state, states_of(order), stock_of(listing)
    let_reservation_end(order)
    expired = expire_orders()

    attempt = PaymentAttempt.objects.get()
    assert (swept, expired) == (0, 1)
    assert before == ("created", WAITING, (10, 2))
    assert (attempt.state, attempt.remark) == ("expired", "never reached the provider")
    assert (states_of(order), stock_of(listing)) == (EXPIRED, (10, 0))


@pytest.mark.fault(17)
def test_an_attempt_killed_after_the_call_is_closed_at_the_provider_before_its_stock_is_given_back(
    fake_provider,
):
    listing = a_listing()
    order = placed_order((listing, 2))
    attempt, _is_new = attempts._open_attempt(order.pk)
    remote = fake_provider.create_payment(attempts._request(attempt))
    let_reservation_end(order)

    expired = expire_orders()

    assert expired == 1
    assert fake_provider.payments[remote.session_id].session_status == "expired"
    assert PaymentAttempt.objects.get().state == "expired"
    assert (states_of(order), stock_of(listing)) == (EXPIRED, (10, 0))


@pytest.mark.fault(17)
def test_an_attempt_killed_after_the_call_and_paid_is_settled_instead(fake_provider):
    listing = a_listing()
    order = placed_order((listing, 2))
    attempt, _is_new = attempts._open_attempt(order.pk)
    fake_provider.pay(fake_provider.create_payment(attempts._request(attempt)).session_id)
    let_reservation_end(order)

    expired = expire_orders()

    assert expired == 0
    assert (states_of(order), stock_of(listing)) == (PAID, (10, 2))


def test_an_order_never_paid_for_gives_its_stock_back_and_the_buyer_hears_of_it(fake_provider):
    listing = a_listing()
    order = placed_order((listing, 2))
    let_reservation_end(order)

    expired, again = expire_orders(), expire_orders()

    assert (expired, again) == (1, 0)
    assert (states_of(order), stock_of(listing)) == (EXPIRED, (10, 0))
    assert notice_kinds() == ["order_expired email", "order_placed email"]
    assert fake_provider.calls == []


def test_before_its_time_no_order_is_given_up(fake_provider):
    listing = a_listing()
    order = placed_order((listing, 2))
    started_attempt(order)
    Order.objects.update(reserved_until=timezone.now() + timedelta(seconds=30))
    before, calls = count_of_sale_rows(), len(fake_provider.calls)

    expired = expire_orders()

    assert expired == 0
    assert (states_of(order), stock_of(listing)) == (WAITING, (10, 2))
    assert (count_of_sale_rows(), len(fake_provider.calls)) == (before, calls)


def test_the_page_is_closed_at_the_provider_before_stock_goes_back(fake_provider, monkeypatch):
    listing = a_listing()
    order = placed_order((listing, 2))
    attempt = started_attempt(order)
    let_reservation_end(order)
    stock_when_closed = []
    expire_payment = fake_provider.expire_payment

    def note_and_expire(session_id):
        stock_when_closed.append(stock_of(listing))
        return expire_payment(session_id)

    monkeypatch.setattr(fake_provider, "expire_payment", note_and_expire)

    expired = expire_orders()
    fake_provider.pay(attempt.session_id)

    assert expired == 1
    assert stock_when_closed == [(10, 2)]
    assert methods(fake_provider) == [
        "create_payment",
        "retrieve_payment",
        "expire_payment",
        "retrieve_payment",
    ]
    assert (states_of(order), stock_of(listing)) == (EXPIRED, (10, 0))
    # Who comes late finds the page closed: no money came.
    assert fake_provider.payments[attempt.session_id].payment_status == "unpaid"


@pytest.mark.fault(30)
@pytest.mark.parametrize("moment", ["before we look", "while we close"])
def test_an_order_paid_at_the_last_moment_is_settled_instead_of_given_up(fake_provider, monkeypatch, moment):
    listing = a_listing()
    order = placed_order((listing, 2))
    attempt = started_attempt(order)
    let_reservation_end(order)
    if moment == "before we look":
        fake_provider.pay(attempt.session_id)
    else:
        expire_payment = fake_provider.expire_payment

        def pay_first(session_id):
            fake_provider.pay(session_id)
            return expire_payment(session_id)

        monkeypatch.setattr(fake_provider, "expire_payment", pay_first)

    expired = expire_orders()

    assert expired == 0
    assert (states_of(order), stock_of(listing)) == (PAID, (10, 2))
    assert PaymentAttempt.objects.get().state == "succeeded"
    assert notice_kinds() == ["order_paid email", "order_placed email"]


@pytest.mark.parametrize("method", ["retrieve_payment", "expire_payment"])
@pytest.mark.parametrize("error", [ProviderUnavailable("down"), ProviderRequestRejected("gone")])
def test_without_an_answer_the_stock_stays_held_until_there_is_one(fake_provider, method, error):
    listing = a_listing()
    order = placed_order((listing, 2))
    started_attempt(order)
    let_reservation_end(order)
    before = count_of_sale_rows()
    fake_provider.fail_next(method, error)

    unanswered = expire_orders()
    between = states_of(order), stock_of(listing), count_of_sale_rows()
    answered = expire_orders()

    assert (unanswered, answered) == (0, 1)
    assert between == (WAITING, (10, 2), before)
    assert (states_of(order), stock_of(listing)) == (EXPIRED, (10, 0))


@pytest.mark.fault(18)
def test_a_page_closed_by_a_call_whose_answer_was_lost_is_found_closed_next_time(fake_provider):
    listing = a_listing()
    order = placed_order((listing, 2))
    started_attempt(order)
    let_reservation_end(order)
    fake_provider.fail_next("expire_payment", ProviderUnavailable("time-out"), after_success=True)

    unanswered, answered = expire_orders(), expire_orders()

    assert (unanswered, answered) == (0, 1)
    assert (states_of(order), stock_of(listing)) == (EXPIRED, (10, 0))


def test_one_order_that_goes_wrong_does_not_hold_up_the_others(fake_provider):
    listing = a_listing()
    orders = [placed_order((listing, 1)) for _ in range(3)]
    for order in orders:
        started_attempt(order)
        let_reservation_end(order)
    fake_provider.fail_next("retrieve_payment", ProviderUnavailable("down"))
    fake_provider.fail_next("retrieve_payment", RuntimeError("nobody thought of this"))

    expired = expire_orders()

    assert expired == 1
    assert sorted(states_of(order)[0] for order in orders) == [
        "awaiting_payment",
        "awaiting_payment",
        "expired",
    ]
    assert stock_of(listing) == (10, 2)


def test_a_buyer_who_gave_up_one_page_and_pays_another_keeps_the_goods(fake_provider):
    listing = a_listing()
    order = placed_order((listing, 1))
    first = started_attempt(order)
    fake_provider.expire(first.session_id)
    settle(first.pk)
    second = started_attempt(order)
    fake_provider.pay(second.session_id)
    let_reservation_end(order)

    expired = expire_orders()

    assert expired == 0
    assert states_of(order) == PAID


@pytest.mark.fault(30)
@pytest.mark.django_db(transaction=True)
def test_the_sweepers_beside_each_other_and_a_paying_buyer_lose_and_double_nothing(fake_provider):
    listing = a_listing(units=3)
    paid, left = placed_order((listing, 2)), placed_order((listing, 1))
    attempt = started_attempt(paid)
    started_attempt(left)
    grow_old()
    let_reservation_end(paid)
    let_reservation_end(left)
    fake_provider.pay(attempt.session_id)
    jobs = [expire_orders, sweep_attempts, lambda: settle(attempt.pk)] * 3

    outcomes = race(lambda: jobs.pop()(), contenders=9)

    assert outcomes == [None] * 9
    assert (states_of(paid), states_of(left)) == (PAID, EXPIRED)
    assert stock_of(listing) == (3, 2)
    kinds = notice_kinds()
    assert kinds.count("order_paid email") == kinds.count("order_expired email") == 1
    assert Notice.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_control_without_the_order_lock_the_stock_of_one_order_is_given_back_twice(
    fake_provider, monkeypatch
):
    listing = a_listing()
    order = placed_order((listing, 2))
    placed_order((listing, 3))
    both_read = threading.Barrier(2)

    def read_together():
        read = Order.objects.get(pk=order.pk)
        both_read.wait(timeout=30)
        return read

    def give_up():
        with transaction.atomic():
            expire(read_together())

    monkeypatch.setattr(
        releasing.VendorOrder.objects,
        "select_for_update",
        lambda **_named: releasing.VendorOrder.objects.all(),
    )

    race(give_up, contenders=2)

    assert stock_of(listing) == (10, 1)
