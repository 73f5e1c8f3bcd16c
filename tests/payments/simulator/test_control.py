"""The simulator's switches, who may use them, and what the API refuses before anything else."""

import base64
import threading
import time
from datetime import UTC, datetime

import pytest

from payments.simulator.faults import Fault, Faults
from tests.support.simulator import API_KEY, SECRET, payment_request, running_simulator

SESSIONS = "/v1/checkout/sessions"


def test_without_a_key_nothing_is_told(simulator):
    reply = simulator.api("GET", "/v1/balance", api_key="")

    assert (reply.status, reply.values["error"]["type"]) == (401, "invalid_request_error")


@pytest.mark.parametrize("key", ["sk_live_51abc", "pk_test_1", "anything"])
def test_only_secret_test_keys_are_taken(simulator, key):
    assert simulator.api("GET", "/v1/balance", api_key=key).status == 401


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Basic " + base64.b64encode(f"{API_KEY}:".encode()).decode(), 200),
        ("Basic !!!", 401),
        ("Basic /w==", 401),
        ("Bearer", 401),
    ],
)
def test_a_key_may_come_as_a_user_name(simulator, header, status):
    assert simulator.request("GET", "/v1/balance", headers={"Authorization": header}).status == status


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/plans", 404),
        ("DELETE", "/v1/refunds", 404),
        ("GET", "/v1/customers", 501),
        ("GET", "/v1/payment_intents/pi_none", 404),
        ("GET", "/v1/charges/ch_none", 404),
        ("GET", "/v1/refunds/re_none", 404),
        ("GET", "/v1/events/evt_none", 404),
        ("GET", "/v1/balance_transactions/txn_none", 404),
        ("GET", f"{SESSIONS}/cs_test_none", 404),
        ("GET", f"{SESSIONS}/cs_test_none/line_items", 404),
        ("POST", f"{SESSIONS}/cs_test_none/expire", 404),
    ],
)
def test_what_is_not_there_is_refused_in_stripes_shape(simulator, method, path, status):
    reply = simulator.api(method, path)

    assert reply.status == status
    assert set(reply.values["error"]) <= {"type", "message", "code", "param"}
    assert reply.headers["request-id"].startswith("req_")


def test_another_version_is_refused(simulator):
    headers = {"Authorization": f"Bearer {API_KEY}", "Stripe-Version": "2024-04-10"}

    assert simulator.request("GET", "/v1/balance", headers=headers).status == 400


def test_too_large_a_body_is_refused(simulator):
    headers = {"Authorization": f"Bearer {API_KEY}", "Content-Length": "1000001"}

    assert simulator.request("POST", "/v1/refunds", headers=headers).status == 413


def test_a_body_that_is_no_text_is_refused(simulator):
    headers = {"Authorization": f"Bearer {API_KEY}"}

    assert simulator.request("POST", "/v1/refunds", raw_body=b"amount=\xff", headers=headers).status == 400


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("webhooks", {"mode": "sometimes"}),
        ("webhooks", {"mode": 7}),
        ("webhooks", {"share": 2}),
        ("webhooks", {"copies": 0}),
        ("webhooks", {"colour": "red"}),
        ("faults", {}),
        ("faults", {"kind": "418"}),
        ("faults", {"kind": "500", "times": 0}),
        ("faults", {"kind": "500", "times": "many"}),
        ("pay", {}),
        ("pay", {"session": "cs_test_none", "card": "1234"}),
        ("redeliver", {}),
        ("redeliver", {"event_id": "evt_none", "copies": 0}),
        ("clock", {"advance": -1}),
    ],
)
def test_a_wrong_switch_is_refused_and_changes_nothing(simulator, name, values):
    settings_before = vars(simulator.server.world.webhooks).copy()

    reply = simulator.request("POST", f"/_control/{name}", json_body=values)

    assert reply.status in (400, 404)
    assert vars(simulator.server.world.webhooks) == settings_before


def test_an_unknown_switch_is_refused(simulator):
    assert simulator.request("POST", "/_control/nonsense", json_body={}).status == 404
    assert simulator.request("GET", "/_control/reset").status == 404


