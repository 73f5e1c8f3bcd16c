"""The address that Stripe calls, with real signatures."""

import hashlib
import hmac
import json
import logging
import time
from datetime import UTC, datetime

import pytest
import stripe
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError as BrokerDown

from marketplace.lib import queue
from payments.models import ProviderEvent
from payments.services import events
from payments.views import MAX_EVENT_BYTES
from tests.support.race import race

pytestmark = pytest.mark.django_db

SECRET = "whsec_simulator"
NOW = 1_800_000_000


def an_event(**changes):
    """A completed session as Stripe sends it."""
    session = {
        "id": "cs_test_1",
        "object": "checkout.session",
        "metadata": {"order": "0000-0000-00", "attempt": "2f1b6c1e-6d61-4a54-9d39-6a6f9a8f4a11"},
        "customer_details": {"email": "dema@example.org", "phone": "+97517123456"},
    }
    fields = {
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "api_version": "2026-10-28.endive",
        "created": NOW,
        "livemode": False,
        "data": {"object": session},
    }
    return {**fields, **changes}


def signature_of(payload, secret, signed_at):
    """Stripe's scheme, for bodies that are no text too."""
    digest = hmac.new(secret.encode(), b"%d." % signed_at + payload, hashlib.sha256).hexdigest()
    return f"t={signed_at},v1={digest}"


def send(client, body, *, secret=SECRET, age=0, signature=None, **headers):
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    if signature is None:
        signature = signature_of(payload, secret, int(time.time()) - age)
    return client.post(
        reverse("stripe-webhook"),
        data=payload,
        content_type="application/json",
        headers={"Stripe-Signature": signature, **headers},
    )


def test_our_signature_is_the_one_of_the_sdk():
    payload = json.dumps(an_event())

    ours = signature_of(payload.encode(), SECRET, NOW)

    assert ours == stripe.WebhookSignature.generate_signature_header(payload, SECRET, timestamp=NOW)


def assert_nothing_stored():
    assert ProviderEvent.objects.count() == 0


