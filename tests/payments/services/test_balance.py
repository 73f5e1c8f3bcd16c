"""The provider's balance: every movement is kept once and posted once, late, twice and in any order."""

from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notices.models import Notice
from payments.models import BalanceTransaction, Dispute, LedgerEntry, LedgerPosting, Refund
from payments.providers.base import ProviderUnavailable
from payments.services import ledger
from payments.services.balance import fetch_balance_transactions, look_again, post_waiting
from payments.services.refunds import make_waiting_refunds
from payments.services.settling import settle
from tests.factories.people import PersonFactory
from tests.support.race import race
from tests.support.sale import placed_order, started_attempt

pytestmark = pytest.mark.django_db

D = Decimal
State = BalanceTransaction.State


def a_paid_attempt(provider):
    """A sale of INR 310.00, settled; the provider takes 2 %."""
    provider.fees("0.02")
    attempt = started_attempt(placed_order())
    provider.pay(attempt.session_id)
    settle(attempt.pk)
    attempt.refresh_from_db()
    return attempt


def balances():
    """Balance of every account that is not zero."""
    rows = LedgerEntry.objects.values_list("account").annotate(total=Sum("amount"))
    return {account: total for account, total in rows if total}


def a_movement(remote_id="txn_1", **changes):
    fields = {
        "provider": "stripe",
        "remote_id": remote_id,
        "kind": "charge",
        "amount": D("310.00"),
        "fee": D("6.20"),
        "net": D("303.80"),
        "currency": "INR",
        "source_id": "ch_1",
        "occurred_at": timezone.now(),
        "available_at": timezone.now(),
    }
    return BalanceTransaction.objects.create(**{**fields, **changes})


def let_hours_pass(hours):
    BalanceTransaction.objects.update(created_at=timezone.now() - timedelta(hours=hours))


def test_charge_moves_from_clearing_into_the_balance_and_the_fee_is_known(fake_provider):
    a_paid_attempt(fake_provider)

    new = fetch_balance_transactions("stripe")

    assert new == 1
    assert BalanceTransaction.objects.get().state == State.POSTED
    assert balances() == {
        "provider_balance": D("303.80"),
        "provider_fees": D("6.20"),
        "vendor_payable": D("-290.00"),
        "commission": D("-20.00"),
    }


@pytest.mark.fault(49)
def test_movement_that_is_not_known_yet_is_found_by_a_later_run(fake_provider):
    fake_provider.set_late_balance(True)
    a_paid_attempt(fake_provider)

    early = fetch_balance_transactions("stripe")

    assert early == 0
    assert balances()["provider_clearing"] == D("310.00")

    fake_provider.set_late_balance(False)
    late = fetch_balance_transactions("stripe")
    again = fetch_balance_transactions("stripe")

    assert (late, again) == (1, 0)
    assert "provider_clearing" not in balances()
    assert LedgerPosting.objects.filter(kind="balance").count() == 1


@pytest.mark.fault(49)
def test_movement_that_comes_before_its_charge_is_known_waits_for_it_without_an_alarm(fake_provider):
    PersonFactory(finance=True)
    fake_provider.fees("0.02")
    attempt = started_attempt()
    fake_provider.pay(attempt.session_id)

    fetch_balance_transactions("stripe")

    assert BalanceTransaction.objects.get().state == State.WAITING
    assert not balances()
    assert not Notice.objects.filter(kind="staff_alert").exists()

    settle(attempt.pk)
    fetch_balance_transactions("stripe")

    assert BalanceTransaction.objects.get().state == State.POSTED
    assert balances()["provider_balance"] == D("303.80")


def test_movement_about_nothing_of_ours_is_shown_to_finance_once_after_the_quiet_hours():
    PersonFactory(finance=True)
    row = a_movement(source_id="ch_of_nobody")
    let_hours_pass(49)

    post_waiting()
    look_again(row)

    row.refresh_from_db()
    assert row.state == State.UNKNOWN
    assert not LedgerPosting.objects.exists()
    assert Notice.objects.filter(kind="staff_alert").count() == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kind": "climate_order_purchase"}, "no movement of this kind is expected"),
        ({"currency": "USD"}, "ours is in INR"),
        ({"kind": "transfer", "amount": D("-309.99"), "fee": D(0), "net": D("-309.99")}, "ours is of 310.00"),
    ],
    ids=["kind", "currency", "transfer of another amount"],
)
def test_movement_that_does_not_fit_is_set_aside_at_once_and_can_be_looked_at_again(
    fake_provider, changes, why
):
    PersonFactory(finance=True)
    attempt = a_paid_attempt(fake_provider)
    before = balances()
    row = a_movement(source_id=attempt.charge_id, **changes)

    posted = post_waiting()
    again = look_again(row)

    row.refresh_from_db()
    assert (posted, again, row.state) == (0, False, State.UNKNOWN)
    assert balances() == before
    assert why in Notice.objects.get(kind="staff_alert").context["detail"]