def test_a_form_on_some_web_page_cannot_turn_switches(simulator):
    reply = simulator.request("POST", "/_control/reset", form={})

    assert reply.status == 415


@pytest.mark.parametrize("body", ["nonsense", [], "7", None])
def test_a_switch_takes_a_json_object(simulator, body):
    assert simulator.request("POST", "/_control/reset", json_body=body).status == (
        415 if body is None else 400
    )


def test_switches_are_turned_from_this_machine_only(simulator, monkeypatch):
    handler = simulator.server.RequestHandlerClass
    monkeypatch.setattr(handler, "setup", elsewhere(handler.setup))

    assert simulator.request("POST", "/_control/clock", json_body={"advance": 1}).status == 403
    assert simulator.request("GET", "/healthz").status == 200


def elsewhere(setup):
    def setup_from_elsewhere(self):
        setup(self)
        self.client_address = ("192.0.2.7", 1)

    return setup_from_elsewhere


def test_a_reset_forgets_everything_but_where_webhooks_go(simulator, webhook_receiver):
    simulator.control("webhooks", urls=[webhook_receiver.url], mode="lose")
    simulator.provider().create_payment(payment_request())
    simulator.control("faults", kind="500", times=3)
    simulator.control("clock", advance=1000)

    simulator.control("reset")

    assert simulator.request("GET", "/_control/objects").values == {}
    assert simulator.provider().create_payment(payment_request()).session_status == "open"
    settings = simulator.server.world.webhooks
    assert (settings.mode, settings.urls, settings.secrets) == (
        "in_order",
        (webhook_receiver.url,),
        (SECRET,),
    )
    assert abs(simulator.objects("checkout.session")[0]["created"] - time.time()) < 100


def test_the_oldest_fitting_fault_strikes_as_often_as_it_should():
    faults = Faults()
    faults.add(Fault("POST", "/v1/refunds", "500", times=2))
    faults.add(Fault("*", "/v1/*", "429"))

    struck = [
        fault.kind if fault else None
        for fault in (
            faults.take("POST", "/v1/refunds"),
            faults.take("GET", "/v1/refunds"),
            faults.take("POST", "/v1/refunds"),
            faults.take("POST", "/v1/refunds"),
        )
    ]

    assert struck == ["500", "429", "500", None]
    assert faults.waiting() == []


def test_objects_keys_and_deliveries_outlive_a_restart(tmp_path, webhook_receiver):
    state = tmp_path / "state"
    with running_simulator(state, webhook_urls=("http://127.0.0.1:9/",)) as simulator:
        session_id = simulator.provider().create_payment(payment_request()).session_id
        simulator.pay(session_id)
        before = simulator.request("GET", "/_control/objects").values
    for delivery in before["delivery"]:
        assert delivery["url"] == "http://127.0.0.1:9/"

    with running_simulator(state) as simulator:
        request = payment_request(expires_at=simulator_expiry(before))
        again = simulator.provider().create_payment(request)
        paid = simulator.provider().retrieve_payment(session_id)
        after = simulator.request("GET", "/_control/objects").values

    assert again.session_id == session_id
    assert paid.payment_status == "paid"
    for kind in ("charge", "event", "payment_intent", "idempotency_key", "balance_transaction"):
        assert [row["id"] for row in after[kind]] == [row["id"] for row in before[kind]]
    assert {row["id"] for row in after["delivery"]} == {row["id"] for row in before["delivery"]}


def simulator_expiry(objects):
    return datetime.fromtimestamp(objects["checkout.session"][0]["expires_at"], UTC)


def test_fifty_buyers_at_once_are_all_served(simulator):
    provider = simulator.provider()
    outcomes = []

    def buy(number):
        request = payment_request(key=f"attempt:{number}", attempt_reference=str(number))
        session_id = provider.create_payment(request).session_id
        simulator.pay(session_id)
        outcomes.append(provider.retrieve_payment(session_id).payment_status)

    threads = [threading.Thread(target=buy, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == ["paid"] * 50
    assert len(simulator.objects("charge")) == 50
