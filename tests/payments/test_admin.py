"""Payments in the admin: read by finance officers, handled again by them, changed by nobody."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from payments.models import LedgerEntry, LedgerPosting, PaymentAttempt, ProviderEvent, Refund
from payments.services import ledger
from tests.factories.people import PersonFactory
from tests.support.sale import placed_order, started_attempt

pytestmark = pytest.mark.django_db

MODELS = (PaymentAttempt, ProviderEvent, Refund, LedgerPosting)


def list_of(model):
    return reverse(f"admin:payments_{model._meta.model_name}_changelist")


def page_of(row):
    return reverse(f"admin:payments_{row._meta.model_name}_change", args=[row.pk])


def an_event(event_id="evt_1", **changes):
    fields = {
        "provider": "stripe",
        "event_id": event_id,
        "kind": "checkout.session.completed",
        "object_id": "cs_1",
        "occurred_at": timezone.now(),
        "next_try_at": timezone.now() + timedelta(days=1),
        "state": ProviderEvent.State.DEAD,
        "tries": 8,
        "last_error": "ProviderUnavailable",
    }
    return ProviderEvent.objects.create(**{**fields, **changes})


def a_refund(attempt, **changes):
    fields = {
        "attempt": attempt,
        "key": f"refund:{attempt.pk}",
        "amount": attempt.amount,
        "currency": attempt.currency,
        "reason": Refund.Reason.GOODS_GONE,
        "state": Refund.State.FAILED,
        "last_error": "expired_or_canceled_card",
        "next_try_at": timezone.now(),
    }
    return Refund.objects.create(**{**fields, **changes})


@pytest.fixture
def attempt(fake_provider):
    """An attempt whose payment page is open, of INR 310.00."""
    return started_attempt()


@pytest.fixture
def rows(attempt):
    """One row of each table."""
    PaymentAttempt.objects.filter(pk=attempt.pk).update(amount_received=attempt.amount)
    attempt.refresh_from_db()
    ledger.post_captured(attempt, currency="INR")
    return [attempt, an_event(), a_refund(attempt), LedgerPosting.objects.get()]


@pytest.fixture
def finance(client):
    """A browser in which a finance officer has signed in."""
    client.force_login(PersonFactory(finance=True))
    return client


@pytest.fixture
def sent_tasks(monkeypatch):
    """Tasks that were queued."""
    sent = []
    monkeypatch.setattr("payments.services.events.enqueue", lambda task, **keys: sent.append((task, keys)))
    return sent


def replay(client, *events):
    sent = {"action": "replay", "_selected_action": [event.pk for event in events]}
    return client.post(list_of(ProviderEvent), sent, follow=True)


def test_finance_officer_reads_every_list_and_page(finance, rows):
    attempt = rows[0]

    lists = {model: finance.get(list_of(model)).content.decode() for model in MODELS}
    pages = [finance.get(page_of(row)) for row in rows]

    assert [page.status_code for page in pages] == [200] * 4
    for words in (attempt.order.number, "₹310.00", "payment page open"):
        assert words in lists[PaymentAttempt]
    for words in ("evt_1", "ProviderUnavailable", "given up", "0\xa0minutes"):
        assert words in lists[ProviderEvent]
    for words in (attempt.order.number, "expired_or_canceled_card", "failed"):
        assert words in lists[Refund]
    entries = pages[3].content.decode()
    for words in ("clearing with the provider", "310.00", "-310.00"):
        assert words in entries


def test_front_page_of_a_finance_officer_lists_payments_and_orders(finance):
    text = finance.get(reverse("admin:index")).content.decode()

    for model in MODELS:
        assert list_of(model) in text
    assert reverse("admin:order_order_changelist") in text
    assert reverse("admin:catalogue_product_changelist") not in text


@pytest.mark.parametrize("trait", ["finance", "superuser"])
def test_no_row_of_money_is_added_changed_or_deleted(client, rows, trait):
    client.force_login(PersonFactory(**{trait: True}))
    before = [list(model.objects.values().order_by("pk")) for model in (*MODELS, LedgerEntry)]

    statuses = [
        client.post(page_of(row), {"state": "succeeded", "amount": "0.01"}).status_code for row in rows
    ]
    statuses += [client.post(f"{page_of(row)[:-7]}delete/", {"post": "yes"}).status_code for row in rows]
    statuses += [client.post(f"{list_of(model)}add/", {}).status_code for model in MODELS]
    for row in rows:
        sent = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
        client.post(list_of(type(row)), sent)

    assert statuses == [403] * 12
    assert [list(model.objects.values().order_by("pk")) for model in (*MODELS, LedgerEntry)] == before


@pytest.mark.parametrize("trait", ["moderator", "officer", "staff"])
def test_other_staff_see_no_money(client, rows, sent_tasks, trait):
    client.force_login(PersonFactory(**{trait: True}))

    statuses = {client.get(list_of(model)).status_code for model in MODELS}
    statuses |= {client.get(page_of(row)).status_code for row in rows}
    statuses |= {replay(client, rows[1]).status_code}

    rows[1].refresh_from_db()
    assert statuses == {403}
    assert (rows[1].state, sent_tasks) == (ProviderEvent.State.DEAD, [])


def test_dead_events_are_handled_again(finance, sent_tasks):
    first, second, untouched = an_event("evt_1"), an_event("evt_2"), an_event("evt_3")

    page = replay(finance, first, second)

    states = dict(ProviderEvent.objects.values_list("event_id", "state"))
    assert "2 events are handled again." in page.content.decode()
    assert states == {"evt_1": "received", "evt_2": "received", "evt_3": "dead"}
    assert sorted(keys["event_pk"] for _task, keys in sent_tasks) == [first.pk, second.pk]
    first.refresh_from_db()
    untouched.refresh_from_db()
    assert (first.tries, untouched.tries) == (0, 8)
    assert first.next_try_at <= timezone.now()


def test_replaying_twice_leaves_one_event_in_line(finance, sent_tasks):
    event = an_event()

    for _ in range(2):
        replay(finance, event)

    event.refresh_from_db()
    assert (event.state, event.tries) == (ProviderEvent.State.RECEIVED, 0)
    assert ProviderEvent.objects.count() == 1


def test_lists_take_as_many_queries_for_twenty_as_for_one(finance, fake_provider):
    def one_more(count):
        attempt = started_attempt(placed_order())
        PaymentAttempt.objects.filter(pk=attempt.pk).update(amount_received=attempt.amount)
        attempt.refresh_from_db()
        ledger.post_captured(attempt, currency="INR")
        a_refund(attempt)
        an_event(f"evt_{count}")

    one_more(0)
    of_one = [queries_of(finance, list_of(model)) for model in MODELS]
    for count in range(1, 20):
        one_more(count)

    assert [queries_of(finance, list_of(model)) for model in MODELS] == of_one


def queries_of(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
