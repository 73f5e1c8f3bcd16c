"""settle(): money releases an order once, or goes back whole; whatever else it finds changes nothing."""

import itertools
import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction

from notices.models import Notice
from orders.models import Order
from orders.services.releasing import expire, lock_order
from payments.models import LedgerPosting, PaymentAttempt, Refund
from payments.providers.base import ProviderError, ProviderRequestRejected, ProviderUnavailable
from payments.services import attempts, settling
from payments.services.refunds import make_waiting_refunds
from payments.services.settling import Outcome, settle, settle_order
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.race import race
from tests.support.sale import (
    a_listing,
    count_of_sale_rows,
    ledger,
    notice_kinds,
    placed_order,
    started_attempt,
    states_of,
    stock_of,
)
from vendors.models import StockRecord

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def officer():
    return PersonFactory(finance=True)


def paid_attempt(fake, order=None, **wrong):
    attempt = started_attempt(order)
    fake.pay(attempt.session_id, **wrong)
    return attempt


def give_up(order):
    with transaction.atomic():
        expire(lock_order(order.pk))


def assert_given_back(attempt, reason, *, amount="310.00", currency="INR"):
    attempt.refresh_from_db()
    refund = Refund.objects.get(attempt=attempt)
    assert (attempt.state, attempt.amount_received) == ("surplus", D(amount))
    assert (refund.amount, refund.currency, refund.reason, refund.state) == (
        D(amount),
        currency,
        reason,
        "waiting",
    )
    kinds = notice_kinds()
    assert kinds.count("payment_returned email") == 1
    assert kinds.count("staff_alert email") == 1
    assert f"attempt {attempt.pk}" in Notice.objects.get(kind="staff_alert").context["detail"]


def test_a_paid_order_is_released_with_its_ledger_and_notices(fake_provider):
    first, second = VendorFactory(commission_rate=D("0.1000")), VendorFactory(commission_rate=D(0))
    order = placed_order(
        (a_listing(price="99.95", vendor=first), 1), (a_listing(price="0.05", vendor=second), 1)
    )
    attempt = paid_attempt(fake_provider, order)

    outcome = settle(attempt.pk)

    attempt.refresh_from_db()
    assert outcome == Outcome.RELEASED
    assert states_of(order) == ("paid", ["new", "new"])
    assert (attempt.state, attempt.amount_received, attempt.charge_id, attempt.payment_intent_id) == (
        "succeeded",
        D("220.00"),
        "ch_cs_fake_1",
        "pi_cs_fake_1",
    )
    assert attempt.settled_at is not None
    assert ledger() == {
        "captured": [("customer_unapplied", D("-220.00")), ("provider_clearing", D("220.00"))],
        "released": [
            ("vendor_payable", D("-149.95")),
            ("vendor_payable", D("-60.05")),
            ("commission", D("-10.00")),
            ("customer_unapplied", D("220.00")),
        ],
    }
    assert notice_kinds() == ["order_paid email", "order_placed email"]
    assert Refund.objects.count() == 0


@pytest.mark.fault(3)
def test_settled_again_nothing_is_done_again(fake_provider):
    listing = a_listing()
    attempt = paid_attempt(fake_provider, placed_order((listing, 1)))
    settle(attempt.pk)
    before, calls = count_of_sale_rows(), len(fake_provider.calls)

    outcomes = [settle(attempt.pk) for _ in range(3)]

    assert outcomes == [Outcome.ALREADY] * 3
    assert (count_of_sale_rows(), len(fake_provider.calls)) == (before, calls)
    assert stock_of(listing) == (10, 1)


@pytest.mark.fault(23)
def test_an_open_page_and_a_declined_card_change_nothing_and_the_order_can_still_be_paid(fake_provider):
    order = placed_order()
    attempt = started_attempt(order)
    before = count_of_sale_rows()

    is_open = settle(attempt.pk)
    fake_provider.decline(attempt.session_id)
    declined = settle(attempt.pk)

    assert (is_open, declined) == (Outcome.OPEN, Outcome.OPEN)
    assert count_of_sale_rows() == before
    assert states_of(order) == ("awaiting_payment", ["awaiting_payment"])
    fake_provider.pay(attempt.session_id)
    assert settle(attempt.pk) == Outcome.RELEASED