def test_an_event_is_stored_with_what_may_be_kept_and_its_handling_queued(
    client, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(queue, "_send", lambda task, keys: sent.append((task, keys)))

    with django_capture_on_commit_callbacks(execute=True):
        response = send(client, an_event(), **{"User-Agent": "Stripe/1.0", "Cookie": "secret"})

    row = ProviderEvent.objects.get()
    assert response.status_code == 200
    assert (row.provider, row.account, row.event_id, row.kind, row.object_id) == (
        "stripe",
        "",
        "evt_1",
        "checkout.session.completed",
        "cs_test_1",
    )
    assert row.occurred_at == datetime.fromtimestamp(NOW, UTC)
    assert (row.state, row.tries, row.is_live) == ("received", 0, False)
    assert row.reference == "2f1b6c1e-6d61-4a54-9d39-6a6f9a8f4a11"
    assert row.payload["data"]["object"]["metadata"]["order"] == "0000-0000-00"
    assert row.headers == {"content-type": "application/json", "user-agent": "Stripe/1.0"}
    assert sent == [("payments.handle_provider_event", {"event_pk": row.pk})]


def test_a_repeat_changes_nothing_and_is_thanked_for(client, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr(queue, "_send", lambda task, keys: sent.append(task))

    with django_capture_on_commit_callbacks(execute=True):
        statuses = [send(client, an_event()).status_code for _ in range(3)]

    assert statuses == [200, 200, 200]
    assert ProviderEvent.objects.count() == 1
    assert sent == ["payments.handle_provider_event"]


def test_the_same_number_of_another_account_is_another_event(client):
    statuses = [send(client, event).status_code for event in (an_event(), an_event(account="acct_1"))]

    assert statuses == [200, 200]
    assert sorted(ProviderEvent.objects.values_list("account", flat=True)) == ["", "acct_1"]


@pytest.mark.fault(8)
@pytest.mark.parametrize(
    "signature",
    [
        "",
        "nonsense",
        "t=1,v1=00",
        "t=abc,v1=00",
        f"t={int(time.time())},v0=00",
        "t=,v1=",
        "v1=00",
        "t=1" * 9999,
    ],
    ids=["empty", "nonsense", "old", "no-time", "no-v1", "no-values", "no-time-at-all", "long"],
)
def test_a_bad_signature_is_refused_counted_and_leaves_no_row(client, signature, caplog):
    with caplog.at_level(logging.WARNING):
        response = send(client, an_event(), signature=signature)

    assert response.status_code == 400
    assert_nothing_stored()
    assert [record.why for record in caplog.records if record.message == "webhook refused"] == [
        "BadSignature"
    ]


@pytest.mark.fault(8)
def test_a_body_changed_after_signing_is_refused(client):
    payload = json.dumps(an_event()).encode()
    signature = signature_of(payload, SECRET, int(time.time()))

    response = send(client, payload.replace(b"evt_1", b"evt_2"), signature=signature)

    assert response.status_code == 400
    assert_nothing_stored()


def test_another_secret_is_refused(client):
    response = send(client, an_event(), secret="whsec_somebody_else")

    assert response.status_code == 400
    assert_nothing_stored()


@pytest.mark.fault(9)
@pytest.mark.parametrize(("age", "status"), [(290, 200), (310, 400), (3 * 24 * 3600, 400)])
def test_a_signature_is_good_for_300_seconds(client, age, status):
    response = send(client, an_event(), age=age)

    assert response.status_code == status
    assert ProviderEvent.objects.count() == (1 if status == 200 else 0)


@pytest.mark.fault(51)
def test_a_sender_whose_clock_runs_ahead_is_believed(client):
    response = send(client, an_event(), age=-120)

    assert response.status_code == 200
    assert ProviderEvent.objects.count() == 1


@pytest.mark.fault(10)
@pytest.mark.parametrize("secret", ["whsec_old", "whsec_new"])
def test_while_secrets_rotate_both_are_believed(client, settings, secret):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", "whsec_old"]

    response = send(client, an_event(), secret=secret)

    assert response.status_code == 200
    assert ProviderEvent.objects.count() == 1


@pytest.mark.fault(10)
def test_after_the_rotation_the_old_secret_is_refused(client, settings):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new"]

    response = send(client, an_event(), secret="whsec_old")

    assert response.status_code == 400
    assert_nothing_stored()


def test_without_any_secret_nothing_is_believed(client, settings):
    settings.STRIPE_WEBHOOK_SECRETS = []

    response = send(client, an_event(), secret="")

    assert response.status_code == 400
    assert_nothing_stored()


MALFORMED = {
    "nothing": b"",
    "no JSON": b"<html>",
    "half": b'{"id": "evt_1"',
    "a list": b"[]",
    "a word": b'"evt_1"',
    "null": b"null",
    "no fields": b"{}",
    "no UTF-8": b"\xff\xfe\xfa",
    "deep": b"[" * 100_000,
    "another object": json.dumps(an_event(object="charge")).encode(),
    "number as id": json.dumps(an_event(id=7)).encode(),
    "no mode": json.dumps(an_event(livemode=None)).encode(),
    "words as mode": json.dumps(an_event(livemode="no")).encode(),
    "no data": json.dumps(an_event(data=None)).encode(),
    "data without object": json.dumps(an_event(data={"object": []})).encode(),
    "metadata as list": json.dumps(an_event(data={"object": {"metadata": [1]}})).encode(),
    "no time": json.dumps(an_event(created=None)).encode(),
    "a time in words": json.dumps(an_event(created="yesterday")).encode(),
    "a time beyond time": json.dumps(an_event(created=10**30)).encode(),
    "an endless id": json.dumps(an_event(id="evt_" + "1" * 300)).encode(),
    "an empty id": json.dumps(an_event(id="")).encode(),
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_signed_message_that_is_no_event_is_refused(client, body):
    response = send(client, body)

    assert response.status_code == 400
    assert_nothing_stored()


ODD = {
    "long type": an_event(type="x" * 300),
    "long version": an_event(api_version="v" * 300),
    "long object": an_event(data={"object": {"id": "cs_" + "1" * 300}}),
    "no object id": an_event(data={"object": {}}),
    "NUL in a name": an_event(
        data={"object": {"id": "cs_1", "metadata": {"attempt": "a\0b"}, "name": "a\0b"}}
    ),
    "NUL in a member": an_event(data={"object": {"id": "cs_1", "a\0b": 1}}),
    "half a character": an_event(data={"object": {"id": "cs_1", "name": "\ud800"}}),
    "not a number": an_event(data={"object": {"id": "cs_1", "amount": float("nan")}}),
    "endless number": an_event(data={"object": {"id": "cs_1", "amount": float("inf")}}),
    "null metadata": an_event(data={"object": {"id": "cs_1", "metadata": None}}),
    "metadata of metadata": an_event(data={"object": {"id": "cs_1", "metadata": {"attempt": {"a": 1}}}}),
}


@pytest.mark.parametrize("event", ODD.values(), ids=ODD.keys())
def test_an_odd_event_is_stored_all_the_same(client, event):
    response = send(client, event)

    assert response.status_code == 200
    assert ProviderEvent.objects.get().event_id == "evt_1"


def test_a_deep_event_is_stored_or_refused_but_no_error(client):
    nested = json.loads('{"a":' * 300 + "1" + "}" * 300)

    response = send(client, an_event(data={"object": {"id": "cs_1", "name": nested}}))

    assert response.status_code in (200, 400)


@pytest.mark.fault(52)
def test_a_newer_api_version_is_stored_and_queued_like_any_other(client):
    response = send(client, an_event(api_version="2031-01-01.future", surprise={"new": True}))

    row = ProviderEvent.objects.get()
    assert response.status_code == 200
    assert (row.api_version, row.state) == ("2031-01-01.future", "received")


def test_a_body_that_is_too_long_is_refused_unread(client):
    response = send(client, b" " * (MAX_EVENT_BYTES + 1), signature="t=1,v1=00")

    assert response.status_code == 413
    assert_nothing_stored()


def test_a_body_just_short_enough_is_read(client):
    body = json.dumps(an_event()).encode()

    response = send(client, body + b" " * (MAX_EVENT_BYTES - len(body)))

    assert response.status_code == 200


@pytest.mark.parametrize("length", ["-1", "", "0"])
def test_a_body_without_a_length_is_empty_and_refused(client, length):
    response = client.post(
        reverse("stripe-webhook"), data=b"{}", content_type="application/json", CONTENT_LENGTH=length
    )

    assert response.status_code == 400
    assert_nothing_stored()


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "head"])
def test_only_posting_is_answered(client, method):
    response = getattr(client, method)(reverse("stripe-webhook"))

    assert response.status_code == 405
    assert_nothing_stored()


def test_no_csrf_token_and_no_session_are_needed():
    response = send(Client(enforce_csrf_checks=True), an_event())

    assert response.status_code == 200
    assert not response.cookies


@pytest.mark.fault(14)
@pytest.mark.parametrize("error", [BrokerDown("down"), ConnectionRefusedError()])
def test_with_the_broker_down_the_event_is_stored_and_thanked_for(
    client, monkeypatch, error, django_capture_on_commit_callbacks
):
    def refuse(*_arguments, **_named):
        raise error

    monkeypatch.setattr(queue.current_app, "send_task", refuse)

    with django_capture_on_commit_callbacks(execute=True):
        response = send(client, an_event())

    assert response.status_code == 200
    assert ProviderEvent.objects.get().state == "received"
    assert list(ProviderEvent.objects.due(datetime.now(UTC))) == [ProviderEvent.objects.get()]


@pytest.mark.fault(15)
def test_with_the_database_down_stripe_is_asked_to_come_again(client, monkeypatch):
    def refuse(*_arguments, **_named):
        raise OperationalError("the database is away")

    client.raise_request_exception = False
    monkeypatch.setattr(events, "_store", refuse)

    response = send(client, an_event())

    assert response.status_code == 500
    assert_nothing_stored()


PRIVATE = {
    "customer_details": {"email": "dema@example.org"},
    "customer_email": "dema@example.org",
    "receipt_email": "dema@example.org",
    "billing_details": {"name": "Dema"},
    "shipping": {"name": "Dema"},
    "shipping_details": {"name": "Dema"},
    "collected_information": {"name": "Dema"},
    "payment_method_details": {"card": {"last4": "4242", "fingerprint": "f"}},
    "payment_method_options": {"card": {}},
    "card": {"last4": "4242", "fingerprint": "f", "exp_month": 1},
    "us_bank_account": {"last4": "6789"},
    "sepa_debit": {"last4": "3000"},
    "upi": {"vpa": "dema@upi"},
    "bank_account": {"last4": "6789"},
    "source": {"card": {"last4": "4242"}},
    "sources": {"data": [{"last4": "4242"}]},
    "external_accounts": {"data": [{"last4": "6789"}]},
    "client_secret": "cs_secret_1",
    "next_action": {"redirect_to_url": "https://bank.example"},
    "email": "dema@example.org",
    "phone": "+97517123456",
    "address": {"line1": "Norzin Lam 12"},
}


@pytest.mark.parametrize("member", PRIVATE, ids=PRIVATE.keys())
def test_card_bank_and_contact_data_are_stored_at_no_depth(client, member):
    private = {member: PRIVATE[member]}
    subject = {
        "id": "cs_1",
        "kept": 1,
        **private,
        "latest_charge": {"kept": 2, "list": [{"kept": 3, **private}]},
    }

    send(client, an_event(type="payment_method.attached", data={"object": subject}))

    stored = ProviderEvent.objects.get().payload
    assert stored["data"]["object"] == {
        "id": "cs_1",
        "kept": 1,
        "latest_charge": {"kept": 2, "list": [{"kept": 3}]},
    }


@pytest.mark.fault(5)
@pytest.mark.django_db(transaction=True)
def test_one_event_ten_times_at_once_is_one_row(client, monkeypatch):
    sent = []
    monkeypatch.setattr(queue, "_send", lambda task, keys: sent.append(task))
    statuses = []

    outcomes = race(lambda: statuses.append(send(client, an_event()).status_code), contenders=10)

    assert outcomes == [None] * 10
    assert statuses == [200] * 10
    assert ProviderEvent.objects.count() == 1
    assert sent == ["payments.handle_provider_event"]
