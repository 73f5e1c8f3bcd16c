"""Disputes: the money goes with a fee, comes back when won, and nothing is refunded meanwhile."""

import pytest

from tests.support.simulator import payment_request

DISPUTES = "/v1/disputes"
FEE = 100_000


def opened(simulator, charge, **values):
    return simulator.control("disputes", charge=charge["id"], **values)


def total(simulator):
    balance = simulator.api("GET", "/v1/balance").values
    return balance["available"][0]["amount"] + balance["pending"][0]["amount"]


@pytest.mark.fault(40)
def test_a_dispute_takes_the_whole_charge_and_a_fee(simulator, charge, told):
    before = total(simulator)

    dispute = opened(simulator, charge, reason="fraudulent")

    assert (dispute["amount"], dispute["currency"], dispute["charge"]) == (123450, "inr", charge["id"])
    assert (dispute["status"], dispute["reason"]) == ("needs_response", "fraudulent")
    assert dispute["payment_intent"] == charge["payment_intent"]
    [row] = dispute["balance_transactions"]
    assert (row["type"], row["reporting_category"], row["source"]) == ("adjustment", "dispute", dispute["id"])
    assert (row["amount"], row["fee"], row["net"]) == (-123450, FEE, -123450 - FEE)
    assert simulator.api("GET", f"/v1/balance_transactions/{row['id']}").values == row
    assert total(simulator) == before - 123450 - FEE
    assert simulator.objects("charge")[0]["disputed"] is True
    assert told() == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]


def test_a_dispute_may_be_about_a_part(simulator, charge):
    simulator.api("POST", "/v1/refunds", charge=charge["id"], amount="23450")

    over = simulator.request(
        "POST", "/_control/disputes", json_body={"charge": charge["id"], "amount": 100001}
    )
    dispute = opened(simulator, charge, amount=5000)

    assert over.status == 400
    assert dispute["amount"] == 5000


def test_a_dispute_without_amount_is_about_what_was_not_refunded(simulator, charge):
    simulator.api("POST", "/v1/refunds", charge=charge["id"], amount="23450")

    assert opened(simulator, charge)["amount"] == 100000


def test_a_dispute_of_dollars_costs_dollars(simulator):
    request = payment_request(currency="USD")
    simulator.pay(simulator.provider().create_payment(request).session_id)

    dispute = opened(simulator, simulator.objects("charge")[0])

    assert dispute["balance_transactions"][0]["fee"] == 1500


@pytest.mark.fault(41)
def test_a_dispute_that_is_won_brings_the_money_back_but_not_the_fee(simulator, charge, told):
    before = total(simulator)
    dispute = opened(simulator, charge)
    told()

    won = simulator.control("disputes", dispute=dispute["id"], outcome="won")

    assert (won["status"], won["is_charge_refundable"]) == ("won", True)
    assert [row["net"] for row in won["balance_transactions"]] == [-123450 - FEE, 123450]
    assert won["balance_transactions"][1]["reporting_category"] == "dispute_reversal"
    assert total(simulator) == before - FEE
    assert told() == ["charge.dispute.funds_reinstated", "charge.dispute.closed"]


def test_a_dispute_that_is_lost_brings_nothing_back(simulator, charge, told):
    dispute = opened(simulator, charge)
    held = total(simulator)
    told()

    lost = simulator.control("disputes", dispute=dispute["id"], outcome="lost")

    assert (lost["status"], len(lost["balance_transactions"])) == ("lost", 1)
    assert total(simulator) == held
    assert told() == ["charge.dispute.closed"]


@pytest.mark.fault(39)
@pytest.mark.parametrize("outcome", ["", "lost"])
def test_a_disputed_charge_is_not_refunded(simulator, charge, snapshot, outcome):
    dispute = opened(simulator, charge, amount=5000)
    if outcome:
        simulator.control("disputes", dispute=dispute["id"], outcome=outcome)
    known = snapshot()

    reply = simulator.api("POST", "/v1/refunds", payment_intent=charge["payment_intent"], amount="100")

    assert (reply.status, reply.values["error"]["code"]) == (400, "charge_disputed")
    assert reply.values["error"]["message"] == (
        f"Charge {charge['id']} has been charged back; cannot issue a refund."
    )
    assert snapshot() == known


