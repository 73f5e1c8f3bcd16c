"""What every provider promises of refunds, asked of the Stripe client at the simulator and of the fake alike."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from payments.providers.base import ProviderRequestRejected, ProviderUnavailable
from tests.support.simulator import payment_request

HOUR_AGO = timedelta(hours=1)


def refund(counter, payment, amount, key="refund:1", reference="17"):
    return counter.provider.refund_payment(
        key=key,
        payment_intent_id=payment.payment_intent_id,
        amount=Decimal(amount),
        currency="INR",
        reason="two of five were not supplied",
        metadata={"refund": reference},
    )


def refunded(counter, payment):
    return sum(
        (each.amount for each in counter.provider.list_refunds(payment.payment_intent_id)), Decimal("0.00")
    )


def event_of(counter, event_type):
    events = counter.provider.list_events(datetime.now(UTC) - HOUR_AGO)
    return next(event for event in events if event.type == event_type)


def test_a_refund_says_what_it_gives_back_and_for_what(counter, paid):
    made = refund(counter, paid, "1000.00")

    assert (made.status, made.amount, made.currency) == ("succeeded", Decimal("1000.00"), "INR")
    assert (made.payment_intent_id, made.failure_reason) == (paid.payment_intent_id, "")
    assert made.metadata == {"reason": "two of five were not supplied", "refund": "17"}
    assert abs(datetime.now(UTC) - made.created_at) < HOUR_AGO
    assert counter.provider.retrieve_refund(made.id) == made


def test_parts_are_refunded_up_to_what_was_received(counter, paid):
    refund(counter, paid, "1000.00", key="refund:1")
    refund(counter, paid, "234.50", key="refund:2")

    with pytest.raises(ProviderRequestRejected) as refused:
        refund(counter, paid, "0.01", key="refund:3")

    assert refused.value.code == "charge_already_refunded"
    assert refunded(counter, paid) == Decimal("1234.50")


def test_too_large_a_refund_is_rejected_and_leaves_the_rest(counter, paid):
    refund(counter, paid, "1000.00", key="refund:1")

    with pytest.raises(ProviderRequestRejected):
        refund(counter, paid, "234.51", key="refund:2")

    assert refunded(counter, paid) == Decimal("1000.00")
    assert refund(counter, paid, "234.50", key="refund:3").status == "succeeded"


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "0.001"])
def test_a_refund_of_nothing_is_refused_before_any_call(counter, paid, amount):
    with pytest.raises(ValueError, match=r"cannot move|coin"):
        refund(counter, paid, amount)

    assert counter.provider.list_refunds(paid.payment_intent_id) == []


def test_the_same_key_gives_back_once(counter, paid):
    first = refund(counter, paid, "1000.00")
    second = refund(counter, paid, "1000.00")

    assert second == first
    assert refunded(counter, paid) == Decimal("1000.00")


def test_a_key_with_another_amount_is_rejected(counter, paid):
    refund(counter, paid, "1000.00")

    with pytest.raises(ProviderRequestRejected):
        refund(counter, paid, "100.00")

    assert refunded(counter, paid) == Decimal("1000.00")


def test_a_refusal_is_repeated_under_its_key_though_its_cause_is_gone(counter, paid):
    dispute = counter.open_dispute(paid.payment_intent_id, Decimal("100.00"))
    with pytest.raises(ProviderRequestRejected):
        refund(counter, paid, "10.00")
    counter.close_dispute(dispute.id, won=True)

    with pytest.raises(ProviderRequestRejected) as repeated:
        refund(counter, paid, "10.00")

    assert repeated.value.code == "charge_disputed"
    assert refund(counter, paid, "10.00", key="refund:2").status == "succeeded"


def test_a_refund_whose_answer_was_lost_is_found_and_repeated_once(counter, paid):
    counter.lose_answer("refund_payment")
    with pytest.raises(ProviderUnavailable):
        refund(counter, paid, "1000.00")

    found = counter.provider.find_refund("17", paid.payment_intent_id)

    assert found == refund(counter, paid, "1000.00")
    assert refunded(counter, paid) == Decimal("1000.00")


def test_a_forgotten_key_gives_back_again_so_one_searches_first(counter, paid):
    first = refund(counter, paid, "100.00")
    counter.forget_keys()

    assert counter.provider.find_refund("17", paid.payment_intent_id) == first
    assert refund(counter, paid, "100.00").id != first.id


def test_no_refund_is_found_under_another_reference_or_payment(counter, paid):
    refund(counter, paid, "100.00")
    other = counter.provider.create_payment(payment_request(key="attempt:2")).session_id
    counter.pay(other)
    other_intent = counter.provider.retrieve_payment(other).payment_intent_id

    assert counter.provider.find_refund("18", paid.payment_intent_id) is None
    assert counter.provider.find_refund("17", other_intent) is None
    assert counter.provider.list_refunds(other_intent) == []


def test_all_refunds_are_listed_newest_first(counter, paid):
    first = refund(counter, paid, "100.00", key="refund:1", reference="1")
    second = refund(counter, paid, "200.00", key="refund:2", reference="2")

    listed = counter.provider.list_refunds(paid.payment_intent_id)

    assert listed == [second, first]


def test_a_refund_made_in_the_dashboard_is_listed_without_our_metadata(counter, paid):
    counter.refund_in_dashboard(paid.payment_intent_id, Decimal("200.00"))

    [found] = counter.provider.list_refunds(paid.payment_intent_id)

    assert (found.amount, found.status, found.metadata) == (Decimal("200.00"), "succeeded", {})
    event = event_of(counter, "refund.created")
    assert (event.object_id, event.metadata) == (found.id, {})
    assert (event.payment_intent_id, event.charge_id) == (paid.payment_intent_id, paid.charge_id)
    whole = event_of(counter, "charge.refunded")
    assert (whole.object_id, whole.charge_id) == (paid.charge_id, paid.charge_id)
    assert whole.metadata["order"] == "K7-4412"


def test_a_refund_that_fails_later_can_be_made_again(counter, paid):
    made = refund(counter, paid, "1234.50")

    counter.fail_refund(made.id, "lost_or_stolen_card")

    failed = counter.provider.retrieve_refund(made.id)
    assert (failed.status, failed.failure_reason) == ("failed", "lost_or_stolen_card")
    event = event_of(counter, "refund.failed")
    assert (event.object_id, event.metadata["refund"]) == (made.id, "17")
    assert event.payment_intent_id == paid.payment_intent_id
    assert refund(counter, paid, "1234.50", key="refund:2").status == "succeeded"


@pytest.mark.parametrize("outcome", ["succeeded", "failed"])
def test_a_pending_refund_counts_until_it_fails(counter, paid, outcome):
    counter.set_pending_refunds(True)
    made = refund(counter, paid, "1000.00")
    assert made.status == "pending"
    with pytest.raises(ProviderRequestRejected):
        refund(counter, paid, "1000.00", key="refund:2")

    if outcome == "succeeded":
        counter.succeed_refund(made.id)
    else:
        counter.fail_refund(made.id, "declined")

    assert counter.provider.retrieve_refund(made.id).status == outcome
    assert event_of(counter, "refund.updated").object_id == made.id


def test_an_unknown_refund_or_payment_is_rejected(counter, paid):
    with pytest.raises(ProviderRequestRejected) as unknown:
        counter.provider.retrieve_refund("re_unknown")
    with pytest.raises(ProviderRequestRejected):
        counter.provider.refund_payment(
            key="refund:9",
            payment_intent_id="pi_unknown",
            amount=Decimal("1.00"),
            currency="INR",
            reason="",
            metadata={},
        )

    assert unknown.value.code == "resource_missing"
    assert refunded(counter, paid) == Decimal("0.00")
