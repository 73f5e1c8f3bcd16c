"""What every provider promises of payments, asked of the Stripe client at the simulator and of the fake alike."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from payments.providers.base import (
    PaymentLine,
    ProviderRequestRejected,
    ProviderUnavailable,
)
from tests.support.simulator import payment_request

HOUR_AGO = timedelta(hours=1)
UNKNOWN = "cs_test_unknown"


def test_a_new_payment_is_open_and_unpaid(counter):
    request = payment_request()

    payment = counter.provider.create_payment(request)

    assert payment.url.startswith("http")
    assert (payment.session_status, payment.payment_status) == ("open", "unpaid")
    assert (payment.payment_intent_id, payment.charge_id, payment.failure_message) == ("", "", "")
    assert (payment.amount_received, payment.currency, payment.is_live) == (Decimal("0.00"), "INR", False)
    assert payment.metadata == {"order": "K7-4412", "attempt": request.attempt_reference}
    assert payment.expires_at == request.expires_at


def test_a_paid_payment_names_what_was_received(paid):
    assert (paid.session_status, paid.payment_status) == ("complete", "paid")
    assert (paid.amount_received, paid.currency) == (Decimal("1234.50"), "INR")
    assert paid.payment_intent_id
    assert paid.charge_id
    assert paid.url == ""


def test_the_same_key_opens_one_payment(counter):
    request = payment_request()

    first = counter.provider.create_payment(request)
    second = counter.provider.create_payment(request)

    assert second.session_id == first.session_id


def test_a_key_with_other_parameters_is_rejected(counter):
    request = payment_request()
    counter.provider.create_payment(request)

    with pytest.raises(ProviderRequestRejected):
        counter.provider.create_payment(replace(request, order_number="K7-4413"))

    assert counter.provider.find_payment(
        request.attempt_reference, datetime.now(UTC) - HOUR_AGO
    ).metadata == {
        "order": "K7-4412",
        "attempt": request.attempt_reference,
    }


@pytest.mark.parametrize("shown", ["1234.49", "1234.51"])
def test_lines_that_do_not_add_up_are_refused_before_any_call(counter, shown):
    request = payment_request(amount=Decimal(shown))

    with pytest.raises(ValueError, match="add up"):
        counter.provider.create_payment(request)

    assert counter.provider.find_payment(request.attempt_reference, datetime.now(UTC) - HOUR_AGO) is None


def test_a_payment_made_by_a_call_without_answer_is_found_and_repeated_once(counter):
    request = payment_request()
    counter.lose_answer("create_payment")

    with pytest.raises(ProviderUnavailable):
        counter.provider.create_payment(request)

    found = counter.provider.find_payment(request.attempt_reference, datetime.now(UTC) - HOUR_AGO)
    assert found.session_status == "open"
    assert counter.provider.create_payment(request).session_id == found.session_id


def test_nothing_is_found_for_another_attempt(counter):
    counter.provider.create_payment(payment_request())

    assert counter.provider.find_payment("another", datetime.now(UTC) - HOUR_AGO) is None


def test_an_expired_payment_cannot_be_paid(counter):
    session_id = counter.provider.create_payment(payment_request()).session_id

    expired = counter.provider.expire_payment(session_id)
    counter.pay(session_id)

    assert (expired.session_status, expired.payment_status, expired.url) == ("expired", "unpaid", "")
    after = counter.provider.retrieve_payment(session_id)
    assert (after.session_status, after.amount_received) == ("expired", Decimal("0.00"))


def test_expiring_twice_is_fine(counter):
    session_id = counter.provider.create_payment(payment_request()).session_id
    counter.provider.expire_payment(session_id)

    assert counter.provider.expire_payment(session_id).session_status == "expired"


def test_expiring_a_paid_payment_returns_it_as_paid(counter, paid):
    after = counter.provider.expire_payment(paid.session_id)

    assert (after.session_status, after.amount_received) == ("complete", Decimal("1234.50"))


def test_a_declined_payment_stays_open_with_the_reason_and_can_be_paid(counter):
    session_id = counter.provider.create_payment(payment_request()).session_id

    counter.decline(session_id)
    declined = counter.provider.retrieve_payment(session_id)
    counter.pay(session_id)

    assert (declined.session_status, declined.payment_status) == ("open", "unpaid")
    assert declined.failure_message == "Your card was declined."
    assert (declined.charge_id, declined.amount_received) == ("", Decimal("0.00"))
    paid = counter.provider.retrieve_payment(session_id)
    assert (paid.payment_status, paid.failure_message) == ("paid", "")


def test_an_unknown_payment_is_rejected(counter):
    with pytest.raises(ProviderRequestRejected) as refused:
        counter.provider.retrieve_payment(UNKNOWN)

    assert refused.value.code == "resource_missing"


def test_events_are_listed_newest_first(counter):
    session_id = counter.provider.create_payment(payment_request()).session_id
    counter.decline(session_id)
    counter.pay(session_id)

    events = list(counter.provider.list_events(datetime.now(UTC) - HOUR_AGO))

    types = [event.type for event in events]
    assert types[0] == "checkout.session.completed"
    assert types.index("payment_intent.payment_failed") > 0
    assert (events[0].object_id, events[0].account, events[0].is_live) == (session_id, "", False)
    assert events[0].metadata["order"] == "K7-4412"
    assert list(counter.provider.list_events(datetime.now(UTC) + HOUR_AGO)) == []


def test_a_line_without_price_is_allowed_beside_others(counter):
    lines = (PaymentLine("Honey", 1, Decimal("10.00")), PaymentLine("Delivery", 1, Decimal("0.00")))

    payment = counter.provider.create_payment(payment_request(amount=Decimal("10.00"), lines=lines))

    assert payment.session_status == "open"


def test_a_card_pays_exactly_what_was_asked(counter):
    assert counter.provider.takes_any_amount is False
