"""What every provider promises of disputes, asked of the Stripe client at the simulator and of the fake alike."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from payments.providers.base import ProviderRequestRejected

HOUR_AGO = timedelta(hours=1)
CLAIMED = Decimal("1000.00")


def refund(counter, payment, amount, key="refund:1"):
    return counter.provider.refund_payment(
        key=key,
        payment_intent_id=payment.payment_intent_id,
        amount=Decimal(amount),
        currency="INR",
        reason="",
        metadata={"refund": "17"},
    )


def dispute_events(counter):
    events = counter.provider.list_events(datetime.now(UTC) - HOUR_AGO)
    return [event for event in events if event.type.startswith("charge.dispute.")][::-1]


def test_an_open_dispute_says_what_is_claimed_and_until_when_to_answer(counter, paid):
    opened = counter.open_dispute(paid.payment_intent_id, CLAIMED)

    dispute = counter.provider.retrieve_dispute(opened.id)

    assert (dispute.status, dispute.amount, dispute.currency) == ("needs_response", CLAIMED, "INR")
    assert (dispute.payment_intent_id, dispute.charge_id) == (paid.payment_intent_id, paid.charge_id)
    assert dispute.reason
    assert dispute.is_refundable is False
    assert timedelta(days=1) < dispute.evidence_due_at - datetime.now(UTC) < timedelta(days=30)


@pytest.mark.parametrize(
    ("won", "last"),
    [(True, ["funds_reinstated", "closed"]), (False, ["closed"])],
    ids=["won", "lost"],
)
def test_the_events_of_a_dispute_name_its_payment_though_it_has_no_metadata(counter, paid, won, last):
    dispute = counter.open_dispute(paid.payment_intent_id, CLAIMED)
    counter.close_dispute(dispute.id, won=won)

    events = dispute_events(counter)

    names = [event.type.removeprefix("charge.dispute.") for event in events]
    assert names == ["created", "funds_withdrawn", *last]
    about = {(event.object_id, event.payment_intent_id, event.charge_id) for event in events}
    assert about == {(dispute.id, paid.payment_intent_id, paid.charge_id)}
    assert [event.metadata for event in events] == [{}] * len(events)
    assert counter.provider.retrieve_dispute(dispute.id).status == ("won" if won else "lost")


def test_nothing_is_refunded_during_a_dispute(counter, paid):
    counter.open_dispute(paid.payment_intent_id, CLAIMED)

    with pytest.raises(ProviderRequestRejected) as refused:
        refund(counter, paid, "1.00")

    assert refused.value.code == "charge_disputed"
    assert counter.provider.list_refunds(paid.payment_intent_id) == []


def test_after_a_won_dispute_refunds_are_made_again(counter, paid):
    dispute = counter.open_dispute(paid.payment_intent_id, CLAIMED)

    counter.close_dispute(dispute.id, won=True)

    assert refund(counter, paid, "1234.50").status == "succeeded"


def test_after_a_lost_dispute_nothing_is_refunded(counter, paid):
    dispute = counter.open_dispute(paid.payment_intent_id, CLAIMED)

    counter.close_dispute(dispute.id, won=False)

    with pytest.raises(ProviderRequestRejected) as refused:
        refund(counter, paid, "1.00")
    assert refused.value.code == "charge_disputed"


def test_an_unknown_dispute_is_rejected(counter):
    with pytest.raises(ProviderRequestRejected) as unknown:
        counter.provider.retrieve_dispute("dp_unknown")

    assert unknown.value.code == "resource_missing"
