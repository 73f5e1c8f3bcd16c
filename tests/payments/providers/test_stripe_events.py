"""Events of Stripe: who signed one, and what it is about."""

import json
import time
from datetime import UTC, datetime

import pytest
import stripe

from payments.providers.base import BadSignature, MalformedEvent
from payments.providers.stripe import StripeProvider
from payments.simulator.contract import published_contract
from tests.support.simulator import SECRET


def event_body(**changes):
    values = {
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "api_version": "2026-10-28.endive",
        "created": 1790000000,
        "livemode": False,
        "data": {"object": {"id": "cs_test_1", "object": "checkout.session", "metadata": {"attempt": "7"}}},
    }
    return json.dumps({**values, **changes}).encode()


def signature(payload, secret=SECRET, age=0):
    timestamp = int(time.time()) - age
    return stripe.WebhookSignature.generate_signature_header(payload.decode(), secret, timestamp)


def provider_with(*secrets):
    return StripeProvider(
        api_key="sk_test_1", webhook_secrets=secrets, api_version=published_contract().version
    )


def test_a_signed_event_is_read():
    body = event_body()

    event = provider_with(SECRET).verify_event(body, signature(body))

    assert (event.id, event.type, event.account) == ("evt_1", "checkout.session.completed", "")
    assert (event.object_id, event.metadata, event.is_live) == ("cs_test_1", {"attempt": "7"}, False)
    assert event.created_at == datetime.fromtimestamp(1790000000, UTC)
    assert event.api_version == "2026-10-28.endive"


def test_a_connect_event_names_its_account():
    body = event_body(account="acct_1")

    assert provider_with(SECRET).verify_event(body, signature(body)).account == "acct_1"


def test_a_newer_api_version_is_told():
    body = event_body(api_version="2027-03-01.fennel")

    assert provider_with(SECRET).verify_event(body, signature(body)).api_version == "2027-03-01.fennel"


@pytest.mark.parametrize("used", ["whsec_new", "whsec_old"])
def test_every_active_secret_is_tried(used):
    body = event_body()

    event = provider_with("whsec_new", "whsec_old").verify_event(body, signature(body, used))

    assert event.id == "evt_1"


def test_a_header_with_several_signatures_is_accepted():
    body = event_body()
    old = signature(body, "whsec_old")
    both = f"{signature(body, 'whsec_new')},{old.partition(',')[2]}"

    assert provider_with("whsec_old").verify_event(body, both).id == "evt_1"


@pytest.mark.parametrize(("age", "is_accepted"), [(0, True), (290, True), (310, False), (86400, False)])
def test_an_old_signature_is_refused(age, is_accepted):
    body = event_body()
    provider, header = provider_with(SECRET), signature(body, age=age)

    if is_accepted:
        assert provider.verify_event(body, header).id == "evt_1"
        return
    with pytest.raises(BadSignature):
        provider.verify_event(body, header)


@pytest.mark.parametrize(
    "header",
    ["", "t=,v1=", "garbage", "t=1,v0=00", "v1=00", "t=99999999999999999999,v1=00", "t=1,v1=\u0e01"],
)
def test_a_broken_signature_is_refused(header):
    with pytest.raises(BadSignature):
        provider_with(SECRET).verify_event(event_body(), header)


def test_a_changed_body_is_refused():
    header = signature(event_body())

    with pytest.raises(BadSignature):
        provider_with(SECRET).verify_event(event_body(id="evt_2"), header)


@pytest.mark.parametrize("secrets", [(), ("",), ("whsec_other",)], ids=["none", "empty", "foreign"])
def test_without_the_right_secret_nothing_is_accepted(secrets):
    body = event_body()

    with pytest.raises(BadSignature):
        provider_with(*secrets).verify_event(body, signature(body))


def test_a_body_that_is_no_text_is_refused():
    with pytest.raises(BadSignature):
        provider_with(SECRET).verify_event(b"\xff\xfe", signature(event_body()))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b"null",
        b'"evt_1"',
        b"{}",
        b"[" * 50000,
        event_body(object="charge"),
        event_body(id=7),
        event_body(type=None),
        event_body(created="soon"),
        event_body(created=10**20),
        event_body(created=False).replace(b"false", b"1e999", 1),
        event_body(created=False).replace(b"false", b"-1e999", 1),
        event_body(created=False).replace(b"false", b"NaN", 1),
        event_body(data={"object": {"id": "re_1", "amount": False}}).replace(
            b'amount": false', b'amount": 1e999'
        ),
        event_body(livemode="false"),
        event_body(data=[]),
        event_body(data={"object": "cs_test_1"}),
        event_body(data={"object": {"id": "cs_test_1", "metadata": ["a"]}}),
    ],
)
def test_a_signed_message_that_is_no_event_is_malformed(body):
    with pytest.raises(MalformedEvent):
        provider_with(SECRET).verify_event(body, signature(body))


def test_an_event_about_an_object_without_id_is_read():
    body = event_body(type="balance.available", data={"object": {"object": "balance"}})

    event = provider_with(SECRET).verify_event(body, signature(body))

    assert (event.object_id, event.metadata) == ("", {})


@pytest.mark.parametrize(
    ("subject", "payment_intent_id", "charge_id"),
    [
        ({"id": "re_1", "object": "refund", "payment_intent": "pi_1", "charge": "ch_1"}, "pi_1", "ch_1"),
        (
            {"id": "dp_1", "object": "dispute", "payment_intent": "pi_1", "charge": {"id": "ch_1"}},
            "pi_1",
            "ch_1",
        ),
        ({"id": "ch_1", "object": "charge", "payment_intent": "pi_1"}, "pi_1", "ch_1"),
        ({"id": "pi_1", "object": "payment_intent", "latest_charge": "ch_1"}, "pi_1", "ch_1"),
        ({"id": "pi_1", "object": "payment_intent", "latest_charge": None}, "pi_1", ""),
        ({"id": "cs_1", "object": "checkout.session", "payment_intent": "pi_1"}, "pi_1", ""),
        ({"id": "re_1", "object": "refund", "payment_intent": None, "charge": 7}, "", ""),
        ({"id": "acct_1", "object": "account"}, "", ""),
    ],
)
def test_an_event_names_the_payment_that_its_object_belongs_to(subject, payment_intent_id, charge_id):
    body = event_body(type="something.updated", data={"object": subject})

    event = provider_with(SECRET).verify_event(body, signature(body))

    assert (event.payment_intent_id, event.charge_id) == (payment_intent_id, charge_id)
    assert event.object_id == subject["id"]


def test_a_secret_of_connected_accounts_is_none_of_our_own_address():
    body = event_body(account="acct_1")
    ours, connected = provider_with(SECRET), provider_with("whsec_connect")

    with pytest.raises(BadSignature):
        ours.verify_event(body, signature(body, "whsec_connect"))

    assert connected.verify_event(body, signature(body, "whsec_connect")).account == "acct_1"
