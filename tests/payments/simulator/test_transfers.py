"""Transfers to connected accounts: never more than a charge has left, never more back than was sent."""

import pytest

from tests.support.simulator import payment_request

TRANSFERS = "/v1/transfers"
TWO_DAYS = 2 * 24 * 3600


@pytest.fixture
def fields(charge, account):
    """What a transfer of 1,000.00 out of the charge is asked with."""
    return {
        "amount": "100000",
        "currency": "inr",
        "destination": account,
        "source_transaction": charge["id"],
        "metadata[vendor_order]": "V-1",
    }


@pytest.fixture
def transfer(simulator, fields):
    """A transfer of 1,000.00."""
    return simulator.api("POST", TRANSFERS, **fields).values


def held(simulator, account):
    rows = {row["id"]: row["amounts"] for row in simulator.objects("connected_purse")}
    return rows.get(account, {}).get("inr", 0)


def refusal(reply):
    error = reply.values["error"]
    return reply.status, error["type"], error.get("code", ""), error.get("param", "")


def test_a_transfer_out_of_a_charge_is_kept_with_its_movement(simulator, charge, account, fields, told):
    reply = simulator.api("POST", TRANSFERS, key="transfer:1", **fields)

    transfer = reply.values
    assert reply.status == 200
    assert (transfer["amount"], transfer["amount_reversed"], transfer["reversed"]) == (100000, 0, False)
    assert (transfer["destination"], transfer["source_transaction"]) == (account, charge["id"])
    assert transfer["transfer_group"] == charge["transfer_group"] == "order:K7-4412"
    assert transfer["metadata"] == {"vendor_order": "V-1"}
    assert transfer["reversals"]["data"] == []
    row = simulator.api("GET", f"/v1/balance_transactions/{transfer['balance_transaction']}").values
    charged = simulator.api("GET", f"/v1/balance_transactions/{charge['balance_transaction']}").values
    assert (row["type"], row["reporting_category"], row["source"]) == ("transfer", "transfer", transfer["id"])
    assert (row["amount"], row["fee"], row["net"]) == (-100000, 0, -100000)
    assert row["available_on"] == charged["available_on"]
    assert held(simulator, account) == 100000
    assert told() == ["transfer.created"]


def test_a_transfer_repeated_with_its_key_is_made_once(simulator, account, fields):
    first = simulator.api("POST", TRANSFERS, key="transfer:1", **fields)
    second = simulator.api("POST", TRANSFERS, key="transfer:1", **fields)

    assert first.values == second.values
    assert len(simulator.objects("transfer")) == 1
    assert held(simulator, account) == 100000


@pytest.mark.fault(43)
@pytest.mark.parametrize(("before", "amount"), [("0", "123451"), ("23450", "100001"), ("123450", "1")])
def test_transfers_over_the_charge_are_refused(simulator, fields, snapshot, before, amount):
    if before != "0":
        simulator.api("POST", TRANSFERS, **{**fields, "amount": before})
    known = snapshot()

    reply = simulator.api("POST", TRANSFERS, **{**fields, "amount": amount})

    assert refusal(reply) == (400, "invalid_request_error", "", "amount")
    assert "must not exceed the source amount" in reply.values["error"]["message"]
    assert snapshot() == known


def test_a_charge_is_transferred_to_its_last_paisa(simulator, fields):
    first = simulator.api("POST", TRANSFERS, **{**fields, "amount": "123449"})
    second = simulator.api("POST", TRANSFERS, **{**fields, "amount": "1"})

    assert (first.status, second.status) == (200, 200)


def test_what_was_reversed_may_be_transferred_again(simulator, fields, transfer):
    simulator.api("POST", f"{TRANSFERS}/{transfer['id']}/reversals", amount="40000")

    over = simulator.api("POST", TRANSFERS, **{**fields, "amount": "63451"})
    rest = simulator.api("POST", TRANSFERS, **{**fields, "amount": "63450"})

    assert (over.status, rest.status) == (400, 200)


