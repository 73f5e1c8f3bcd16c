"""Opening the payment page: one attempt, one key, whatever goes wrong on the way."""

import threading
import uuid
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from notices.models import Notice
from orders.models import Order
from orders.services.releasing import expire, lock_order
from payments.errors import OrderNotPayable, PaymentRefused, ProviderBusy
from payments.models import PaymentAttempt
from payments.providers.base import (
    PaymentDeclined,
    PaymentLine,
    ProviderConflict,
    ProviderRequestRejected,
    ProviderUnavailable,
)
from payments.services import attempts
from payments.services.attempts import start_payment
from payments.services.settling import settle
from tests.factories.orders import DeliveryMethodFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.race import race
from tests.support.sale import a_listing, let_reservation_end, placed_order

pytestmark = pytest.mark.django_db

LOST = ProviderUnavailable("time-out")


def created(fake):
    return [key for method, key in fake.calls if method == "create_payment"]


def test_the_payment_page_is_opened_for_the_whole_order_in_its_parts(fake_provider, settings):
    settings.SITE_URL = "https://shop.example"
    free = VendorFactory()
    DeliveryMethodFactory(vendor=free, code="own", price=Decimal("0.00"))
    order = placed_order(
        (a_listing(price="99.95", title="Red rice"), 3),
        (a_listing(price="0.05", title="Tea", vendor=free), 1),
    )

    attempt = start_payment(order)

    assert (attempt.state, attempt.amount, attempt.currency) == ("session_open", Decimal("359.90"), "INR")
    assert attempt.page_url == f"https://pay.example/{attempt.session_id}"
    request = fake_provider.requests[attempt.session_id]
    assert (request.key, request.amount, request.order_number, request.attempt_reference) == (
        f"attempt:{attempt.reference}",
        Decimal("359.90"),
        order.number,
        str(attempt.reference),
    )
    assert [(line.quantity, line.amount) for line in request.lines] == [
        (3, Decimal("299.85")),
        (1, Decimal("0.05")),
        (1, Decimal("60.00")),
    ]
    assert request.success_url == f"https://shop.example/checkout/return/{order.number}/"
    assert request.customer_email == "dema@example.org"


def test_more_lines_than_the_provider_takes_are_one_line_of_the_same_amount(fake_provider):
    vendor = VendorFactory()
    order = placed_order(*((a_listing("1.01", vendor=vendor), 1) for _ in range(100)))

    attempt = start_payment(order)

    assert fake_provider.requests[attempt.session_id].lines == (
        PaymentLine(order.number, 1, Decimal("161.00")),
    )


def test_the_reservation_outlives_the_page_by_ten_minutes(fake_provider):
    order = placed_order()
    Order.objects.filter(pk=order.pk).update(reserved_until=timezone.now() + timedelta(minutes=1))

    attempt = start_payment(order)

    order.refresh_from_db()
    assert order.reserved_until - attempt.expires_at == timedelta(minutes=10)
    assert fake_provider.requests[attempt.session_id].expires_at == attempt.expires_at
    assert timedelta(minutes=30) < attempt.expires_at - timezone.now() <= timedelta(minutes=31)


def test_pressed_twice_it_is_the_same_page_without_a_second_call(fake_provider):
    order = placed_order()

    first, second = start_payment(order), start_payment(order)

    assert (second.pk, second.page_url) == (first.pk, first.page_url)
    assert created(fake_provider) == [first.key]


@pytest.mark.fault(25)
@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_get_one_page(fake_provider):
    order = placed_order()
    pages = []

    outcomes = race(lambda: pages.append(start_payment(order).page_url), contenders=6)

    assert outcomes == [None] * 6
    assert PaymentAttempt.objects.count() == 1
    assert set(pages) == {"https://pay.example/cs_fake_1"}
    assert len(fake_provider.payments) == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_order_lock_the_second_tab_sees_an_error(fake_provider, monkeypatch):
    order = placed_order()
    both_found_none = threading.Barrier(2)

    def meet_and_make():
        both_found_none.wait(timeout=30)
        return uuid.uuid4()

    monkeypatch.setattr(attempts, "lock_order", lambda pk: Order.objects.get(pk=pk))
    monkeypatch.setattr(attempts, "uuid", SimpleNamespace(uuid4=meet_and_make))

    outcomes = race(lambda: start_payment(order), contenders=2)

    refused = [str(outcome) for outcome in outcomes if outcome]
    assert len(refused) == 1
    assert "attempt_one_open_per_order" in refused[0]
    assert len(fake_provider.payments) == 1


