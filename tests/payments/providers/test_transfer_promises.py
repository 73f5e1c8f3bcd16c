"""What every provider promises of transfers, asked of the Stripe client at the simulator and of the fake alike."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from payments.providers.base import (
    AccountRestricted,
    InsufficientFunds,
    ProviderRequestRejected,
    ProviderUnavailable,
)

GROUP = "order:K7-4412"
ADDRESSES = {"return_url": "http://shop.example/back", "refresh_url": "http://shop.example/again"}


def new_account(counter, key="account:1"):
    return counter.provider.create_account(
        key=key, email="weavers@example.org", country="IN", metadata={"vendor": "7"}
    )


@pytest.fixture
def account(counter):
    """The id of an account that can receive."""
    account_id = new_account(counter).id
    counter.onboard(account_id)
    return account_id


def send(counter, account, amount, charge, key="transfer:1", reference="1"):
    return counter.provider.create_transfer(
        key=key,
        account=account,
        amount=Decimal(amount),
        currency="INR",
        source_charge=charge,
        transfer_group=GROUP,
        metadata={"transfer": reference, "order": "K7-4412"},
    )


def take_back(counter, transfer, amount, key="reversal:1", reference="1"):
    return counter.provider.reverse_transfer(
        key=key,
        transfer_id=transfer.id,
        amount=Decimal(amount),
        currency="INR",
        metadata={"reversal": reference},
    )


def reversed_of(counter, transfer):
    return counter.provider.retrieve_transfer(transfer.id).amount_reversed


def moved(counter):
    rows = counter.provider.list_balance_transactions(datetime.now(UTC) - timedelta(hours=1))
    return [row.net for row in rows if row.kind in ("transfer", "transfer_refund")]


def test_a_new_account_cannot_receive_before_its_onboarding(counter):
    account = new_account(counter)
    before = counter.provider.retrieve_account(account.id)

    counter.onboard(account.id)

    after = counter.provider.retrieve_account(account.id)
    assert (before.can_receive, before.disabled_reason) == (False, "requirements.past_due")
    assert (after.can_receive, after.disabled_reason) == (True, "")
    assert account.metadata == before.metadata == after.metadata == {"vendor": "7"}


def test_the_same_key_opens_one_account(counter):
    counter.lose_answer("create_account")
    with pytest.raises(ProviderUnavailable):
        new_account(counter)

    assert new_account(counter) == new_account(counter)
    assert new_account(counter, key="account:2").id != new_account(counter).id


def test_a_link_leads_to_the_providers_questions(counter):
    account = new_account(counter)

    link = counter.provider.account_link(account.id, **ADDRESSES)

    assert link.startswith("http")
    assert account.id in link


def test_an_account_that_is_none_of_ours_is_restricted(counter):
    with pytest.raises(AccountRestricted):
        counter.provider.retrieve_account("acct_unknown")
    with pytest.raises(AccountRestricted):
        counter.provider.account_link("acct_unknown", **ADDRESSES)


def test_events_of_accounts_are_not_among_our_own(counter, account):
    events = counter.provider.list_events(datetime.now(UTC) - timedelta(hours=1))

    assert [event.type for event in events if event.account or event.type == "account.updated"] == []


def test_a_transfer_sends_from_a_charge_to_an_account(counter, paid, account):
    sent = send(counter, account, "1100.00", paid.charge_id)

    assert (sent.account, sent.amount, sent.currency) == (account, Decimal("1100.00"), "INR")
    assert sent.amount_reversed == Decimal("0.00")
    assert sent.metadata == {"transfer": "1", "order": "K7-4412"}
    assert counter.provider.retrieve_transfer(sent.id) == sent
    assert moved(counter) == [Decimal("-1100.00")]


def test_transfers_of_a_charge_never_exceed_it(counter, paid, account):
    first = send(counter, account, "1000.00", paid.charge_id)

    with pytest.raises(ProviderRequestRejected):
        send(counter, account, "234.51", paid.charge_id, key="transfer:2")

    assert moved(counter) == [Decimal("-1000.00")]
    take_back(counter, first, "0.01")
    assert send(counter, account, "234.51", paid.charge_id, key="transfer:3").amount == Decimal("234.51")


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "0.001"])
def test_nothing_is_neither_sent_nor_taken_back(counter, paid, account, amount):
    with pytest.raises(ValueError, match=r"cannot move|coin"):
        send(counter, account, amount, paid.charge_id)
    sent = send(counter, account, "10.00", paid.charge_id)
    with pytest.raises(ValueError, match=r"cannot move|coin"):
        take_back(counter, sent, amount)

    assert moved(counter) == [Decimal("-10.00")]


def test_without_a_charge_only_what_we_own_is_sent(counter, account):
    with pytest.raises(InsufficientFunds) as refused:
        send(counter, account, "0.01", "")

    assert refused.value.code == "balance_insufficient"
    assert moved(counter) == []


def test_an_account_that_is_restricted_gets_nothing(counter, paid, account):
    counter.restrict(account, "requirements.past_due")

    with pytest.raises(AccountRestricted):
        send(counter, account, "10.00", paid.charge_id)

    assert moved(counter) == []
    seen = counter.provider.retrieve_account(account)
    assert (seen.can_receive, seen.disabled_reason) == (False, "requirements.past_due")
    counter.onboard(account)
    assert send(counter, account, "10.00", paid.charge_id, key="transfer:2").amount == Decimal("10.00")


@pytest.mark.parametrize(("account_id", "charge_id"), [("acct_unknown", ""), ("", "ch_unknown")])
def test_an_unknown_account_or_charge_is_rejected(counter, paid, account, account_id, charge_id):
    with pytest.raises(ProviderRequestRejected) as unknown:
        send(counter, account_id or account, "10.00", charge_id or paid.charge_id)

    assert unknown.value.code == "resource_missing"
    assert moved(counter) == []


def test_a_transfer_whose_answer_was_lost_is_found_and_repeated_once(counter, paid, account):
    counter.lose_answer("create_transfer")
    with pytest.raises(ProviderUnavailable):
        send(counter, account, "1000.00", paid.charge_id)

    found = counter.provider.find_transfer("1", GROUP)

    assert found == send(counter, account, "1000.00", paid.charge_id)
    assert moved(counter) == [Decimal("-1000.00")]


def test_a_transfer_is_found_by_reference_and_group_after_its_key_is_forgotten(counter, paid, account):
    sent = send(counter, account, "100.00", paid.charge_id)
    send(counter, account, "200.00", paid.charge_id, key="transfer:2", reference="2")
    counter.forget_keys()

    assert counter.provider.find_transfer("1", GROUP) == sent
    assert counter.provider.find_transfer("3", GROUP) is None
    assert counter.provider.find_transfer("1", "order:another") is None


def test_parts_of_a_transfer_are_taken_back_up_to_the_whole(counter, paid, account):
    sent = send(counter, account, "1000.00", paid.charge_id)

    part = take_back(counter, sent, "400.00", key="reversal:1")
    with pytest.raises(ProviderRequestRejected):
        take_back(counter, sent, "600.01", key="reversal:2")
    take_back(counter, sent, "600.00", key="reversal:3")

    assert (part.transfer_id, part.amount, part.currency) == (sent.id, Decimal("400.00"), "INR")
    assert reversed_of(counter, sent) == Decimal("1000.00")
    assert moved(counter) == [Decimal("600.00"), Decimal("400.00"), Decimal("-1000.00")]
    with pytest.raises(ProviderRequestRejected):
        take_back(counter, sent, "0.01", key="reversal:4")


def test_nothing_is_taken_back_from_an_empty_account(counter, paid, account):
    sent = send(counter, account, "1000.00", paid.charge_id)
    counter.empty(account)

    with pytest.raises(InsufficientFunds) as refused:
        take_back(counter, sent, "0.01")

    assert refused.value.code == "balance_insufficient"
    assert reversed_of(counter, sent) == Decimal("0.00")
    assert counter.provider.find_reversal(sent.id, "1") is None


def test_a_reversal_whose_answer_was_lost_is_found_and_repeated_once(counter, paid, account):
    sent = send(counter, account, "1000.00", paid.charge_id)
    counter.lose_answer("reverse_transfer")
    with pytest.raises(ProviderUnavailable):
        take_back(counter, sent, "100.00")

    found = counter.provider.find_reversal(sent.id, "1")

    assert found == take_back(counter, sent, "100.00")
    assert reversed_of(counter, sent) == Decimal("100.00")


def test_a_reversal_is_found_by_its_reference_at_its_transfer(counter, paid, account):
    sent = send(counter, account, "500.00", paid.charge_id)
    other = send(counter, account, "500.00", paid.charge_id, key="transfer:2", reference="2")
    first = take_back(counter, sent, "100.00")
    take_back(counter, sent, "100.00", key="reversal:2", reference="2")
    counter.forget_keys()

    assert counter.provider.find_reversal(sent.id, "1") == first
    assert counter.provider.find_reversal(sent.id, "3") is None
    assert counter.provider.find_reversal(other.id, "1") is None


def test_a_key_with_another_amount_moves_nothing(counter, paid, account):
    sent = send(counter, account, "500.00", paid.charge_id)
    take_back(counter, sent, "100.00")

    with pytest.raises(ProviderRequestRejected):
        send(counter, account, "501.00", paid.charge_id)
    with pytest.raises(ProviderRequestRejected):
        take_back(counter, sent, "101.00")

    assert moved(counter) == [Decimal("100.00"), Decimal("-500.00")]


def test_transfers_tell_when_they_are_made_and_taken_back(counter, paid, account):
    sent = send(counter, account, "500.00", paid.charge_id)
    take_back(counter, sent, "100.00")

    events = [
        event
        for event in counter.provider.list_events(datetime.now(UTC) - timedelta(hours=1))
        if event.type.startswith("transfer.")
    ]

    assert [event.type for event in events] == ["transfer.reversed", "transfer.created"]
    assert {event.object_id for event in events} == {sent.id}
    assert events[0].metadata == {"transfer": "1", "order": "K7-4412"}
