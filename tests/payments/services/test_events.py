"""Events: a hint to look, handled once, tried again, and in the end shown to a person."""

import itertools
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from marketplace.lib import queue
from notices.models import Notice
from payments.models import LedgerPosting, PaymentAttempt, ProviderEvent, RefusedMessages
from payments.providers.base import BadSignature, MalformedEvent, ProviderUnavailable
from payments.services import events
from payments.services.events import drain_events, handle_event, poll_events, receive, replay
from payments.services.expiring import expire_orders
from payments.services.settling import settle
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.provider_fake import SIGNED
from tests.support.race import race
from tests.support.sale import (
    a_listing,
    count_of_sale_rows,
    ledger,
    let_reservation_end,
    notice_kinds,
    placed_order,
    started_attempt,
    states_of,
    stock_of,
)

pytestmark = pytest.mark.django_db


def arrived(fake, event, **changes):
    """The row of an event that was sent to us."""
    changed = type(event)(**{**vars(event), **changes})
    return receive("stripe", fake.payload(changed), SIGNED, {})


def paid_event(fake, order=None, **changes):
    """An order's payment, and the row of the event that tells of it."""
    attempt = started_attempt(order)
    fake.pay(attempt.session_id)
    return attempt, arrived(fake, fake.events[-1], **changes)


def come_due():
    ProviderEvent.objects.update(next_try_at=timezone.now())


def test_the_event_of_a_payment_releases_its_order(fake_provider):
    attempt, event = paid_event(fake_provider)

    handled = handle_event(event.pk)

    event.refresh_from_db()
    assert (handled, event.state, event.tries, event.last_error) == (True, "handled", 1, "")
    assert event.handled_at is not None
    assert states_of(attempt.order) == ("paid", ["new"])
    assert notice_kinds() == ["order_paid email", "order_placed email"]


@pytest.mark.fault(5)
def test_handled_again_and_received_again_nothing_is_done_again(fake_provider):
    attempt, event = paid_event(fake_provider)
    handle_event(event.pk)
    before, calls = count_of_sale_rows(), len(fake_provider.calls)

    again = handle_event(event.pk)
    repeat = arrived(fake_provider, fake_provider.events[-1])
    drained = drain_events()

    assert (again, repeat.pk, drained) == (False, event.pk, 0)
    assert (count_of_sale_rows(), len(fake_provider.calls)) == (before, calls)
    assert states_of(attempt.order) == ("paid", ["new"])


@pytest.mark.fault(4)
def test_an_event_that_is_quicker_than_our_commit_finds_the_attempt_by_its_reference(fake_provider):
    attempt, event = paid_event(fake_provider)
    PaymentAttempt.objects.update(state="created", session_id=None, page_url="")

    handle_event(event.pk)

    assert states_of(attempt.order) == ("paid", ["new"])
    assert PaymentAttempt.objects.get().session_id == attempt.session_id


@pytest.mark.fault(11)
@pytest.mark.parametrize("kind", ["customer.created", "charge.refunded", "", "checkout.session"])
def test_an_event_of_an_unknown_type_is_kept_and_ignored(fake_provider, kind):
    attempt, event = paid_event(fake_provider, type=kind)

    handled = handle_event(event.pk)

    event.refresh_from_db()
    assert (handled, event.state) == (True, "ignored")
    assert states_of(attempt.order) == ("awaiting_payment", ["awaiting_payment"])


@pytest.mark.fault(12)
def test_an_event_of_the_other_mode_is_kept_and_ignored(fake_provider):
    attempt, event = paid_event(fake_provider, is_live=True)
    calls = len(fake_provider.calls)

    handle_event(event.pk)

    event.refresh_from_db()
    assert (event.state, event.is_live, len(fake_provider.calls)) == ("ignored", True, calls)
    assert states_of(attempt.order) == ("awaiting_payment", ["awaiting_payment"])


@pytest.mark.fault(13)
@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"attempt": ""},
        {"attempt": "17"},
        {"attempt": "'; DROP TABLE"},
        {"attempt": "0" * 500},
        {"invoice": "1"},
    ],
)
def test_an_event_about_somebody_elses_object_is_kept_and_ignored(fake_provider, metadata):
    attempt, event = paid_event(fake_provider, object_id="cs_of_somebody_else", metadata=metadata)

    handled = handle_event(event.pk)

    event.refresh_from_db()
    assert (handled, event.state) == (True, "ignored")
    assert states_of(attempt.order) == ("awaiting_payment", ["awaiting_payment"])


def test_an_event_that_says_paid_is_not_believed_when_the_provider_says_open(fake_provider):
    attempt = started_attempt()
    fake_provider.decline(attempt.session_id)
    event = arrived(fake_provider, fake_provider.events[-1], type="checkout.session.completed")

    handle_event(event.pk)

    assert ProviderEvent.objects.get().state == "handled"
    assert states_of(attempt.order) == ("awaiting_payment", ["awaiting_payment"])


