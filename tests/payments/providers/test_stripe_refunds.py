"""Refunds at Stripe: how the call looks."""

from decimal import Decimal

from tests.support.simulator import payment_request


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


def test_a_refund_is_found_behind_more_than_one_page(simulator):
    provider = simulator.provider()
    session_id = provider.create_payment(payment_request()).session_id
    simulator.pay(session_id)
    intent_id = provider.retrieve_payment(session_id).payment_intent_id
    for number in range(101):
        provider.refund_payment(
            key=f"refund:{number}",
            payment_intent_id=intent_id,
            amount=Decimal("0.01"),
            currency="INR",
            reason="",
            metadata={"refund": str(number)},
        )

    found = provider.find_refund("0", intent_id)

    assert found.metadata["refund"] == "0"
    assert len(provider.list_refunds(intent_id)) == 101
