"""Refunds and the balance: never more back than came in, and every movement in the books."""

import pytest

from tests.support.simulator import payment_request

REFUNDS = "/v1/refunds"


@pytest.fixture
def intent(simulator):
    """A payment intent of 1,234.50 that was paid."""
    session_id = simulator.provider().create_payment(payment_request()).session_id
    simulator.pay(session_id)
    return simulator.objects("payment_intent")[0]["id"]


def balance_of(simulator):
    balance = simulator.api("GET", "/v1/balance").values
    return balance["available"][0]["amount"], balance["pending"][0]["amount"]


def test_a_refund_without_amount_gives_back_what_is_left(simulator, intent):
    simulator.api("POST", REFUNDS, payment_intent=intent, amount="1000")
    rest = simulator.api("POST", REFUNDS, payment_intent=intent).values

    [charge] = simulator.objects("charge")
    assert rest["amount"] == 122450
    assert (charge["amount_refunded"], charge["refunded"]) == (123450, True)


@pytest.mark.parametrize(
    ("amount", "code"),
    [("123451", ""), ("0", "parameter_invalid_integer"), ("-1", "parameter_invalid_integer")],
)
def test_a_refund_of_more_than_came_in_or_of_nothing_is_refused(simulator, intent, amount, code):
    events_before = len(simulator.objects("event"))

    reply = simulator.api("POST", REFUNDS, payment_intent=intent, amount=amount)

    assert reply.status == 400
    assert reply.values["error"].get("code", "") == code
    assert reply.values["error"]["param"] == "amount"
    assert simulator.objects("charge")[0]["amount_refunded"] == 0
    assert len(simulator.objects("event")) == events_before


def test_a_refund_after_a_full_one_is_refused(simulator, intent):
    simulator.api("POST", REFUNDS, payment_intent=intent)

    reply = simulator.api("POST", REFUNDS, payment_intent=intent, amount="1")

    assert (reply.status, reply.values["error"]["code"]) == (400, "charge_already_refunded")
    assert len(simulator.objects("refund")) == 1


def test_an_unpaid_intent_has_nothing_to_refund(simulator):
    session_id = simulator.provider().create_payment(payment_request()).session_id
    simulator.pay(session_id, "4000000000000002")
    [intent], [charge] = simulator.objects("payment_intent"), simulator.objects("charge")

    by_intent = simulator.api("POST", REFUNDS, payment_intent=intent["id"])
    by_charge = simulator.api("POST", REFUNDS, charge=charge["id"])

    assert (by_intent.status, by_charge.status) == (400, 400)
    assert simulator.request("GET", "/_control/objects?kind=refund").values == {"refund": []}


@pytest.mark.parametrize(
    ("fields", "status"),
    [({}, 400), ({"payment_intent": "pi_none"}, 404), ({"charge": "ch_none"}, 404), ({"reason": "no"}, 400)],
)
def test_a_refund_names_a_payment_that_exists(simulator, fields, status):
    assert simulator.api("POST", REFUNDS, **fields).status == status


def test_a_refund_tells_every_step(simulator, intent):
    before = len(simulator.objects("event"))

    refund = simulator.api("POST", REFUNDS, payment_intent=intent, amount="1000").values

    events = simulator.objects("event")[before:]
    assert [event["type"] for event in events] == ["charge.refunded", "refund.created"]
    assert events[0]["data"]["previous_attributes"] == {"amount_refunded": 0}
    assert events[1]["data"]["object"]["id"] == refund["id"]