@pytest.mark.fault(16)
def test_killed_before_the_call_the_same_key_is_used_again(fake_provider):
    order = placed_order()
    attempt, _is_new = attempts._open_attempt(order.pk)

    again = start_payment(order)

    assert (again.pk, again.state) == (attempt.pk, "session_open")
    assert created(fake_provider) == [attempt.key]


@pytest.mark.fault(17)
def test_killed_after_the_call_the_same_key_finds_the_same_page(fake_provider):
    order = placed_order()
    attempt, _is_new = attempts._open_attempt(order.pk)
    remote = fake_provider.create_payment(attempts._request(attempt))

    again = start_payment(order)

    assert (again.pk, again.session_id) == (attempt.pk, remote.session_id)
    assert created(fake_provider) == [attempt.key, attempt.key]
    assert len(fake_provider.payments) == 1


@pytest.mark.parametrize("error", [LOST, ProviderConflict("in use")], ids=["time-out", "409"])
@pytest.mark.parametrize("after_success", [False, True], ids=["before", "after"])
@pytest.mark.fault(18)
def test_without_an_answer_the_buyer_may_try_again_with_the_same_key(fake_provider, error, after_success):
    order = placed_order()
    fake_provider.fail_next("create_payment", error, after_success=after_success)

    with pytest.raises(ProviderBusy, match="Nothing has been charged"):
        start_payment(order)

    unknown = PaymentAttempt.objects.get()
    assert (unknown.state, unknown.session_id, unknown.page_url) == ("unknown", None, "")
    again = start_payment(order)
    assert (again.pk, again.state, again.session_id) == (unknown.pk, "session_open", "cs_fake_1")
    assert created(fake_provider) == [unknown.key, unknown.key]
    assert len(fake_provider.payments) == 1


def test_a_buyer_who_changed_the_account_address_meanwhile_still_gets_a_page(fake_provider):
    buyer = PersonFactory(email="old@example.org")
    order = placed_order(user=buyer, email="")
    fake_provider.fail_next("create_payment", LOST, after_success=True)
    with pytest.raises(ProviderBusy):
        start_payment(order)
    buyer.email = "new@example.org"
    buyer.save()

    attempt = start_payment(Order.objects.get(pk=order.pk))

    assert attempt.state == "session_open"
    assert attempt.page_url == fake_provider.payments[attempt.session_id].url
    assert PaymentAttempt.objects.filter(state="session_open").count() == 1


@pytest.mark.parametrize(
    "error", [ProviderRequestRejected("no such currency", code="parameter_invalid"), PaymentDeclined("no")]
)
def test_a_refused_request_ends_the_attempt_and_alerts_an_officer(fake_provider, error):
    officer = PersonFactory(finance=True)
    order = placed_order()
    fake_provider.fail_next("create_payment", error)

    with pytest.raises(PaymentRefused, match="Nothing has been charged"):
        start_payment(order)

    attempt = PaymentAttempt.objects.get()
    assert (attempt.state, attempt.remark) == ("failed", f"refused: {error.code}")
    assert list(Notice.objects.filter(kind="staff_alert").values_list("address", flat=True)) == [
        officer.email
    ]
    assert Order.objects.get().status == "awaiting_payment"


