"""Payouts: a balance goes to a bank, and comes back when the bank refuses it."""

import pytest

from tests.support.simulator import API_KEY

PAYOUTS = "/v1/payouts"
TWO_DAYS = 2 * 24 * 3600
NET = 120537


@pytest.fixture
def ripe(simulator, charge):
    """A charge of 1,234.50 whose money is available."""
    simulator.control("clock", advance=TWO_DAYS)
    return charge


@pytest.fixture
def rich(simulator, charge, account):
    """A connected account that holds 1,000.00."""
    fields = {"amount": "100000", "currency": "inr", "source_transaction": charge["id"]}
    simulator.api("POST", "/v1/transfers", destination=account, **fields)
    return account


def available(simulator):
    return simulator.api("GET", "/v1/balance").values["available"][0]["amount"]


def for_account(simulator, path, account):
    headers = {"Authorization": f"Bearer {API_KEY}", "Stripe-Account": account}
    return simulator.request("GET", path, headers=headers).values


def test_the_provider_pays_everything_that_is_available(simulator, ripe, told):
    payout = simulator.control("payouts")

    assert (payout["amount"], payout["status"], payout["automatic"]) == (NET, "paid", True)
    assert available(simulator) == 0
    row = simulator.api("GET", f"/v1/balance_transactions/{payout['balance_transaction']}").values
    assert (row["type"], row["net"], row["source"], row["status"]) == (
        "payout",
        -NET,
        payout["id"],
        "available",
    )
    assert told() == ["payout.created", "payout.paid"]


def test_an_automatic_payout_names_what_is_in_it(simulator, ripe):
    first = simulator.control("payouts")
    refund = simulator.api("POST", "/v1/refunds", charge=ripe["id"], amount="100").values

    rows = simulator.api("GET", "/v1/balance_transactions", payout=first["id"]).values["data"]
    charged = simulator.api("GET", "/v1/balance_transactions", payout=first["id"], type="charge")

    assert [row["source"] for row in rows] == [first["id"], ripe["id"]]
    assert sum(row["net"] for row in rows) == 0
    assert [row["source"] for row in charged.values["data"]] == [ripe["id"]]
    assert refund["balance_transaction"] not in [row["id"] for row in rows]
    assert simulator.api("GET", "/v1/balance_transactions", payout="po_none").status == 404


@pytest.mark.fault(45)
@pytest.mark.parametrize("was_paid", [False, True])
def test_a_payout_that_fails_is_in_the_balance_again(simulator, ripe, told, was_paid):
    payout = simulator.control("payouts", outcome="paid" if was_paid else "pending")
    told()

    failed = simulator.control("payouts", payout=payout["id"], outcome="failed", code="no_account")

    assert (failed["status"], failed["failure_code"]) == ("failed", "no_account")
    assert failed["failure_message"] == "The bank account could not be located."
    row = simulator.api("GET", f"/v1/balance_transactions/{failed['failure_balance_transaction']}").values
    assert (row["type"], row["reporting_category"], row["net"]) == ("payout_failure", "payout_reversal", NET)
    assert available(simulator) == NET
    assert told() == ["payout.failed"]
    assert simulator.control("payouts")["amount"] == NET


def test_a_part_is_paid_by_hand(simulator, ripe):
    made = simulator.api("POST", PAYOUTS, amount="100", currency="inr", **{"metadata[why]": "rent"}).values

    arrived = simulator.control("payouts", payout=made["id"])

    assert (made["status"], made["automatic"], made["metadata"]) == ("pending", False, {"why": "rent"})
    assert (arrived["id"], arrived["status"]) == (made["id"], "paid")
    assert available(simulator) == NET - 100
    assert [
        row["source"]
        for row in simulator.api("GET", "/v1/balance_transactions", payout=made["id"]).values["data"]
    ] == [made["id"]]


def test_more_than_is_available_is_not_paid_out(simulator, ripe, snapshot):
    known = snapshot()

    by_hand = simulator.api("POST", PAYOUTS, amount=str(NET + 1), currency="inr")
    none = simulator.request("POST", "/_control/payouts", json_body={"currency": "usd"})

    assert (by_hand.status, by_hand.values["error"]["code"]) == (400, "balance_insufficient")
    assert none.status == 400
    assert snapshot() == known


@pytest.mark.parametrize(
    "values",
    [
        {"payout": "po_none"},
        {"outcome": "lost"},
        {"amount": "much"},
        {"account": "acct_none"},
        {"outcome": "failed", "code": "bad_mood"},
    ],
)
def test_a_wrong_payout_is_refused_and_changes_nothing(simulator, ripe, snapshot, values):
    known = snapshot()

    assert simulator.request("POST", "/_control/payouts", json_body=values).status in (400, 403, 404)
    assert snapshot() == known


def test_a_payout_ends_once(simulator, ripe, snapshot):
    payout = simulator.control("payouts", outcome="failed")
    known = snapshot()

    for outcome in ("failed", "paid"):
        values = {"payout": payout["id"], "outcome": outcome}
        assert simulator.request("POST", "/_control/payouts", json_body=values).status == 400
    assert snapshot() == known


def test_payouts_are_found_again(simulator, ripe):
    first = simulator.control("payouts", amount=100)
    second = simulator.control("payouts", outcome="failed")

    one = simulator.api("GET", f"{PAYOUTS}/{first['id']}").values
    all_of_them = simulator.api("GET", PAYOUTS).values["data"]
    failed = simulator.api("GET", PAYOUTS, status="failed").values["data"]
    later = simulator.api("GET", PAYOUTS, **{"arrival_date[gt]": str(first["arrival_date"] + 60)}).values

    assert one == first
    assert [payout["id"] for payout in all_of_them] == [second["id"], first["id"]]
    assert [payout["id"] for payout in failed] == [second["id"]]
    assert later["data"] == []
    assert simulator.api("GET", f"{PAYOUTS}/po_none").status == 404


def test_metadata_of_a_payout_is_changed(simulator, ripe, told):
    payout = simulator.control("payouts")
    told()

    changed = simulator.api("POST", f"{PAYOUTS}/{payout['id']}", **{"metadata[batch]": "7"}).values

    assert changed["metadata"] == {"batch": "7"}
    assert told() == ["payout.updated"]


@pytest.mark.fault(45)
def test_a_connected_accounts_payout_fails_and_the_account_holds_the_money_again(simulator, rich, told):
    failed = simulator.control("payouts", account=rich, outcome="failed")

    assert (failed["amount"], failed["status"], failed["failure_code"]) == (
        100000,
        "failed",
        "account_closed",
    )
    assert for_account(simulator, "/v1/balance", rich)["available"][0]["amount"] == 100000
    bank = simulator.objects("account")[0]["external_accounts"]["data"][0]["id"]
    assert failed["destination"] == bank
    assert told() == ["payout.created", "payout.failed"]
    assert [event.get("account") for event in simulator.objects("event")[-2:]] == [rich, rich]


def test_a_connected_accounts_payout_leaves_our_balance_and_our_lists_alone(simulator, rich):
    before = simulator.api("GET", "/v1/balance").values
    payout = simulator.control("payouts", account=rich, amount=40000)

    assert simulator.api("GET", "/v1/balance").values == before
    assert simulator.api("GET", PAYOUTS).values["data"] == []
    assert simulator.api("GET", f"{PAYOUTS}/{payout['id']}").status == 404
    assert for_account(simulator, PAYOUTS, rich)["data"] == [payout]
    assert for_account(simulator, f"{PAYOUTS}/{payout['id']}", rich) == payout
    assert for_account(simulator, "/v1/balance", rich)["available"][0]["amount"] == 60000