def test_refunds_are_listed_by_payment(simulator, intent):
    first = simulator.api("POST", REFUNDS, payment_intent=intent, amount="1000").values
    second = simulator.api("POST", REFUNDS, payment_intent=intent, amount="2000").values
    charge = simulator.objects("charge")[0]["id"]

    by_intent = simulator.api("GET", REFUNDS, payment_intent=intent).values["data"]
    of_another = simulator.api("GET", REFUNDS, payment_intent="pi_none").values["data"]
    in_charge = simulator.api("GET", f"/v1/charges/{charge}", **{"expand[]": "refunds"}).values

    assert [refund["id"] for refund in by_intent] == [second["id"], first["id"]]
    assert of_another == []
    assert [refund["id"] for refund in in_charge["refunds"]["data"]] == [second["id"], first["id"]]


def test_a_refund_that_fails_later_gives_the_money_back_to_us(simulator, intent):
    refund = simulator.api("POST", REFUNDS, payment_intent=intent).values
    before = len(simulator.objects("event"))

    simulator.control("refunds", refund=refund["id"], reason="lost_or_stolen_card")

    failed = simulator.api("GET", f"{REFUNDS}/{refund['id']}").values
    [charge] = simulator.objects("charge")
    assert (failed["status"], failed["failure_reason"]) == ("failed", "lost_or_stolen_card")
    assert (charge["amount_refunded"], charge["refunded"]) == (0, False)
    types = [event["type"] for event in simulator.objects("event")[before:]]
    assert types == ["refund.updated", "charge.refund.updated", "refund.failed"]
    amounts = [row["amount"] for row in simulator.objects("balance_transaction")]
    assert amounts == [123450, -123450, 123450]


def test_a_refund_fails_once(simulator, intent):
    refund = simulator.api("POST", REFUNDS, payment_intent=intent).values
    simulator.control("refunds", refund=refund["id"])

    again = simulator.request("POST", "/_control/refunds", json_body={"refund": refund["id"]})

    assert again.status == 400
    assert len(simulator.objects("balance_transaction")) == 3


def test_a_charge_costs_a_fee_with_tax_and_a_refund_does_not_return_it(simulator, intent):
    simulator.api("POST", REFUNDS, payment_intent=intent, amount="23450")

    charged, refunded = simulator.objects("balance_transaction")
    assert (charged["amount"], charged["fee"], charged["net"]) == (123450, 2469 + 444, 120537)
    assert [fee["amount"] for fee in charged["fee_details"]] == [2469, 444]
    assert (refunded["amount"], refunded["fee"], refunded["net"]) == (-23450, 0, -23450)
    assert balance_of(simulator) == (0, 120537 - 23450)


def test_money_becomes_available_after_two_days(simulator, intent):
    simulator.control("clock", advance=2 * 24 * 3600)

    assert balance_of(simulator) == (120537, 0)
    [row] = simulator.api("GET", "/v1/balance_transactions").values["data"]
    assert row["status"] == "available"
    assert simulator.api("GET", f"/v1/balance_transactions/{row['id']}").values == row


def test_a_balance_transaction_may_come_late(simulator):
    simulator.control("balance", late=True)
    session_id = simulator.provider().create_payment(payment_request()).session_id
    simulator.pay(session_id)
    waiting = simulator.objects("charge")[0]["balance_transaction"]

    settled = simulator.control("balance", late=False)

    assert (waiting, settled) == (None, {"settled": 1})
    [charge] = simulator.objects("charge")
    [row] = simulator.objects("balance_transaction")
    assert (charge["balance_transaction"], row["source"]) == (row["id"], charge["id"])
    assert simulator.objects("event")[-1]["type"] == "charge.updated"


def test_movements_are_listed_by_what_moved(simulator, intent):
    refund = simulator.api("POST", REFUNDS, payment_intent=intent, amount="1000").values

    by_source = simulator.api("GET", "/v1/balance_transactions", source=refund["id"]).values["data"]
    by_type = simulator.api("GET", "/v1/balance_transactions", type="charge").values["data"]

    assert [row["amount"] for row in by_source] == [-1000]
    assert [row["amount"] for row in by_type] == [123450]
    charges = simulator.api("GET", "/v1/charges", payment_intent=intent).values["data"]
    assert [charge["amount"] for charge in charges] == [123450]
    intents = simulator.api("GET", "/v1/payment_intents").values["data"]
    assert [row["id"] for row in intents] == [intent]