def test_a_charge_is_refunded_after_its_dispute_was_won(simulator, charge):
    dispute = opened(simulator, charge)
    simulator.control("disputes", dispute=dispute["id"], outcome="won")

    assert simulator.api("POST", "/v1/refunds", charge=charge["id"]).values["status"] == "succeeded"


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"charge": "ch_none"},
        {"dispute": "dp_none", "outcome": "won"},
        {"amount": 0},
        {"amount": "much"},
        {"reason": "bad mood"},
        {"outcome": "drawn"},
    ],
)
def test_a_wrong_dispute_is_refused_and_changes_nothing(simulator, charge, snapshot, values):
    known = snapshot()
    if "amount" in values or "reason" in values:
        values = {"charge": charge["id"], **values}

    reply = simulator.request("POST", "/_control/disputes", json_body=values)

    assert reply.status in (400, 404)
    assert snapshot() == known


def test_a_dispute_is_opened_and_closed_once(simulator, charge, snapshot):
    dispute = opened(simulator, charge)
    simulator.control("disputes", dispute=dispute["id"], outcome="lost")
    known = snapshot()

    second = simulator.request("POST", "/_control/disputes", json_body={"charge": charge["id"]})
    again = simulator.request(
        "POST", "/_control/disputes", json_body={"dispute": dispute["id"], "outcome": "won"}
    )

    assert (second.status, again.status) == (400, 400)
    assert snapshot() == known


def test_disputes_are_found_again(simulator, charge):
    dispute = opened(simulator, charge)

    one = simulator.api("GET", f"{DISPUTES}/{dispute['id']}").values
    by_charge = simulator.api("GET", DISPUTES, charge=charge["id"]).values["data"]
    by_intent = simulator.api("GET", DISPUTES, payment_intent=charge["payment_intent"]).values["data"]
    of_nothing = simulator.api("GET", DISPUTES, charge="ch_none").values["data"]
    shown = simulator.api(
        "GET",
        f"/v1/balance_transactions/{dispute['balance_transactions'][0]['id']}",
        **{"expand[]": "source.charge"},
    ).values["source"]

    assert by_charge == by_intent == [one] == [dispute]
    assert of_nothing == []
    assert (shown["id"], shown["charge"]["id"]) == (dispute["id"], charge["id"])
    assert simulator.api("GET", f"{DISPUTES}/dp_none").status == 404


def test_evidence_is_handed_in(simulator, charge, told):
    dispute = opened(simulator, charge)
    told()

    simulator.api("POST", f"{DISPUTES}/{dispute['id']}", **{"metadata[order]": "K7-4412"})
    answered = simulator.api(
        "POST",
        f"{DISPUTES}/{dispute['id']}",
        submit="true",
        **{"evidence[shipping_tracking_number]": "BT-1"},
    ).values

    assert (answered["status"], answered["metadata"]) == ("under_review", {"order": "K7-4412"})
    assert answered["evidence"]["shipping_tracking_number"] == "BT-1"
    assert answered["evidence_details"]["submission_count"] == 1
    assert told() == ["charge.dispute.updated", "charge.dispute.updated"]


def test_a_dispute_is_given_up(simulator, charge):
    dispute = opened(simulator, charge)

    lost = simulator.api("POST", f"{DISPUTES}/{dispute['id']}/close").values

    assert lost["status"] == "lost"
    assert simulator.api("POST", f"{DISPUTES}/{dispute['id']}/close").status == 400
    late = simulator.api("POST", f"{DISPUTES}/{dispute['id']}", **{"evidence[receipt]": "file_1"})
    assert late.status == 400