def test_a_payment_that_the_bank_refused_after_the_page_had_closed_makes_way_for_another(fake_provider):
    order = placed_order()
    attempt = started_attempt(order)
    fake_provider.pay(attempt.session_id, payment_status="unpaid", amount_received=D(0))
    waiting = settle(attempt.pk)
    fake_provider.decline(attempt.session_id, "The bank refused the transfer.")

    outcome = settle(attempt.pk)

    attempt.refresh_from_db()
    assert (waiting, outcome) == (Outcome.OPEN, Outcome.CLOSED)
    assert (attempt.state, attempt.remark) == ("failed", "The bank refused the transfer.")
    assert states_of(order) == ("awaiting_payment", ["awaiting_payment"])
    assert not LedgerPosting.objects.exists()
    assert settle(paid_attempt(fake_provider, order).pk) == Outcome.RELEASED


@pytest.mark.fault(24)
def test_a_page_that_expired_ends_the_attempt_and_keeps_the_order_until_its_own_time(fake_provider):
    listing = a_listing()
    order = placed_order((listing, 1))
    attempt = started_attempt(order)
    fake_provider.decline(attempt.session_id)
    fake_provider.expire(attempt.session_id)

    outcomes = [settle(attempt.pk), settle(attempt.pk)]

    attempt.refresh_from_db()
    assert outcomes == [Outcome.CLOSED, Outcome.CLOSED]
    assert (attempt.state, attempt.remark) == ("expired", "Your card was declined.")
    assert states_of(order) == ("awaiting_payment", ["awaiting_payment"])
    assert stock_of(listing) == (10, 1)
    assert notice_kinds() == ["order_placed email"]


@pytest.mark.fault(17)
@pytest.mark.parametrize("state", ["created", "unknown"])
def test_a_session_whose_answer_was_lost_is_found_by_our_reference(fake_provider, state):
    order = placed_order()
    attempt, _is_new = attempts._open_attempt(order.pk)
    remote = fake_provider.create_payment(attempts._request(attempt))
    PaymentAttempt.objects.update(state=state)

    is_open = settle(attempt.pk)
    found = PaymentAttempt.objects.get()
    fake_provider.pay(remote.session_id)
    released = settle(attempt.pk)

    assert (is_open, released) == (Outcome.OPEN, Outcome.RELEASED)
    assert (found.state, found.session_id, found.page_url) == ("session_open", remote.session_id, remote.url)
    assert states_of(order) == ("paid", ["new"])


@pytest.mark.fault(4)
@pytest.mark.parametrize("state", ["created", "unknown", "failed", "expired"])
def test_a_session_paid_before_we_knew_its_name_releases_the_order(fake_provider, state):
    order = placed_order()
    attempt, _is_new = attempts._open_attempt(order.pk)
    fake_provider.pay(fake_provider.create_payment(attempts._request(attempt)).session_id)
    PaymentAttempt.objects.update(state=state)

    outcome = settle(attempt.pk)

    assert outcome == Outcome.RELEASED
    assert PaymentAttempt.objects.get().state == "succeeded"
    assert states_of(order) == ("paid", ["new"])


@pytest.mark.fault(16)
def test_an_attempt_that_never_reached_the_provider_stays_as_it_is(fake_provider):
    order = placed_order()
    attempt, _is_new = attempts._open_attempt(order.pk)
    before = count_of_sale_rows()

    outcome = settle(attempt.pk)

    assert outcome == Outcome.UNKNOWN
    assert PaymentAttempt.objects.get().state == "created"
    assert count_of_sale_rows() == before


@pytest.mark.fault(29)
@pytest.mark.parametrize("received", ["309.99", "310.01", "0.01", "31000.00"])
def test_another_amount_goes_back_whole(fake_provider, officer, received):
    listing = a_listing()
    order = placed_order((listing, 1))
    attempt = paid_attempt(fake_provider, order, amount_received=D(received))

    outcome = settle(attempt.pk)

    assert outcome == Outcome.SURPLUS
    assert_given_back(attempt, "mismatch", amount=received)
    assert states_of(order) == ("awaiting_payment", ["awaiting_payment"])
    assert stock_of(listing) == (10, 1)
    assert ledger() == {
        "captured": [("customer_unapplied", -D(received)), ("provider_clearing", D(received))],
        "refunded": [("refund_clearing", -D(received)), ("customer_unapplied", D(received))],
    }