@pytest.mark.fault(37)
@pytest.mark.parametrize("outcome", ["succeeded", "failed"])
def test_a_slow_refund_ends_later(simulator, intent, told, outcome):
    simulator.control("refunds", slow=True)
    refund = simulator.api("POST", REFUNDS, payment_intent=intent, amount="1000").values
    before = sum(balance_of(simulator))
    told()

    ended = simulator.control("refunds", refund=refund["id"], outcome=outcome)

    assert (refund["status"], refund["pending_reason"]) == ("pending", "processing")
    assert refund["balance_transaction"] is not None
    assert (ended["status"], ended["pending_reason"]) == (outcome, None)
    updated = ["refund.updated", "charge.refund.updated"]
    assert told() == (updated if outcome == "succeeded" else [*updated, "refund.failed"])
    assert sum(balance_of(simulator)) == before + (0 if outcome == "succeeded" else 1000)
    assert simulator.objects("charge")[0]["amount_refunded"] == (1000 if outcome == "succeeded" else 0)


def test_refunds_are_quick_again_when_they_shall_be(simulator, intent):
    simulator.control("refunds", slow=True)
    simulator.control("refunds", slow=False)

    assert simulator.api("POST", REFUNDS, payment_intent=intent).values["status"] == "succeeded"


def test_a_refund_that_arrived_does_not_arrive_again(simulator, intent, snapshot):
    refund = simulator.api("POST", REFUNDS, payment_intent=intent).values
    known = snapshot()

    values = {"refund": refund["id"], "outcome": "succeeded"}

    assert simulator.request("POST", "/_control/refunds", json_body=values).status == 400
    assert snapshot() == known


@pytest.mark.fault(38)
def test_a_person_refunds_at_the_provider(simulator, intent, told):
    refund = simulator.control("refunds", payment_intent=intent, amount=1000)
    whole = simulator.control("refunds", charge=refund["charge"])

    assert (refund["amount"], refund["metadata"], refund["status"]) == (1000, {}, "succeeded")
    assert whole["amount"] == 122450
    assert told() == ["charge.refunded", "refund.created"] * 2
    last = simulator.objects("event")[-1]
    assert last["request"] == {"id": None, "idempotency_key": None}
    assert (
        simulator.request("POST", "/_control/refunds", json_body={"charge": refund["charge"]}).status == 400
    )


def test_a_refund_is_found_by_its_metadata(simulator, intent):
    made = [
        simulator.api("POST", REFUNDS, payment_intent=intent, amount="1", **{"metadata[refund]": str(number)})
        for number in range(23)
    ]

    pages = simulator.provider()._client.v1.refunds.list({"payment_intent": intent, "limit": 5})
    found = [row.id for row in pages.auto_paging_iter() if row.metadata["refund"] == "3"]

    assert found == [made[3].values["id"]]


def test_metadata_of_a_refund_is_changed(simulator, intent, told):
    refund = simulator.api("POST", REFUNDS, payment_intent=intent, **{"metadata[a]": "1"}).values
    told()

    changed = simulator.api("POST", f"{REFUNDS}/{refund['id']}", **{"metadata[b]": "2"}).values
    emptied = simulator.api("POST", f"{REFUNDS}/{refund['id']}", metadata="").values

    assert (changed["metadata"], emptied["metadata"]) == ({"a": "1", "b": "2"}, {})
    assert told() == ["refund.updated", "charge.refund.updated"] * 2


def test_a_refund_cannot_take_back_a_transfer_that_is_not_its_own(simulator, intent, snapshot):
    known = snapshot()

    reply = simulator.api("POST", REFUNDS, payment_intent=intent, reverse_transfer="true")

    assert reply.status == 400
    assert snapshot() == known
