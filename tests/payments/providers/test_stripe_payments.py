"""Payments at Stripe: how the calls look, which ones are never made, what is found again."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import stripe

from payments.providers.base import PaymentLine, ProviderUnavailable
from payments.simulator.contract import published_contract
from tests.support.simulator import payment_request

HOUR_AGO = timedelta(hours=1)


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
