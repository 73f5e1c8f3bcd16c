"""What the fake offers to tests beyond the promises that every provider makes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from payments.providers.base import BadSignature, MalformedEvent, ProviderUnavailable
from tests.support.provider_fake import SIGNED, FakeProvider
from tests.support.simulator import payment_request

DAY = timedelta(days=1)


@pytest.fixture
def fake():
    """A provider in memory."""
    return FakeProvider()


def paid(fake, **changes):
    return fake.pay(fake.create_payment(payment_request(**changes)).session_id)


def test_fees_are_what_the_test_wants(fake):
    fake.fees("0.029", "30.00")

    paid(fake)

    [row] = fake.balance_transactions
    assert (row.fee, row.net) == (Decimal("65.80"), Decimal("1168.70"))


def test_its_clock_can_be_replaced(fake):
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    fake.clock = lambda: noon

    paid(fake)

    [row], [event] = fake.balance_transactions, fake.events
    assert (row.created_at, row.available_on) == (noon, (noon + 2 * DAY).date())
    assert list(fake.list_events(noon)) == [event]
    assert list(fake.list_events(noon + DAY)) == []


def test_an_inquiry_takes_no_money_and_allows_refunds(fake):
    payment = paid(fake)
    before = fake.retrieve_balance()

    inquiry = fake.open_dispute(payment.payment_intent_id, Decimal("100.00"), is_inquiry=True)

    assert (inquiry.status, inquiry.is_refundable) == ("warning_needs_response", True)
    assert fake.retrieve_balance() == before
    assert fake.refund_in_dashboard(payment.payment_intent_id, Decimal("100.00")).status == "succeeded"
    assert fake.close_dispute(inquiry.id, won=True).status == "warning_closed"
    assert fake.events[-1].type == "charge.dispute.closed"


def test_what_is_disputed_is_what_is_left(fake):
    payment = paid(fake)
    fake.refund_in_dashboard(payment.payment_intent_id, Decimal("1000.00"))

    with pytest.raises(ValueError, match="cannot dispute"):
        fake.open_dispute(payment.payment_intent_id, Decimal("234.51"))
    dispute = fake.open_dispute(payment.payment_intent_id)
    with pytest.raises(ValueError, match="cannot dispute"):
        fake.open_dispute(payment.payment_intent_id, Decimal("0.01"))

    assert dispute.amount == Decimal("234.50")
    assert list(fake.disputes) == [dispute.id]


def test_what_is_repeated_changes_nothing(fake):
    payment = paid(fake)
    refund = fake.refund_in_dashboard(payment.payment_intent_id, Decimal("100.00"))
    fake.fail_refund(refund.id)
    dispute = fake.open_dispute(payment.payment_intent_id)
    fake.close_dispute(dispute.id, won=True)
    payout = fake.pay_out(Decimal("1.00"))
    fake.fail_payout(payout)
    before = (len(fake.events), fake.retrieve_balance())

    fake.pay(payment.session_id)
    fake.fail_refund(refund.id)
    fake.close_dispute(dispute.id, won=False)
    fake.fail_payout(payout)

    assert (len(fake.events), fake.retrieve_balance()) == before
    assert fake.disputes[dispute.id].status == "won"


def test_no_more_is_paid_out_than_there_is(fake):
    paid(fake)

    with pytest.raises(ValueError, match="cannot pay out"):
        fake.pay_out(Decimal("1205.38"))
    fake.pay_out()

    assert fake.retrieve_balance() == {"INR": Decimal("0.00")}
    assert [event.type for event in fake.events[-2:]] == ["payout.created", "payout.paid"]


def test_a_call_fails_as_often_as_it_was_told_to(fake):
    fake.fail_next("retrieve_balance", ProviderUnavailable("down"), times=2)

    for _ in range(2):
        with pytest.raises(ProviderUnavailable):
            fake.retrieve_balance()

    assert fake.retrieve_balance() == {}


def test_an_event_is_sent_and_read_again(fake):
    payment = paid(fake)
    fake.refund_in_dashboard(payment.payment_intent_id, Decimal("1.00"))

    read = [fake.verify_event(fake.payload(event), SIGNED) for event in fake.events]

    assert read == fake.events
    with pytest.raises(BadSignature):
        fake.verify_event(fake.payload(fake.events[0]), "forged")
    with pytest.raises(MalformedEvent):
        fake.verify_event(b'{"created": 1e999}', SIGNED)


def test_a_restricted_account_says_so_to_the_address_of_connected_accounts(fake):
    account = fake.create_account(key="account:1", email="", country="IN", metadata={"vendor": "7"}).id

    fake.restrict(account, "rejected.fraud")

    event = fake.events[-1]
    assert (event.type, event.account, event.object_id) == ("account.updated", account, account)
    assert event.metadata == {"vendor": "7"}
    assert fake.retrieve_account(account).disabled_reason == "rejected.fraud"
