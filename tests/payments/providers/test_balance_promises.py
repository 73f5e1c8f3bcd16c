"""What every provider promises of the balance, asked of the Stripe client at the simulator and of the fake alike."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tests.support.simulator import payment_request

HOUR_AGO = timedelta(hours=1)
# 2 % of 1,234.50 and 18 % tax on that.
FEE = Decimal("29.13")


def movements(counter):
    """Every movement, oldest first."""
    return list(counter.provider.list_balance_transactions(datetime.now(UTC) - HOUR_AGO))[::-1]


def told(counter):
    return [(row.kind, row.amount, row.fee, row.net) for row in movements(counter)]


def balance(counter):
    return counter.provider.retrieve_balance().get("INR", Decimal("0.00"))


def refund(counter, payment, amount):
    return counter.provider.refund_payment(
        key="refund:1",
        payment_intent_id=payment.payment_intent_id,
        amount=Decimal(amount),
        currency="INR",
        reason="",
        metadata={"refund": "17"},
    )


def test_a_charge_brings_its_amount_without_the_fee(counter, paid):
    [row] = movements(counter)

    assert (row.kind, row.amount, row.fee, row.net) == (
        "charge",
        Decimal("1234.50"),
        FEE,
        Decimal("1205.37"),
    )
    assert (row.currency, row.source_id) == ("INR", paid.charge_id)
    assert abs(datetime.now(UTC) - row.created_at) < HOUR_AGO
    assert row.available_on >= row.created_at.date()
    assert balance(counter) == Decimal("1205.37")


def test_a_refund_costs_its_amount_and_brings_it_again_when_it_fails(counter, paid):
    made = refund(counter, paid, "1000.00")
    after_refund = balance(counter)

    counter.fail_refund(made.id, "declined")

    assert after_refund == Decimal("205.37")
    assert told(counter)[1:] == [
        ("refund", Decimal("-1000.00"), Decimal("0.00"), Decimal("-1000.00")),
        ("refund_failure", Decimal("1000.00"), Decimal("0.00"), Decimal("1000.00")),
    ]
    assert {row.source_id for row in movements(counter)[1:]} == {made.id}
    assert balance(counter) == Decimal("1205.37")


def test_a_dispute_takes_its_amount_and_a_fee_and_gives_the_amount_back_when_won(counter, paid):
    dispute = counter.open_dispute(paid.payment_intent_id, Decimal("1000.00"))
    after_opening = balance(counter)

    counter.close_dispute(dispute.id, won=True)

    fee = Decimal("1000.00")
    assert after_opening == Decimal("1205.37") - 1000 - fee
    assert told(counter)[1:] == [
        ("adjustment", Decimal("-1000.00"), fee, Decimal("-1000.00") - fee),
        ("adjustment", Decimal("1000.00"), Decimal("0.00"), Decimal("1000.00")),
    ]
    assert {row.source_id for row in movements(counter)[1:]} == {dispute.id}
    assert balance(counter) == Decimal("1205.37") - fee


def test_a_lost_dispute_moves_nothing_more(counter, paid):
    dispute = counter.open_dispute(paid.payment_intent_id, Decimal("1000.00"))
    before = told(counter)

    counter.close_dispute(dispute.id, won=False)

    assert told(counter) == before


def test_transfers_and_what_comes_back_of_them_are_movements(counter, paid):
    account = counter.provider.create_account(key="account:1", email="", country="IN", metadata={}).id
    counter.onboard(account)
    sent = counter.provider.create_transfer(
        key="transfer:1",
        account=account,
        amount=Decimal("1100.00"),
        currency="INR",
        source_charge=paid.charge_id,
        transfer_group="order:K7-4412",
        metadata={"transfer": "1"},
    )
    back = counter.provider.reverse_transfer(
        key="reversal:1", transfer_id=sent.id, amount=Decimal("100.00"), currency="INR", metadata={}
    )

    rows = [(row.kind, row.net, row.source_id) for row in movements(counter)[1:]]
    assert rows == [
        ("transfer", Decimal("-1100.00"), sent.id),
        ("transfer_refund", Decimal("100.00"), back.id),
    ]
    assert balance(counter) == Decimal("205.37")


def test_a_payout_to_our_bank_leaves_and_comes_back_when_it_fails(counter, paid):
    payout = counter.pay_out(Decimal("1000.00"))
    after_payout = balance(counter)

    counter.fail_payout(payout)

    assert after_payout == Decimal("205.37")
    rows = [(row.kind, row.net, row.source_id) for row in movements(counter)[1:]]
    assert rows == [
        ("payout", Decimal("-1000.00"), payout),
        ("payout_failure", Decimal("1000.00"), payout),
    ]
    assert balance(counter) == Decimal("1205.37")


def test_movements_that_are_late_come_in_the_end(counter):
    counter.set_late_balance(True)
    session_id = counter.provider.create_payment(payment_request()).session_id
    counter.pay(session_id)
    payment = counter.provider.retrieve_payment(session_id)
    refund(counter, payment, "1000.00")
    before = (told(counter), balance(counter))

    counter.set_late_balance(False)

    assert before == ([], Decimal("0.00"))
    assert [kind for kind, *_amounts in told(counter)] == ["charge", "refund"]
    assert balance(counter) == Decimal("205.37")


def test_only_movements_since_a_time_are_listed_newest_first(counter, paid):
    refund(counter, paid, "1.00")

    since = datetime.now(UTC) - HOUR_AGO
    assert [row.kind for row in counter.provider.list_balance_transactions(since)] == ["refund", "charge"]
    assert list(counter.provider.list_balance_transactions(datetime.now(UTC) + HOUR_AGO)) == []


def test_an_empty_balance_holds_nothing(counter):
    assert set(counter.provider.retrieve_balance().values()) <= {Decimal("0.00")}
    assert movements(counter) == []
