"""Faults of the provider's events: early, late, many, wrong, forged, never sent."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import stripe
from django.db import OperationalError
from django.urls import reverse
from kombu.exceptions import OperationalError as BrokerDown

from marketplace.lib import queue
from payments.errors import ProviderBusy
from payments.models import ProviderEvent
from payments.providers.base import ProviderUnavailable
from payments.providers.stripe import StripeProvider
from payments.services import events
from payments.services.attempts import start_payment
from payments.services.events import handle_event
from tests.payments.faults.world import PAID, UNPAID, but
from tests.support.provider_fake import SIGNED
from tests.support.race import race
from tests.support.sale import let_reservation_end, placed_order, started_attempt

pytestmark = pytest.mark.django_db

NEW_SECRET, OLD_SECRET = "whsec_new", "whsec_old"


def paid_attempt(world):
    attempt = started_attempt()
    world.fake.pay(attempt.session_id)
    return attempt


@pytest.fixture
def real_signatures(world, monkeypatch):
    """Signatures are checked as for Stripe; everything else is answered by the fake."""
    real = StripeProvider(
        api_key="sk_test_x", webhook_secrets=(NEW_SECRET, OLD_SECRET), api_version="2026-10-28.endive"
    )
    monkeypatch.setattr(world.fake, "verify_event", real.verify_event, raising=False)


def posted(client, event, *, secret, age=0):
    """The status of a webhook with one event, signed so many seconds ago."""
    payload = json.dumps(
        {
            "id": event.id,
            "object": "event",
            "type": event.type,
            "api_version": event.api_version,
            "created": int(event.created_at.timestamp()),
            "livemode": event.is_live,
            "data": {"object": {"id": event.object_id, "metadata": dict(event.metadata)}},
        }
    )
    header = stripe.WebhookSignature.generate_signature_header(
        payload, secret, timestamp=int(time.time()) - age
    )
    answer = client.post(
        reverse("stripe-webhook"),
        payload,
        content_type="application/json",
        headers={"Stripe-Signature": header},
    )
    return answer.status_code


@pytest.mark.fault(4)
def test_the_event_comes_before_our_commit(world):
    order = placed_order()
    world.fake.fail_next("create_payment", ProviderUnavailable("time-out"), after_success=True)
    with pytest.raises(ProviderBusy):
        start_payment(order)
    (session_id,) = world.fake.payments

    world.fake.pay(session_id)
    world.tell()

    assert order.attempts.get().state == "succeeded"
    assert world.end(order) == PAID


@pytest.mark.fault(5)
@pytest.mark.django_db(transaction=True)
def test_one_event_comes_ten_times_at_once(world):
    attempt = paid_attempt(world)

    outcomes = race(world.tell_all, contenders=10)

    assert outcomes == [None] * 10
    assert ProviderEvent.objects.count() == 1
    assert world.end(attempt.order) == PAID


@pytest.mark.fault(6)
def test_the_events_of_two_pages_come_in_any_order(world):
    order = placed_order()
    first = start_payment(order)
    world.fake.expire(first.session_id)
    world.quiet()
    second = start_payment(order)
    world.fake.decline(second.session_id)
    world.fake.pay(second.session_id)

    end = world.end(order)

    assert end == but(PAID, attempts=("expired", "succeeded"))


@pytest.mark.fault(7)
def test_the_event_comes_three_days_late(world, monkeypatch):
    attempt = paid_attempt(world)
    late = datetime.now(UTC) - timedelta(days=3)
    world.fake.events[:] = [replace(event, created_at=late) for event in world.fake.events]
    let_reservation_end(attempt.order)

    world.tell()

    assert world.end(attempt.order) == PAID


@pytest.mark.fault(8)
def test_a_forged_event_is_refused_and_the_true_one_found_by_poll(world, client, real_signatures):
    attempt = paid_attempt(world)

    statuses = [posted(client, event, secret="whsec_somebody") for event in world.fake.events]

    assert (set(statuses), ProviderEvent.objects.count()) == ({400}, 0)
    world.told = len(world.fake.events)
    world.quiet()
    assert world.now(attempt.order) == PAID


@pytest.mark.fault(9)
def test_an_event_signed_too_long_ago_is_refused_and_sent_again(world, client, real_signatures):
    attempt = paid_attempt(world)
    (event,) = world.fake.events

    old = posted(client, event, secret=NEW_SECRET, age=301)
    fresh = posted(client, event, secret=NEW_SECRET, age=280)

    assert (old, fresh, ProviderEvent.objects.count()) == (400, 200, 1)
    world.quiet()
    assert world.now(attempt.order) == PAID


@pytest.mark.fault(10)
def test_an_event_signed_with_the_secret_before_the_rotation_counts(world, client, real_signatures):
    attempt = paid_attempt(world)

    statuses = [posted(client, event, secret=OLD_SECRET) for event in world.fake.events]

    assert set(statuses) == {200}
    world.quiet()
    assert world.now(attempt.order) == PAID


@pytest.mark.fault(51)
def test_the_providers_clock_runs_ahead_or_behind(world, client, real_signatures):
    attempt = paid_attempt(world)
    (event,) = world.fake.events

    ahead = posted(client, event, secret=NEW_SECRET, age=-120)
    behind = posted(client, event, secret=NEW_SECRET, age=120)

    assert (ahead, behind, ProviderEvent.objects.count()) == (200, 200, 1)
    world.quiet()
    assert world.now(attempt.order) == PAID


@pytest.mark.fault(11)
def test_events_of_unknown_types_are_kept_and_ignored(world):
    attempt = paid_attempt(world)
    (event,) = world.fake.events
    strange = replace(event, id="evt_strange", type="climate.order.delivered")

    world.send([strange])

    assert ProviderEvent.objects.get(event_id="evt_strange").state == "ignored"
    assert attempt.order.attempts.get().state == "session_open"
    assert world.end(attempt.order) == PAID


@pytest.mark.fault(12)
def test_an_event_of_the_other_mode_moves_nothing(world):
    attempt = started_attempt()
    world.fake.pay(attempt.session_id, is_live=True)
    world.tell()

    let_reservation_end(attempt.order)

    assert world.end(attempt.order) == but(
        UNPAID,
        attempts=("surplus",),
        refunds=(("310.00", "succeeded", "mismatch"),),
        ledger={"provider_balance": "-6.20", "provider_fees": "6.20"},
        notices={"payment_returned": 1},
        provider=("310.00", "310.00"),
    )


@pytest.mark.fault(13)
def test_a_payment_of_somebody_else_on_our_account_is_left_alone(world):
    attempt = started_attempt()
    foreign = {"order": "FOREIGN-1", "attempt": "somebody-elses"}
    world.fake.pay(attempt.session_id)
    (event,) = world.fake.events
    theirs = replace(event, id="evt_theirs", object_id="cs_theirs", metadata=foreign)

    world.send([theirs])

    assert ProviderEvent.objects.get().state == "ignored"
    assert world.end(attempt.order) == PAID


@pytest.mark.fault(14)
def test_the_broker_is_down(world, monkeypatch, django_capture_on_commit_callbacks):
    def refuse(*_args, **_kwargs):
        raise BrokerDown("no broker")

    monkeypatch.setattr(queue, "current_app", SimpleNamespace(send_task=refuse))
    with django_capture_on_commit_callbacks(execute=True):
        attempt = paid_attempt(world)
        rows = [events.receive("stripe", world.fake.payload(each), SIGNED, {}) for each in world.fake.events]

    assert {row.state for row in rows} == {"received"}
    assert world.end(attempt.order) == PAID


@pytest.mark.fault(15)
def test_the_database_is_down_when_the_event_comes(world, client, monkeypatch):
    attempt = paid_attempt(world)
    (event,) = world.fake.events

    def refuse(*_args, **_kwargs):
        raise OperationalError("no database")

    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(events, "_store", refuse)
        status = client.post(
            reverse("stripe-webhook"),
            world.fake.payload(event),
            content_type="application/json",
            headers={"Stripe-Signature": SIGNED},
        ).status_code

    assert (status >= 500, ProviderEvent.objects.count()) == (True, 0)
    assert world.end(attempt.order) == PAID


@pytest.mark.fault(50)
def test_the_event_is_never_sent_and_found_by_poll(world):
    attempt = paid_attempt(world)
    world.told = len(world.fake.events)

    found = events.poll_events("stripe")
    for row in ProviderEvent.objects.all():
        handle_event(row.pk)

    assert found == 1
    assert attempt.order.attempts.get().state == "succeeded"
    assert world.end(attempt.order) == PAID


@pytest.mark.fault(52)
def test_an_event_of_a_newer_interface_is_a_hint_like_any_other(world):
    attempt = paid_attempt(world)
    world.fake.events[:] = [replace(event, api_version="2099-01-01.future") for event in world.fake.events]

    world.tell()

    assert ProviderEvent.objects.get().api_version == "2099-01-01.future"
    assert world.end(attempt.order) == PAID
