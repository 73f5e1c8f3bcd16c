"""Idempotency keys at the API."""

import threading
from types import SimpleNamespace

import pytest

from tests.support.simulator import payment_request

REFUNDS = "/v1/refunds"


@pytest.fixture
def intent(simulator):
    """A payment intent of 1,234.50 that was paid."""
    session_id = simulator.provider().create_payment(payment_request()).session_id
    simulator.pay(session_id)
    return simulator.objects("payment_intent")[0]["id"]


def test_a_repeated_call_gets_the_first_answer(simulator, intent):
    first = simulator.api("POST", REFUNDS, key="refund:1", payment_intent=intent, amount="100")
    again = simulator.api("POST", REFUNDS, key="refund:1", amount="100", payment_intent=intent)

    assert (again.status, again.values) == (200, first.values)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["original-request"] == first.headers["request-id"] != again.headers["request-id"]
    assert "idempotent-replayed" not in first.headers
    assert len(simulator.objects("refund")) == 1


def test_a_refusal_is_repeated_even_when_it_would_succeed_now(simulator, intent):
    simulator.api("POST", REFUNDS, payment_intent=intent, amount="123450")
    [refund] = simulator.objects("refund")
    refused = simulator.api("POST", REFUNDS, key="refund:2", payment_intent=intent, amount="100")
    simulator.control("refunds", refund=refund["id"])

    again = simulator.api("POST", REFUNDS, key="refund:2", payment_intent=intent, amount="100")

    assert (refused.status, refused.values["error"]["code"]) == (400, "charge_already_refunded")
    assert (again.status, again.values) == (400, refused.values)
    assert again.headers["idempotent-replayed"] == "true"


def test_a_key_with_other_parameters_is_refused(simulator, intent):
    simulator.api("POST", REFUNDS, key="refund:1", payment_intent=intent, amount="100")

    other = simulator.api("POST", REFUNDS, key="refund:1", payment_intent=intent, amount="101")

    assert (other.status, other.values["error"]["type"]) == (400, "idempotency_error")
    assert [refund["amount"] for refund in simulator.objects("refund")] == [100]


def test_a_key_of_another_call_is_refused(simulator, intent):
    simulator.api("POST", REFUNDS, key="refund:1", payment_intent=intent, amount="100")

    other = simulator.api("POST", "/v1/checkout/sessions", key="refund:1")

    assert (other.status, other.values["error"]["type"]) == (400, "idempotency_error")
    assert len(simulator.objects("checkout.session")) == 1


def test_wrong_parameters_do_not_use_up_the_key(simulator, intent):
    wrong = simulator.api("POST", REFUNDS, key="refund:1", payment_intent=intent, sum="100")

    right = simulator.api("POST", REFUNDS, key="refund:1", payment_intent=intent, amount="100")

    assert (wrong.status, right.status) == (400, 200)


def test_a_key_is_forgotten_after_a_day(simulator, intent):
    simulator.api("POST", REFUNDS, key="refund:1", payment_intent=intent, amount="100")

    simulator.control("clock", advance=24 * 3600)
    again = simulator.api("POST", REFUNDS, key="refund:1", payment_intent=intent, amount="100")

    assert again.status == 200
    assert len(simulator.objects("refund")) == 2


def test_a_key_in_use_is_a_conflict_and_then_a_repeat(simulator, intent, monkeypatch):
    is_at_work, may_go_on = threading.Event(), threading.Event()

    def wait_for_the_test(seconds):
        is_at_work.set()
        may_go_on.wait(30)

    monkeypatch.setattr("payments.simulator.api.time", SimpleNamespace(sleep=wait_for_the_test))
    simulator.control("faults", method="POST", path=REFUNDS, kind="delay")
    replies = []
    slow = threading.Thread(
        target=lambda: replies.append(
            simulator.api("POST", REFUNDS, key="refund:1", payment_intent=intent, amount="100")
        )
    )
    slow.start()
    is_at_work.wait(30)

    meanwhile = simulator.api("POST", REFUNDS, key="refund:1", payment_intent=intent, amount="100")
    may_go_on.set()
    slow.join()
    after = simulator.api("POST", REFUNDS, key="refund:1", payment_intent=intent, amount="100")

    assert (meanwhile.status, meanwhile.values["error"]["code"]) == (409, "idempotency_key_in_use")
    assert replies[0].status == 200
    assert after.values == replies[0].values
    assert len(simulator.objects("refund")) == 1


@pytest.mark.parametrize(("is_keyed", "refunds"), [(True, 1), (False, 8)], ids=["keyed", "control"])
def test_eight_calls_at_once_refund_once(simulator, intent, is_keyed, refunds):
    barrier = threading.Barrier(8)
    statuses = []

    def call():
        barrier.wait(30)
        key = "refund:1" if is_keyed else ""
        reply = simulator.api("POST", REFUNDS, key=key, payment_intent=intent, amount="100")
        statuses.append(reply.status)

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(simulator.objects("refund")) == refunds
    assert set(statuses) <= {200, 409}
    assert len(statuses) == 8


def test_a_reading_call_takes_no_key(simulator, intent):
    before = simulator.api("GET", f"/v1/payment_intents/{intent}", key="look")
    simulator.api("POST", REFUNDS, payment_intent=intent, amount="123450")

    after = simulator.api("GET", "/v1/refunds", key="look")

    assert (before.status, len(after.values["data"])) == (200, 1)


def test_too_long_a_key_is_refused(simulator, intent):
    reply = simulator.api("POST", REFUNDS, key="k" * 256, payment_intent=intent)

    assert (reply.status, reply.values["error"]["type"]) == (400, "idempotency_error")
    assert simulator.request("GET", "/_control/objects?kind=refund").values == {"refund": []}


def test_an_event_that_breaks_the_contract_undoes_the_call(simulator, intent, monkeypatch):
    monkeypatch.setattr("payments.simulator.refunds.checked_metadata", lambda metadata: {"colour": 7})

    reply = simulator.api("POST", REFUNDS, key="refund:1", payment_intent=intent, amount="100")

    assert (reply.status, reply.values["error"]["type"]) == (500, "api_error")
    assert "breaks the contract" in reply.values["error"]["message"]
    assert simulator.objects("refund") == []
    assert simulator.objects("charge")[0]["amount_refunded"] == 0


def test_an_answer_that_breaks_the_contract_is_a_500(simulator, monkeypatch):
    monkeypatch.setattr("payments.simulator.balance.retrieve", lambda world: {"object": "balance"})

    reply = simulator.api("GET", "/v1/balance")

    assert (reply.status, reply.values["error"]["type"]) == (500, "api_error")
    assert "'available' is a required property" in reply.values["error"]["message"]