@pytest.mark.fault(21)
def test_an_attempt_refused_at_its_second_try_makes_way_for_a_fresh_one(fake_provider):
    order = placed_order()
    fake_provider.fail_next("create_payment", LOST)
    with pytest.raises(ProviderBusy):
        start_payment(order)
    fake_provider.fail_next("create_payment", ProviderRequestRejected("expires too soon"))

    attempt = start_payment(order)

    states = list(PaymentAttempt.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["failed", "session_open"]
    assert attempt.key != PaymentAttempt.objects.order_by("pk").first().key
    assert not Notice.objects.filter(kind="staff_alert").exists()


def test_after_a_page_has_expired_the_buyer_may_pay_with_another(fake_provider):
    order = placed_order()
    first = start_payment(order)
    fake_provider.expire(first.session_id)
    settle(first.pk)

    second = start_payment(order)

    assert (PaymentAttempt.objects.get(pk=first.pk).state, second.state) == ("expired", "session_open")
    assert second.session_id == "cs_fake_2"


def let_page_end(attempt):
    PaymentAttempt.objects.filter(pk=attempt.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def test_a_buyer_who_comes_back_to_a_page_that_has_expired_gets_another(fake_provider):
    order = placed_order()
    first = start_payment(order)
    fake_provider.expire(first.session_id)
    let_page_end(first)

    second = start_payment(order)

    assert PaymentAttempt.objects.get(pk=first.pk).state == "expired"
    assert (second.state, second.session_id) == ("session_open", "cs_fake_2")
    assert second.expires_at > timezone.now() + timedelta(minutes=29)


@pytest.mark.parametrize("becomes", ["open", "paid"])
def test_a_page_whose_time_is_over_makes_way_only_when_the_provider_agrees(fake_provider, becomes):
    order = placed_order()
    first = start_payment(order)
    if becomes == "paid":
        fake_provider.pay(first.session_id)
    let_page_end(first)

    with pytest.raises(OrderNotPayable):
        start_payment(order)

    assert PaymentAttempt.objects.get().state == "session_open"
    assert created(fake_provider) == [first.key]


@pytest.mark.parametrize(
    ("error", "shown"), [(LOST, ProviderBusy), (ProviderRequestRejected("gone"), PaymentRefused)]
)
def test_without_an_answer_about_the_old_page_no_new_one_is_opened(fake_provider, error, shown):
    order = placed_order()
    first = start_payment(order)
    let_page_end(first)
    fake_provider.fail_next("retrieve_payment", error)

    with pytest.raises(shown, match="Nothing has been charged"):
        start_payment(order)

    assert PaymentAttempt.objects.get().state == "session_open"
    assert created(fake_provider) == [first.key]


@pytest.mark.fault(16)
def test_an_attempt_that_never_reached_the_provider_makes_way_when_its_time_is_over(fake_provider):
    order = placed_order()
    first, _is_new = attempts._open_attempt(order.pk)
    let_page_end(first)

    second = start_payment(order)

    assert PaymentAttempt.objects.get(pk=first.pk).remark == "never reached the provider"
    assert second.state == "session_open"
    assert created(fake_provider) == [second.key]


@pytest.mark.parametrize("status", ["paid", "part_refunded", "refunded", "expired"])
def test_an_order_that_does_not_wait_for_money_cannot_be_paid(fake_provider, status):
    order = placed_order()
    now = timezone.now()
    Order.objects.filter(pk=order.pk).update(status=status, paid_at=now, released_at=now)

    with pytest.raises(OrderNotPayable, match="does not wait for a payment"):
        start_payment(order)

    assert PaymentAttempt.objects.count() == 0
    assert fake_provider.calls == []


def test_an_order_whose_reservation_has_ended_cannot_be_paid(fake_provider):
    order = placed_order()
    let_reservation_end(order)

    with pytest.raises(OrderNotPayable):
        start_payment(order)

    assert PaymentAttempt.objects.count() == 0
    assert fake_provider.calls == []


@pytest.mark.fault(30)
@pytest.mark.django_db(transaction=True)
def test_starting_to_pay_while_the_order_expires_ends_one_way_or_the_other(fake_provider):
    listing = a_listing()
    order = placed_order((listing, 1))

    def give_up():
        with transaction.atomic():
            expire(lock_order(order.pk))

    jobs = [give_up, lambda: start_payment(order)]

    outcomes = race(lambda: jobs.pop()(), contenders=2)

    assert Order.objects.get().status == "expired"
    assert {type(outcome) for outcome in outcomes} <= {type(None), OrderNotPayable}


def test_the_database_refuses_two_open_attempts_and_two_successes_of_one_order(fake_provider):
    order = placed_order()
    attempt = start_payment(order)
    PaymentAttempt.objects.update(state="succeeded")
    second = start_payment(order)

    with pytest.raises(IntegrityError, match="attempt_one_success_per_order"), transaction.atomic():
        PaymentAttempt.objects.filter(pk=second.pk).update(state="succeeded")
    with pytest.raises(IntegrityError, match="attempt_one_open_per_order"), transaction.atomic():
        PaymentAttempt.objects.filter(pk=attempt.pk).update(state="unknown")

    states = list(PaymentAttempt.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["succeeded", "session_open"]


def test_the_database_refuses_an_attempt_over_nothing(fake_provider):
    start_payment(placed_order())

    with pytest.raises(IntegrityError, match="attempt_amount_is_positive"), transaction.atomic():
        PaymentAttempt.objects.update(amount=0)