@pytest.mark.fault(52)
def test_a_newer_api_version_in_an_event_does_not_matter(fake_provider):
    attempt, event = paid_event(fake_provider, api_version="2031-01-01.future")

    handle_event(event.pk)

    assert ProviderEvent.objects.get().api_version == "2031-01-01.future"
    assert states_of(attempt.order) == ("paid", ["new"])


@pytest.mark.fault(7)
def test_an_event_that_comes_three_days_late_changes_nothing_that_was_settled(fake_provider):
    attempt, event = paid_event(fake_provider, created_at=timezone.now() - timedelta(days=3))
    settle(attempt.pk)
    before = count_of_sale_rows()

    handle_event(event.pk)

    assert ProviderEvent.objects.get().state == "handled"
    assert count_of_sale_rows() == before


@pytest.mark.fault(7)
def test_money_heard_of_three_days_late_releases_the_expired_order_when_the_goods_are_there(fake_provider):
    listing = a_listing()
    order = placed_order((listing, 1))
    attempt = started_attempt(order)
    fake_provider.pay(attempt.session_id)
    # Everything that could have told us was away, and somebody gave the order up by hand.
    PaymentAttempt.objects.update(state="expired")
    let_reservation_end(order)
    expire_orders()
    assert states_of(order) == ("expired", ["cancelled"])

    event = arrived(fake_provider, fake_provider.events[-1], created_at=timezone.now() - timedelta(days=3))
    handle_event(event.pk)

    assert states_of(order) == ("paid", ["new"])
    assert stock_of(listing) == (10, 1)


def a_life_of_one_payment(fake):
    """A declined card, then a success, and an event twice."""
    attempt = started_attempt()
    fake.decline(attempt.session_id)
    fake.pay(attempt.session_id)
    fake.events.append(
        type(fake.events[0])(**{**vars(fake.events[1]), "id": "evt_pi", "type": "payment_intent.succeeded"})
    )
    return attempt, [*fake.events, fake.events[1]]


@pytest.mark.fault(6)
@pytest.mark.parametrize("order_of_arrival", list(itertools.permutations(range(4))), ids=str)
def test_in_any_order_the_same_events_end_alike(fake_provider, order_of_arrival):
    attempt, happened = a_life_of_one_payment(fake_provider)

    for place in order_of_arrival:
        handle_event(arrived(fake_provider, happened[place]).pk)

    assert states_of(attempt.order) == ("paid", ["new"])
    assert ProviderEvent.objects.count() == 3
    assert sorted(ledger()) == ["captured", "released"]
    assert notice_kinds() == ["order_paid email", "order_placed email"]


@pytest.mark.fault(19)
def test_a_provider_without_an_answer_is_asked_again_later(fake_provider):
    attempt, event = paid_event(fake_provider)
    fake_provider.fail_next("retrieve_payment", ProviderUnavailable("down"), times=2)

    first, too_early = handle_event(event.pk), handle_event(event.pk)
    after_first = ProviderEvent.objects.get()
    come_due()
    second = handle_event(event.pk)
    after_second = ProviderEvent.objects.get()
    come_due()
    third = drain_events()

    assert (first, too_early, second, third) == (False, False, False, 1)
    assert (after_first.state, after_first.tries, after_first.last_error) == (
        "received",
        1,
        "ProviderUnavailable",
    )
    pauses = [after_first.next_try_at - timezone.now(), after_second.next_try_at - timezone.now()]
    assert timedelta(seconds=5) < pauses[0] <= timedelta(seconds=30)
    assert timedelta(seconds=15) < pauses[1] <= timedelta(seconds=60)
    assert ProviderEvent.objects.get().last_error == ""
    assert states_of(attempt.order) == ("paid", ["new"])


def test_after_eight_tries_an_event_is_given_up_and_an_officer_hears_of_it_once(fake_provider):
    officer = PersonFactory(finance=True)
    attempt, event = paid_event(fake_provider)
    fake_provider.fail_next("retrieve_payment", ProviderUnavailable("down"), times=99)

    for _try in range(10):
        come_due()
        handle_event(event.pk)

    event.refresh_from_db()
    assert (event.state, event.tries, event.handled_at) == ("dead", 8, None)
    alert = Notice.objects.get(kind="staff_alert")
    assert alert.address == officer.email
    assert event.event_id in alert.context["subject"]
    assert states_of(attempt.order) == ("awaiting_payment", ["awaiting_payment"])