def test_officer_has_a_movement_looked_at_again_when_its_source_has_come(fake_provider):
    attempt = a_paid_attempt(fake_provider)
    row = a_movement(source_id=attempt.charge_id, state=State.UNKNOWN)

    is_posted = look_again(row)
    twice = look_again(row)

    row.refresh_from_db()
    assert (is_posted, twice, row.state) == (True, False, State.POSTED)
    assert LedgerPosting.objects.filter(kind="balance").count() == 1


def test_surplus_money_in_another_currency_is_posted_in_the_currency_that_came(fake_provider):
    fake_provider.fees("0.02")
    attempt = started_attempt()
    fake_provider.pay(attempt.session_id, currency="USD")
    settle(attempt.pk)
    make_waiting_refunds()

    fetch_balance_transactions("stripe")

    assert set(BalanceTransaction.objects.values_list("currency", "state")) == {("USD", State.POSTED)}
    assert balances() == {"provider_balance": D("-6.20"), "provider_fees": D("6.20")}


def test_dispute_payout_and_fees_go_to_their_accounts(fake_provider):
    attempt = a_paid_attempt(fake_provider)
    fake_provider.dispute_fee = D("15.00")
    remote = fake_provider.open_dispute(attempt.payment_intent_id, D("100.00"))
    Dispute.objects.create(
        attempt=attempt, provider_id=remote.id, amount=D("100.00"), currency="INR", reason="fraudulent"
    )
    fake_provider.pay_out(D("50.00"))
    a_movement(kind="stripe_fee", amount=D("-2.00"), fee=D(0), net=D("-2.00"), source_id="")

    fetch_balance_transactions("stripe")

    found = balances()
    assert found["dispute_receivable"] == D("100.00")
    assert found["bank"] == D("50.00")
    assert found["provider_fees"] == D("6.20") + D("15.00") + D("2.00")
    assert found["provider_balance"] == D("303.80") - D("115.00") - D("50.00") - D("2.00")


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_any_order_of_movements_sent_twice_ends_in_the_same_ledger(fake_provider, order):
    fake_provider.fees("0.02")
    attempt = started_attempt()
    fake_provider.pay(attempt.session_id, amount_received=D("300.00"))
    settle(attempt.pk)
    make_waiting_refunds()
    refund = Refund.objects.get()
    fake_provider.fail_refund(refund.provider_id)
    fake_provider.pay_out(D("200.00"))
    ledger.post_refund_failed(refund)
    movements = list(fake_provider.balance_transactions)
    assert len(movements) == 4

    for place in order:
        fake_provider.balance_transactions[:] = [movements[place]] * 2
        fetch_balance_transactions("stripe", look_back=timedelta(days=1))

    assert BalanceTransaction.objects.filter(state=State.POSTED).count() == 4
    assert balances() == {
        "provider_balance": D("94.00"),
        "provider_fees": D("6.00"),
        "bank": D("200.00"),
        "customer_unapplied": D("-300.00"),
    }


def test_fetch_that_finds_no_provider_keeps_what_was_there(fake_provider):
    a_paid_attempt(fake_provider)
    fetch_balance_transactions("stripe")
    before = balances()
    fake_provider.fail_next("list_balance_transactions", ProviderUnavailable("no answer"))

    with pytest.raises(ProviderUnavailable):
        fetch_balance_transactions("stripe")

    assert balances() == before


def test_posting_a_batch_takes_no_more_questions_to_find_sources_however_many_rows(fake_provider):
    for _each in range(2):
        a_paid_attempt(fake_provider)
    balances_of_two = list(fake_provider.balance_transactions)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            fetch_balance_transactions("stripe")
        return sum("WHERE" in query["sql"] and query["sql"].startswith("SELECT") for query in queries)

    fake_provider.balance_transactions[:] = balances_of_two[:1]
    one = asked()
    for _each in range(5):
        a_paid_attempt(fake_provider)
    many = asked()

    assert many == one


@pytest.mark.django_db(transaction=True)
def test_eight_runs_at_once_keep_and_post_each_movement_once(fake_provider):
    for _each in range(3):
        a_paid_attempt(fake_provider)

    outcomes = race(lambda: fetch_balance_transactions("stripe"), contenders=8)
    post_waiting()

    assert outcomes == [None] * 8
    assert BalanceTransaction.objects.filter(state=State.POSTED).count() == 3
    assert balances()["provider_balance"] == 3 * D("303.80")
    assert LedgerPosting.objects.filter(kind="balance").count() == 3