@pytest.mark.fault(29)
@pytest.mark.parametrize(("currency", "received"), [("USD", "310.00"), ("JPY", "310")])
def test_another_currency_goes_back_whole_in_that_currency(fake_provider, officer, currency, received):
    attempt = paid_attempt(fake_provider, currency=currency, amount_received=D(received))

    outcome = settle(attempt.pk)

    assert outcome == Outcome.SURPLUS
    assert_given_back(attempt, "mismatch", currency=currency)
    assert states_of(attempt.order) == ("awaiting_payment", ["awaiting_payment"])
    assert set(LedgerPosting.objects.values_list("kind", "currency")) == {
        ("captured", currency),
        ("refunded", currency),
    }
    assert Notice.objects.get(kind="payment_returned").context["currency"] == currency


@pytest.mark.fault(12)
@pytest.mark.parametrize(("ours", "theirs"), [(False, True), (True, False)])
def test_money_of_the_other_mode_releases_nothing(fake_provider, officer, settings, ours, theirs):
    settings.STRIPE_LIVE_MODE = ours
    attempt = paid_attempt(fake_provider, is_live=theirs)

    outcome = settle(attempt.pk)

    assert outcome == Outcome.SURPLUS
    assert_given_back(attempt, "mismatch")
    assert states_of(attempt.order) == ("awaiting_payment", ["awaiting_payment"])


@pytest.mark.fault(13)
@pytest.mark.parametrize("metadata", [{}, {"order": "0000-0000-00"}, {"attempt": "another"}])
def test_money_that_names_another_order_or_attempt_releases_nothing(fake_provider, officer, metadata):
    attempt = started_attempt()
    ours = fake_provider.payments[attempt.session_id].metadata if metadata else {}
    fake_provider.pay(attempt.session_id, metadata={**ours, **metadata})

    outcome = settle(attempt.pk)

    assert outcome == Outcome.SURPLUS
    assert_given_back(attempt, "mismatch")
    assert states_of(attempt.order) == ("awaiting_payment", ["awaiting_payment"])


def test_after_money_went_back_the_buyer_can_pay_again(fake_provider, officer):
    order = placed_order()
    wrong = paid_attempt(fake_provider, order, amount_received=D("1.00"))
    settle(wrong.pk)

    right = paid_attempt(fake_provider, order)

    assert settle(right.pk) == Outcome.RELEASED
    assert states_of(order) == ("paid", ["new"])
    assert Refund.objects.get().attempt == wrong


def test_a_payment_without_any_money_is_refused_and_has_nothing_to_give_back(fake_provider, officer):
    attempt = paid_attempt(fake_provider, amount_received=D("0.00"))

    outcomes = [settle(attempt.pk), settle(attempt.pk)]

    attempt.refresh_from_db()
    assert outcomes == [Outcome.SURPLUS, Outcome.ALREADY]
    assert (attempt.state, Refund.objects.count(), ledger()) == ("surplus", 0, {})
    assert states_of(attempt.order) == ("awaiting_payment", ["awaiting_payment"])
    assert notice_kinds() == ["order_placed email", "staff_alert email"]


@pytest.mark.fault(30)
def test_money_after_expiry_releases_the_order_while_the_goods_are_there(fake_provider, officer):
    listing = a_listing()
    order = placed_order((listing, 4))
    attempt = paid_attempt(fake_provider, order)
    give_up(order)

    outcome = settle(attempt.pk)

    assert outcome == Outcome.RELEASED
    assert states_of(order) == ("paid", ["new"])
    assert stock_of(listing) == (10, 4)
    assert Refund.objects.count() == 0