def test_without_an_amount_the_whole_charge_is_transferred(simulator, fields):
    del fields["amount"]

    assert simulator.api("POST", TRANSFERS, **fields).values["amount"] == 123450


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"destination": "acct_none"}, "resource_missing", "destination"),
        ({"source_transaction": "ch_none"}, "resource_missing", "source_transaction"),
        ({"currency": "usd"}, "", "currency"),
        ({"amount": "0"}, "parameter_invalid_integer", "amount"),
        ({"amount": "-5"}, "parameter_invalid_integer", "amount"),
        ({"amount": "ten"}, "parameter_invalid_integer", "amount"),
        ({"colour": "red"}, "parameter_unknown", "colour"),
    ],
)
def test_a_wrong_transfer_is_refused_and_nothing_moves(simulator, fields, snapshot, changes, code, param):
    known = snapshot()

    reply = simulator.api("POST", TRANSFERS, **{**fields, **changes})

    assert refusal(reply) == (400, "invalid_request_error", code, param)
    assert snapshot() == known


def test_a_transfer_needs_an_amount_or_a_charge(simulator, account):
    reply = simulator.api("POST", TRANSFERS, currency="inr", destination=account)

    assert refusal(reply) == (400, "invalid_request_error", "parameter_missing", "amount")


def test_a_declined_charge_has_nothing_to_transfer(simulator, fields):
    with_declined = {**fields, "source_transaction": declined_charge(simulator)}

    assert simulator.api("POST", TRANSFERS, **with_declined).status == 400


def declined_charge(simulator):
    request = payment_request(key="attempt:2", attempt_reference="2")
    session_id = simulator.provider().create_payment(request).session_id
    simulator.pay(session_id, "4000000000000002")
    return simulator.objects("charge")[-1]["id"]


@pytest.mark.fault(44)
def test_a_restricted_account_takes_no_transfer_until_it_is_free_again(simulator, fields, account, snapshot):
    simulator.control("accounts", account=account, action="restrict")
    known = snapshot()

    refused = simulator.api("POST", TRANSFERS, **fields)

    assert refusal(refused) == (400, "invalid_request_error", "insufficient_capabilities_for_transfer", "")
    assert snapshot() == known
    simulator.control("accounts", account=account, action="unrestrict")
    assert simulator.api("POST", TRANSFERS, **fields).status == 200


def test_an_account_before_its_onboarding_takes_no_transfer(simulator, fields):
    other = simulator.api("POST", "/v1/accounts", country="IN", type="express").values["id"]

    reply = simulator.api("POST", TRANSFERS, **{**fields, "destination": other})

    assert reply.values["error"]["code"] == "insufficient_capabilities_for_transfer"


def test_without_a_charge_only_what_is_available_is_transferred(simulator, account, charge):
    asked = {"currency": "inr", "destination": account}
    pending = simulator.api("POST", TRANSFERS, amount="1", **asked)
    simulator.control("clock", advance=TWO_DAYS)

    over = simulator.api("POST", TRANSFERS, amount="120538", **asked)
    whole = simulator.api("POST", TRANSFERS, amount="120537", transfer_group="order:1", **asked)

    assert refusal(pending) == refusal(over) == (400, "invalid_request_error", "balance_insufficient", "")
    assert (whole.status, whole.values["source_transaction"]) == (200, None)
    assert whole.values["transfer_group"] == "order:1"
    assert simulator.api("GET", "/v1/balance").values["available"][0]["amount"] == 0


def test_transfers_are_found_again(simulator, fields, transfer, account):
    other = simulator.api("POST", TRANSFERS, **{**fields, "amount": "5", "transfer_group": "other"}).values

    one = simulator.api("GET", f"{TRANSFERS}/{transfer['id']}").values
    by_group = simulator.api("GET", TRANSFERS, transfer_group="order:K7-4412").values["data"]
    by_account = simulator.api("GET", TRANSFERS, destination=account).values["data"]
    of_nobody = simulator.api("GET", TRANSFERS, destination="acct_none").values["data"]

    assert one == transfer
    assert [row["id"] for row in by_group] == [transfer["id"]]
    assert [row["metadata"] for row in by_account] == [{"vendor_order": "V-1"}] * 2
    assert [row["id"] for row in by_account] == [other["id"], transfer["id"]]
    assert of_nobody == []


def test_a_transfer_is_shown_with_what_it_names(simulator, transfer, charge, account):
    paths = ["balance_transaction", "destination", "source_transaction"]
    query = "&".join(f"expand[]={path}" for path in paths)

    shown = simulator.api("GET", f"{TRANSFERS}/{transfer['id']}?{query}").values
    source = simulator.api(
        "GET", f"/v1/balance_transactions/{transfer['balance_transaction']}", **{"expand[]": "source"}
    ).values["source"]

    assert shown["balance_transaction"]["amount"] == -100000
    assert shown["destination"]["id"] == account
    assert shown["source_transaction"]["id"] == charge["id"]
    assert source == transfer