def test_an_operator_replays_a_dead_event_and_a_handled_one(
    fake_provider, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(queue, "_send", lambda task, keys: sent.append((task, keys)))
    attempt, event = paid_event(fake_provider)
    ProviderEvent.objects.update(state="dead", tries=8, next_try_at=timezone.now() + timedelta(days=1))

    with django_capture_on_commit_callbacks(execute=True):
        replay(event)
    handled = handle_event(event.pk)
    before = count_of_sale_rows()
    replay(event)
    again = handle_event(event.pk)

    assert (handled, again) == (True, True)
    assert sent == [("payments.handle_provider_event", {"event_pk": event.pk})]
    assert states_of(attempt.order) == ("paid", ["new"])
    assert count_of_sale_rows() == before


def test_one_event_that_goes_wrong_does_not_hold_up_the_others(fake_provider):
    _first, bad = paid_event(fake_provider)
    second, good = paid_event(fake_provider)
    fake_provider.fail_next("retrieve_payment", RuntimeError("nobody thought of this"))

    drained = drain_events()

    states = dict(ProviderEvent.objects.values_list("pk", "state"))
    assert drained == 1
    assert states == {bad.pk: "received", good.pk: "handled"}
    assert states_of(second.order) == ("paid", ["new"])


@pytest.mark.fault(15)
def test_a_database_that_stumbles_while_settling_leaves_the_event_to_be_tried_again(
    fake_provider, monkeypatch
):
    attempt, event = paid_event(fake_provider)

    def stumble(_order):
        raise OperationalError("server closed the connection")

    with monkeypatch.context() as stumbling:
        stumbling.setattr("payments.services.settling.ledger.post_released", stumble)
        handle_event(event.pk)
    after = ProviderEvent.objects.get()
    between = states_of(attempt.order), notice_kinds(), LedgerPosting.objects.count()
    come_due()
    handle_event(event.pk)

    assert (after.state, after.tries) == ("received", 1)
    assert between == (("awaiting_payment", ["awaiting_payment"]), ["order_placed email"], 0)
    assert states_of(attempt.order) == ("paid", ["new"])


@pytest.mark.fault(14)
def test_an_event_no_broker_heard_of_is_found_by_query(fake_provider):
    attempt, _event = paid_event(fake_provider)

    drained = drain_events()

    assert drained == 1
    assert states_of(attempt.order) == ("paid", ["new"])


@pytest.mark.fault(50)
def test_the_poll_finds_events_that_were_never_sent_and_takes_none_twice(fake_provider):
    attempt, known = paid_event(fake_provider)
    missing = started_attempt()
    fake_provider.pay(missing.session_id)

    found, again = poll_events("stripe"), poll_events("stripe")

    assert (found, again) == (1, 0)
    assert ProviderEvent.objects.count() == 2
    assert ProviderEvent.objects.exclude(pk=known.pk).get().object_id == missing.session_id
    assert drain_events() == 2
    assert [states_of(each.order)[0] for each in (attempt, missing)] == ["paid", "paid"]


def test_the_poll_stores_nothing_while_the_provider_is_away(fake_provider):
    started_attempt()
    fake_provider.fail_next("list_events", ProviderUnavailable("down"))

    with pytest.raises(ProviderUnavailable):
        poll_events("stripe")

    assert ProviderEvent.objects.count() == 0


def test_one_event_nobody_can_name_does_not_hold_up_the_poll(fake_provider):
    attempt = started_attempt()
    fake_provider.pay(attempt.session_id)
    event = fake_provider.events[-1]
    fake_provider.events.insert(0, type(event)(**{**vars(event), "id": "evt_" + "1" * 300}))

    found = poll_events("stripe")

    assert found == 1
    assert ProviderEvent.objects.get().event_id == event.id


@pytest.mark.fault(5)
@pytest.mark.django_db(transaction=True)
def test_one_event_handled_ten_times_at_once_settles_once(fake_provider):
    vendor = VendorFactory(email="khoma@example.org")
    listing = a_listing(vendor=vendor)
    attempt, event = paid_event(fake_provider, placed_order((listing, 1)))

    outcomes = race(lambda: handle_event(event.pk), contenders=10)

    assert outcomes == [None] * 10
    assert ProviderEvent.objects.get().state == "handled"
    assert PaymentAttempt.objects.get().state == "succeeded"
    assert states_of(attempt.order) == ("paid", ["new"])
    assert LedgerPosting.objects.count() == 2
    assert notice_kinds() == ["new_sale email", "order_paid email", "order_placed email"]
    assert stock_of(listing) == (10, 1)


@pytest.mark.fault(5)
@pytest.mark.django_db(transaction=True)
def test_one_event_received_and_handled_ten_times_at_once_settles_once(fake_provider):
    attempt = started_attempt()
    fake_provider.pay(attempt.session_id)
    event = fake_provider.events[-1]

    outcomes = race(lambda: handle_event(arrived(fake_provider, event).pk), contenders=10)

    assert outcomes == [None] * 10
    assert ProviderEvent.objects.count() == 1
    assert states_of(attempt.order) == ("paid", ["new"])
    assert LedgerPosting.objects.count() == 2
    assert notice_kinds() == ["order_paid email", "order_placed email"]


def test_when_the_clock_of_the_provider_runs_ahead_its_events_are_found_all_the_same(fake_provider):
    attempt = started_attempt()
    fake_provider.pay(attempt.session_id)
    event = fake_provider.events.pop()
    ahead = timezone.now() + timedelta(minutes=5)
    fake_provider.events.append(type(event)(**{**vars(event), "created_at": ahead}))

    assert poll_events("stripe") == 1
    assert drain_events() == 1
    assert states_of(attempt.order) == ("paid", ["new"])


def test_an_event_that_kills_its_worker_is_given_up_after_its_tries_and_an_officer_hears_of_it(
    fake_provider, monkeypatch
):
    PersonFactory(finance=True)
    attempt, event = paid_event(fake_provider)

    def die(_event):
        raise SystemExit

    with monkeypatch.context() as killing:
        killing.setattr(events, "_act_on", die)
        for _try in range(8):
            come_due()
            with pytest.raises(SystemExit):
                handle_event(event.pk)
        come_due()
        ended = handle_event(event.pk)

    event.refresh_from_db()
    assert ended is False
    assert (event.state, event.tries, event.last_error) == ("dead", 8, "worker killed")
    assert Notice.objects.get(kind="staff_alert").context["subject"] == (
        f"provider event {event.event_id} could not be handled"
    )
    assert states_of(attempt.order) == ("awaiting_payment", ["awaiting_payment"])
    replay(event)
    assert handle_event(event.pk) is True
    assert states_of(attempt.order) == ("paid", ["new"])


def test_an_event_that_is_being_handled_is_left_alone(fake_provider):
    _attempt, event = paid_event(fake_provider)
    ProviderEvent.objects.update(tries=1, next_try_at=timezone.now() + events.LEASE)

    assert handle_event(event.pk) is False
    assert drain_events() == 0

    event.refresh_from_db()
    assert (event.state, event.tries) == ("received", 1)


@pytest.mark.fault(52)
@pytest.mark.parametrize("version", ["2031-01-01.quartz", "", "x" * 400])
def test_an_event_of_another_api_version_is_a_hint_like_any_other(fake_provider, version):
    attempt, event = paid_event(fake_provider, api_version=version)

    handle_event(event.pk)

    event.refresh_from_db()
    assert (event.state, event.api_version) == ("handled", version[:40])
    assert states_of(attempt.order) == ("paid", ["new"])


@pytest.mark.parametrize("kind", ["checkout.session.completed", "refund.failed", "charge.dispute.created"])
def test_an_event_of_a_connected_account_is_not_about_our_payments(fake_provider, kind):
    attempt, event = paid_event(fake_provider, account="acct_1", type=kind)
    calls = len(fake_provider.calls)

    handle_event(event.pk)

    event.refresh_from_db()
    assert (event.state, len(fake_provider.calls)) == ("ignored", calls)
    assert states_of(attempt.order) == ("awaiting_payment", ["awaiting_payment"])


@pytest.mark.fault(8)
def test_refused_messages_are_counted_by_day_and_reason_and_nothing_of_them_is_kept(fake_provider):
    for _time in range(3):
        with pytest.raises(BadSignature):
            receive("stripe", b"{}", "forged", {})
    with pytest.raises(MalformedEvent):
        receive("stripe", b'{"created": 1e999}', SIGNED, {})

    rows = RefusedMessages.objects.values_list("provider", "day", "why", "count")
    today = timezone.now().date()
    assert sorted(rows) == [("stripe", today, "BadSignature", 3), ("stripe", today, "MalformedEvent", 1)]
    assert ProviderEvent.objects.count() == 0


def test_a_number_beyond_all_bounds_is_a_malformed_message(fake_provider):
    started_attempt()
    fake_provider.expire("cs_fake_1")
    body = fake_provider.payload(fake_provider.events[-1]).replace(
        b'"metadata": {', b'"metadata": {"x": 1e999, '
    )

    with pytest.raises(MalformedEvent):
        receive("stripe", body, SIGNED, {})

    assert ProviderEvent.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_messages_refused_at_once_are_all_counted(fake_provider):
    def forge():
        with pytest.raises(BadSignature):
            receive("stripe", b"{}", "forged", {})

    outcomes = race(forge, contenders=8)

    assert outcomes == [None] * 8
    assert RefusedMessages.objects.get().count == 8
