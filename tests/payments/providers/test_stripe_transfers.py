"""Transfers and accounts at Stripe: how the calls look, and what stands in their way."""

from decimal import Decimal

import pytest

from payments.providers.base import InsufficientFunds, ProviderUnavailable
from tests.support.simulator import payment_request

BACK, AGAIN = "http://shop.example/back", "http://shop.example/again"


def opened_account(simulator):
    account = simulator.provider().create_account(
        key="account:1", email="weavers@example.org", country="IN", metadata={"vendor": "7"}
    )
    simulator.control("accounts", account=account.id, action="finish")
    return account.id


def paid_charge(simulator):
    provider = simulator.provider()
    session_id = provider.create_payment(payment_request()).session_id
    simulator.pay(session_id)
    return provider.retrieve_payment(session_id).charge_id


def send(simulator, account, charge, *, key="transfer:1", amount="100.00", reference="31"):
    return simulator.provider().create_transfer(
        key=key,
        account=account,
        amount=Decimal(amount),
        currency="INR",
        source_charge=charge,
        transfer_group="order:K7-4412",
        metadata={"transfer": reference},
    )


def test_a_transfer_names_its_charge_and_its_order(simulator):
    account, charge = opened_account(simulator), paid_charge(simulator)

    send(simulator, account, charge)

    [transfer] = simulator.objects("transfer")
    assert (transfer["destination"], transfer["source_transaction"]) == (account, charge)
    assert (transfer["amount"], transfer["currency"]) == (10000, "inr")
    assert transfer["transfer_group"] == "order:K7-4412"
    assert transfer["metadata"] == {"transfer": "31"}


def test_without_a_charge_what_is_not_yet_available_is_not_sent(simulator):
    account = opened_account(simulator)
    paid_charge(simulator)
    with pytest.raises(InsufficientFunds):
        send(simulator, account, "")

    simulator.control("clock", advance=3 * 24 * 3600)

    send(simulator, account, "", key="transfer:2")
    [transfer] = simulator.objects("transfer")
    assert transfer["source_transaction"] is None


def test_a_reversal_keeps_our_reference(simulator):
    sent = send(simulator, opened_account(simulator), paid_charge(simulator))

    simulator.provider().reverse_transfer(
        key="reversal:9:31",
        transfer_id=sent.id,
        amount=Decimal("40.00"),
        currency="INR",
        metadata={"reversal": "9:31"},
    )

    [reversal] = simulator.objects("transfer_reversal")
    assert (reversal["transfer"], reversal["amount"]) == (sent.id, 4000)
    assert reversal["metadata"] == {"reversal": "9:31"}


def test_a_transfer_is_found_behind_more_than_one_page(simulator):
    account, charge = opened_account(simulator), paid_charge(simulator)
    for number in range(101):
        send(simulator, account, charge, key=f"transfer:{number}", amount="1.00", reference=str(number))

    found = simulator.provider().find_transfer("0", "order:K7-4412")

    assert found.metadata == {"transfer": "0"}


def test_the_provider_asks_the_vendor_and_we_bear_fees_and_losses(simulator):
    simulator.provider().create_account(
        key="account:1", email="weavers@example.org", country="IN", metadata={"vendor": "7"}
    )

    [account] = simulator.objects("account")
    assert (account["email"], account["country"], account["metadata"]) == (
        "weavers@example.org",
        "IN",
        {"vendor": "7"},
    )
    assert set(account["capabilities"]) == {"transfers"}
    controller = account["controller"]
    assert controller["fees"] == {"payer": "application"}
    assert controller["losses"] == {"payments": "application"}
    assert controller["requirement_collection"] == "stripe"
    assert controller["stripe_dashboard"] == {"type": "express"}


def test_a_link_leads_back_to_the_addresses_it_was_given(simulator):
    account = opened_account(simulator)

    simulator.provider().account_link(account, return_url=BACK, refresh_url=AGAIN)

    [link] = simulator.objects("account_link")
    assert (link["account"], link["return_url"], link["refresh_url"]) == (account, BACK, AGAIN)


@pytest.mark.parametrize("kind", ["429", "409", "503", "timeout", "timeout_after_success"])
def test_after_a_passing_fault_the_same_key_sends_once(simulator, kind):
    account, charge = opened_account(simulator), paid_charge(simulator)
    simulator.control("faults", method="POST", path="/v1/transfers", kind=kind)
    with pytest.raises(ProviderUnavailable):
        send(simulator, account, charge)

    sent = send(simulator, account, charge)

    assert [transfer["id"] for transfer in simulator.objects("transfer")] == [sent.id]