def test_metadata_and_description_of_a_transfer_are_changed(simulator, transfer, told):
    fields = {"metadata[vendor_order]": "", "metadata[run]": "7", "description": "Share"}

    changed = simulator.api("POST", f"{TRANSFERS}/{transfer['id']}", **fields).values
    again = simulator.api("POST", f"{TRANSFERS}/{transfer['id']}", description="Share").values

    assert (changed["metadata"], changed["description"]) == ({"run": "7"}, "Share")
    assert again == changed
    assert told() == ["transfer.updated"]


def test_a_part_and_then_the_rest_of_a_transfer_are_reversed(simulator, transfer, account, told):
    url = f"{TRANSFERS}/{transfer['id']}/reversals"

    part = simulator.api("POST", url, amount="30000", **{"metadata[refund]": "9"}).values
    rest = simulator.api("POST", url).values

    assert (part["amount"], part["transfer"], part["metadata"]) == (30000, transfer["id"], {"refund": "9"})
    assert rest["amount"] == 70000
    row = simulator.api("GET", f"/v1/balance_transactions/{part['balance_transaction']}").values
    assert (row["type"], row["reporting_category"], row["net"]) == (
        "transfer_refund",
        "transfer_reversal",
        30000,
    )
    after = simulator.api("GET", f"{TRANSFERS}/{transfer['id']}").values
    assert (after["amount_reversed"], after["reversed"]) == (100000, True)
    assert [reversal["id"] for reversal in after["reversals"]["data"]] == [rest["id"], part["id"]]
    assert held(simulator, account) == 0
    assert told() == ["transfer.reversed", "transfer.reversed"]


@pytest.mark.parametrize(
    ("amount", "code", "param"),
    [("100001", "", "amount"), ("0", "parameter_invalid_integer", "amount")],
)
def test_a_reversal_of_more_than_was_sent_is_refused(simulator, transfer, snapshot, amount, code, param):
    known = snapshot()

    reply = simulator.api("POST", f"{TRANSFERS}/{transfer['id']}/reversals", amount=amount)

    assert refusal(reply) == (400, "invalid_request_error", code, param)
    assert snapshot() == known


def test_a_transfer_that_is_back_is_not_reversed_again(simulator, transfer, snapshot):
    url = f"{TRANSFERS}/{transfer['id']}/reversals"
    simulator.api("POST", url)
    known = snapshot()

    assert simulator.api("POST", url).status == 400
    assert snapshot() == known


@pytest.mark.fault(42)
def test_a_reversal_with_an_empty_connected_balance_is_refused(simulator, transfer, account, snapshot):
    emptied = simulator.control("accounts", account=account, action="empty")
    known = snapshot()

    reply = simulator.api("POST", f"{TRANSFERS}/{transfer['id']}/reversals", amount="1")

    assert emptied == {"emptied": {"inr": 100000}}
    assert refusal(reply) == (400, "invalid_request_error", "balance_insufficient", "")
    assert snapshot() == known


def test_reversals_are_found_again(simulator, fields, transfer):
    url = f"{TRANSFERS}/{transfer['id']}/reversals"
    made = [simulator.api("POST", url, amount="1").values for _ in range(12)]
    other = simulator.api("POST", TRANSFERS, **{**fields, "amount": "5"}).values

    listed = simulator.api("GET", url, limit="100").values["data"]
    shown = simulator.api("GET", f"{TRANSFERS}/{transfer['id']}").values["reversals"]
    one = simulator.api("GET", f"{url}/{made[0]['id']}").values
    astray = simulator.api("GET", f"{TRANSFERS}/{other['id']}/reversals/{made[0]['id']}")

    assert [reversal["id"] for reversal in listed] == [reversal["id"] for reversal in reversed(made)]
    assert (len(shown["data"]), shown["has_more"], shown["total_count"]) == (10, True, 12)
    assert one == made[0]
    assert astray.status == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/tr_none"),
        ("POST", "/tr_none"),
        ("GET", "/tr_none/reversals"),
        ("POST", "/tr_none/reversals"),
        ("GET", "/tr_none/reversals/trr_none"),
    ],
)
def test_an_unknown_transfer_is_not_there(simulator, method, path):
    assert simulator.api(method, TRANSFERS + path).status == 404