@pytest.mark.fault(32)
def test_money_after_expiry_goes_back_whole_when_the_goods_are_gone(fake_provider, officer):
    kept, gone = a_listing(), a_listing(units=4)
    order = placed_order((kept, 1), (gone, 4))
    attempt = paid_attempt(fake_provider, order)
    give_up(order)
    StockRecord.objects.filter(product=gone).update(num_allocated=1)

    outcomes = [settle(attempt.pk), settle(attempt.pk)]

    assert outcomes == [Outcome.SURPLUS, Outcome.ALREADY]
    assert_given_back(attempt, "goods_gone", amount="1370.00")
    assert states_of(order) == ("expired", ["cancelled", "cancelled"])
    assert (stock_of(kept), stock_of(gone)) == ((10, 0), (4, 1))
    assert sorted(ledger()) == ["captured", "refunded"]


@pytest.mark.fault(26)
def test_a_second_payment_of_a_paid_order_goes_back_whole(fake_provider, officer):
    order = placed_order()
    first = started_attempt(order)
    PaymentAttempt.objects.filter(pk=first.pk).update(state="failed")
    second = started_attempt(order)
    for attempt in (first, second):
        fake_provider.pay(attempt.session_id)
    settle(second.pk)

    outcomes = [settle(first.pk), settle(first.pk)]

    assert outcomes == [Outcome.SURPLUS, Outcome.ALREADY]
    assert_given_back(first, "paid_twice")
    assert PaymentAttempt.objects.get(pk=second.pk).state == "succeeded"
    assert states_of(order) == ("paid", ["new"])
    assert make_waiting_refunds() == 1
    entries = itertools.chain.from_iterable(ledger().values())
    assert sum(amount for account, amount in entries if account == "customer_unapplied") == 0


@pytest.mark.parametrize(
    "error", [ProviderUnavailable("down"), ProviderRequestRejected("no such session")], ids=["down", "gone"]
)
@pytest.mark.parametrize("is_paid", [False, True])
def test_a_provider_without_an_answer_changes_nothing(fake_provider, error, is_paid):
    attempt = started_attempt()
    if is_paid:
        fake_provider.pay(attempt.session_id)
    before = PaymentAttempt.objects.values().get(), count_of_sale_rows()
    fake_provider.fail_next("retrieve_payment", error)

    with pytest.raises(ProviderError):
        settle(attempt.pk)

    assert (PaymentAttempt.objects.values().get(), count_of_sale_rows()) == before
    assert states_of(attempt.order) == ("awaiting_payment", ["awaiting_payment"])


@pytest.mark.fault(2)
def test_the_return_page_settles_before_the_event(fake_provider):
    order = placed_order()
    attempt = paid_attempt(fake_provider, order)

    outcome = settle_order(order)

    assert outcome == Outcome.RELEASED
    assert settle(attempt.pk) == Outcome.ALREADY
    assert notice_kinds() == ["order_paid email", "order_placed email"]


@pytest.mark.parametrize(
    "error", [ProviderUnavailable("down"), ProviderRequestRejected("no such session")], ids=["down", "gone"]
)
def test_the_return_page_shows_the_order_also_when_the_provider_does_not_help(fake_provider, error):
    order = placed_order()
    paid_attempt(fake_provider, order)
    fake_provider.fail_next("retrieve_payment", error)

    outcome = settle_order(order)

    assert outcome == Outcome.UNKNOWN
    assert states_of(order) == ("awaiting_payment", ["awaiting_payment"])


def test_the_return_page_of_an_order_never_paid_for_has_nothing_to_settle(fake_provider):
    assert settle_order(placed_order()) == Outcome.UNKNOWN
    assert fake_provider.calls == []


@pytest.mark.django_db(transaction=True)
def test_the_return_page_does_not_wait_for_a_twin_that_holds_the_order(fake_provider):
    order = placed_order()
    paid_attempt(fake_provider, order)
    found = []

    def return_with_little_patience():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        found.append(settle_order(order))

    with transaction.atomic():
        lock_order(order.pk)
        outcomes = race(return_with_little_patience, contenders=1)

    assert (outcomes, found) == ([None], [Outcome.UNKNOWN])
    assert states_of(order) == ("awaiting_payment", ["awaiting_payment"])


