"""How refusals and silences of Stripe are told apart."""

from dataclasses import replace

import pytest
import stripe

from payments.providers.base import (
    AccountRestricted,
    InsufficientFunds,
    PaymentDeclined,
    ProviderConflict,
    ProviderRequestRejected,
    ProviderUnavailable,
)
from payments.providers.stripe.errors import translated_errors
from tests.support.simulator import payment_request


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
