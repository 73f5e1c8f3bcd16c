"""The Stripe client: how calls look, how refusals and silences are told apart, who signed an event."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import stripe

from payments.providers.base import (
    AccountRestricted,
    BadSignature,
    InsufficientFunds,
    MalformedEvent,
    PaymentDeclined,
    PaymentLine,
    ProviderConflict,
    ProviderRequestRejected,
    ProviderUnavailable,
)
from payments.providers.stripe import StripeProvider
from payments.providers.stripe.errors import translated_errors
from payments.simulator.contract import published_contract
from tests.support.simulator import SECRET, payment_request

HOUR_AGO = timedelta(hours=1)


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


def test_sdk_settings_and_contract_speak_the_same_version(settings):
    assert stripe.api_version == settings.STRIPE_API_VERSION == published_contract().version


def test_a_session_says_what_it_is_for(simulator):
    request = payment_request()

    payment = simulator.provider().create_payment(request)

    [session] = simulator.objects("checkout.session")
    assert session["client_reference_id"] == request.attempt_reference
    assert (session["amount_total"], session["currency"]) == (123450, "inr")
    assert session["success_url"] == "http://shop.example/paid?session={CHECKOUT_SESSION_ID}"
    assert session["cancel_url"] == "http://shop.example/basket"
    assert session["customer_email"] == "dema@example.org"
    simulator.pay(payment.session_id)
    [intent] = simulator.objects("payment_intent")
    assert intent["metadata"] == {"order": "K7-4412", "attempt": request.attempt_reference}
    assert intent["transfer_group"] == "order:K7-4412"


def test_a_guest_without_email_can_pay(simulator):
    payment = simulator.provider().create_payment(payment_request(customer_email=""))

    assert payment.session_status == "open"


def test_a_line_that_does_not_divide_is_shown_as_one_unit(simulator):
    lines = (PaymentLine("Dried apple", 3, Decimal("10.00")), PaymentLine("Rice", 4, Decimal("8.00")))
    request = payment_request(amount=Decimal("18.00"), lines=lines)

    session_id = simulator.provider().create_payment(request).session_id

    items = simulator.api("GET", f"/v1/checkout/sessions/{session_id}/line_items").values["data"]
    shown = [(item["description"], item["quantity"], item["amount_total"]) for item in items]
    assert shown == [("Dried apple \N{MULTIPLICATION SIGN} 3", 1, 1000), ("Rice", 4, 800)]


@pytest.mark.parametrize(
    "line",
    [
        PaymentLine("Rice", 0, Decimal("5.00")),
        PaymentLine("Rice", 1, Decimal("-5.00")),
        PaymentLine(" ", 1, Decimal("5.00")),
        PaymentLine("Rice", 1, Decimal("5.005")),
    ],
    ids=["no units", "below zero", "no name", "half a paisa"],
)
def test_a_bad_line_is_refused_before_any_call(simulator, line):
    lines = (line, PaymentLine("Delivery", 1, Decimal("20.00") - line.amount))

    with pytest.raises(ValueError, match=r"line|coin"):
        simulator.provider().create_payment(payment_request(amount=Decimal("20.00"), lines=lines))

    assert simulator.objects("checkout.session") == []


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "0.001"])
def test_a_refund_of_nothing_is_refused_before_any_call(simulator, amount):
    with pytest.raises(ValueError, match=r"cannot move|coin"):
        simulator.provider().refund_payment(
            key="refund:1",
            payment_intent_id="pi_1",
            amount=Decimal(amount),
            currency="INR",
            reason="",
            metadata={},
        )

    assert simulator.objects("idempotency_key") == []


def test_a_refund_keeps_our_reason_and_stripes(simulator):
    provider = simulator.provider()
    session_id = provider.create_payment(payment_request()).session_id
    simulator.pay(session_id)
    intent_id = provider.retrieve_payment(session_id).payment_intent_id

    provider.refund_payment(
        key="refund:1",
        payment_intent_id=intent_id,
        amount=Decimal("1.00"),
        currency="INR",
        reason="one jar broke",
        metadata={"refund": "17"},
    )

    [refund] = simulator.objects("refund")
    assert refund["reason"] == "requested_by_customer"
    assert refund["metadata"] == {"reason": "one jar broke", "refund": "17"}


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("429", ProviderUnavailable),
        ("500", ProviderUnavailable),
        ("503", ProviderUnavailable),
        ("timeout", ProviderUnavailable),
        ("timeout_after_success", ProviderUnavailable),
        ("409", ProviderConflict),
    ],
)
def test_a_fault_of_the_provider_may_be_tried_again(simulator, kind, error):
    simulator.control("faults", method="POST", path="/v1/checkout/sessions", kind=kind)

    with pytest.raises(error):
        simulator.provider().create_payment(payment_request())


@pytest.mark.parametrize("kind", ["429", "409", "503", "timeout", "timeout_after_success"])
def test_after_a_passing_fault_the_same_key_makes_one_payment(simulator, kind):
    provider, request = simulator.provider(), payment_request()
    simulator.control("faults", method="POST", path="/v1/checkout/sessions", kind=kind)
    with pytest.raises(ProviderUnavailable):
        provider.create_payment(request)

    payment = provider.create_payment(request)

    assert [session["id"] for session in simulator.objects("checkout.session")] == [payment.session_id]


def test_a_500_is_repeated_under_its_key_until_another_key_is_used(simulator):
    provider, request = simulator.provider(), payment_request()
    simulator.control("faults", method="POST", path="/v1/checkout/sessions", kind="500")

    for _ in range(2):
        with pytest.raises(ProviderUnavailable):
            provider.create_payment(request)

    assert simulator.objects("checkout.session") == []
    assert provider.create_payment(replace(request, key="attempt:2")).session_status == "open"


def test_a_slow_answer_is_a_time_out(simulator):
    simulator.control("faults", path="/v1/checkout/sessions", kind="delay", seconds=0.6)

    with pytest.raises(ProviderUnavailable):
        simulator.provider(timeout=0.2).create_payment(payment_request())


def test_nobody_there_is_unavailable(simulator):
    provider = simulator.provider(api_base="http://127.0.0.1:9")

    with pytest.raises(ProviderUnavailable):
        provider.retrieve_payment("cs_test_1")


@pytest.mark.parametrize(
    "changes",
    [{"api_key": "sk_live_1"}, {"api_version": "2024-04-10"}],
    ids=["live key", "other version"],
)
def test_a_wrong_setting_is_rejected(simulator, changes):
    with pytest.raises(ProviderRequestRejected):
        simulator.provider(**changes).create_payment(payment_request())

    assert simulator.objects("checkout.session") == []


def test_a_declined_card_is_not_a_passing_fault():
    with pytest.raises(PaymentDeclined) as declined, translated_errors():
        raise stripe.CardError("Your card was declined.", "", "card_declined", http_status=402)

    assert (str(declined.value), declined.value.code) == ("Your card was declined.", "card_declined")
    assert not isinstance(declined.value, ProviderUnavailable)


def test_an_open_payment_that_cannot_be_expired_is_an_error(simulator):
    provider = simulator.provider()
    session_id = provider.create_payment(payment_request()).session_id
    simulator.control("faults", path=f"/v1/checkout/sessions/{session_id}/expire", kind="503")

    with pytest.raises(ProviderUnavailable):
        provider.expire_payment(session_id)

    assert provider.retrieve_payment(session_id).session_status == "open"


def test_a_completed_payment_is_found_before_a_newer_one(simulator):
    provider = simulator.provider()
    first = provider.create_payment(payment_request(key="attempt:old")).session_id
    simulator.pay(first)
    provider.create_payment(payment_request(key="attempt:new"))

    found = provider.find_payment(payment_request().attempt_reference, datetime.now(UTC) - HOUR_AGO)

    assert found.session_id == first


def test_a_payment_is_found_behind_more_than_one_page(simulator):
    provider = simulator.provider()
    provider.create_payment(payment_request(key="attempt:old", attempt_reference="old"))
    for number in range(101):
        provider.create_payment(payment_request(key=f"attempt:{number}"))

    found = provider.find_payment("old", datetime.now(UTC) - HOUR_AGO)

    assert found.metadata["attempt"] == "old"


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


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("balance_insufficient", InsufficientFunds),
        ("insufficient_capabilities_for_transfer", AccountRestricted),
        ("account_invalid", AccountRestricted),
        ("resource_missing", ProviderRequestRejected),
    ],
)
def test_a_refused_transfer_says_whose_trouble_it_is(code, error):
    with pytest.raises(ProviderRequestRejected) as refused, translated_errors():
        raise stripe.InvalidRequestError("No.", None, code, http_status=400)

    assert (type(refused.value), refused.value.code) == (error, code)