@pytest.mark.fault(3)
@pytest.mark.django_db(transaction=True)
def test_ten_at_once_settle_once(fake_provider):
    vendor = VendorFactory(email="khoma@example.org")
    listing = a_listing(vendor=vendor)
    attempt = paid_attempt(fake_provider, placed_order((listing, 1)))
    found = []

    outcomes = race(lambda: found.append(settle(attempt.pk)), contenders=10)

    assert outcomes == [None] * 10
    assert sorted(found) == [Outcome.ALREADY] * 9 + [Outcome.RELEASED]
    assert sorted(ledger()) == ["captured", "released"]
    assert LedgerPosting.objects.count() == 2
    assert notice_kinds() == ["new_sale email", "order_paid email", "order_placed email"]
    assert stock_of(listing) == (10, 1)


@pytest.fixture
def without_locks(monkeypatch):
    """Nobody waits for anybody, and both have looked before either writes."""
    both_looked = threading.Barrier(2)

    def meet_and_agree(*_arguments):
        both_looked.wait(timeout=30)

    monkeypatch.setattr(settling, "lock_order", lambda pk: Order.objects.get(pk=pk))
    monkeypatch.setattr(PaymentAttempt.objects, "select_for_update", PaymentAttempt.objects.all)
    monkeypatch.setattr(settling, "_reason_to_refuse", meet_and_agree)


@pytest.fixture
def without_posting_once(transactional_db):
    """The ledger's own promise taken away too."""
    constraint = next(each for each in LedgerPosting._meta.constraints if each.name == "posting_once")
    with connection.schema_editor() as editor:
        editor.remove_constraint(LedgerPosting, constraint)
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_ledgerposting DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE payments_ledgerentry DISABLE TRIGGER USER")
        cursor.execute("TRUNCATE payments_ledgerposting CASCADE")
        cursor.execute("ALTER TABLE payments_ledgerposting ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE payments_ledgerentry ENABLE TRIGGER USER")
    with connection.schema_editor() as editor:
        editor.add_constraint(LedgerPosting, constraint)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_locks_the_ledgers_constraint_refuses_the_second(fake_provider, without_locks):
    attempt = paid_attempt(fake_provider)

    outcomes = race(lambda: settle(attempt.pk), contenders=2)

    refused = [str(outcome) for outcome in outcomes if outcome]
    assert len(refused) == 1
    assert "posting_once" in refused[0]
    assert LedgerPosting.objects.count() == 2


def test_control_without_locks_and_constraint_the_sale_is_booked_twice(
    fake_provider, without_locks, without_posting_once
):
    attempt = paid_attempt(fake_provider)

    outcomes = race(lambda: settle(attempt.pk), contenders=2)

    assert outcomes == [None, None]
    kinds = LedgerPosting.objects.order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == ["captured", "captured", "released", "released"]


@pytest.mark.fault(30)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("units", [1, 10], ids=["last unit", "more units"])
def test_expiry_races_payment_and_the_buyer_gets_goods_or_money(fake_provider, units):
    listing = a_listing(units=units)
    order = placed_order((listing, 1))
    attempt = paid_attempt(fake_provider, order)
    jobs = [lambda: give_up(order), lambda: settle(attempt.pk)] * 3

    outcomes = race(lambda: jobs.pop()(), contenders=6)

    assert outcomes == [None] * 6
    assert states_of(order) == ("paid", ["new"])
    assert stock_of(listing) == (units, 1)
    assert sorted(ledger()) == ["captured", "released"]


@pytest.mark.fault(26)
@pytest.mark.django_db(transaction=True)
def test_two_payments_settled_at_once_keep_one_and_give_one_back(fake_provider):
    order = placed_order()
    first = started_attempt(order)
    PaymentAttempt.objects.filter(pk=first.pk).update(state="failed")
    second = started_attempt(order)
    for attempt in (first, second):
        fake_provider.pay(attempt.session_id)
    jobs = [first.pk, second.pk] * 3

    outcomes = race(lambda: settle(jobs.pop()), contenders=6)

    assert outcomes == [None] * 6
    assert sorted(PaymentAttempt.objects.values_list("state", flat=True)) == ["succeeded", "surplus"]
    assert Refund.objects.get().reason == "paid_twice"
    assert states_of(order) == ("paid", ["new"])
