"""What a buyer does at the simulator: pay, be declined, be asked by the bank, come too late."""

import contextlib
import threading

import pytest

from payments.simulator import sessions
from tests.support.simulator import payment_request, wait_until

DECLINED = "4000000000000002"
NO_MONEY = "4000000000009995"
CHALLENGED = "4000002500003155"
SUCCEEDS = "4242424242424242"


@pytest.fixture
def session_id(simulator):
    """An open session of 1,234.50."""
    return simulator.provider().create_payment(payment_request()).session_id


def event_types(simulator):
    return [event["type"] for event in simulator.objects("event")]


def test_paying_makes_one_charge_and_tells_every_step(simulator, session_id):
    session = simulator.pay(session_id)

    [intent], [charge] = simulator.objects("payment_intent"), simulator.objects("charge")
    assert (session["status"], session["payment_status"], session["url"]) == ("complete", "paid", None)
    assert (intent["status"], intent["amount_received"], intent["latest_charge"]) == (
        "succeeded",
        123450,
        charge["id"],
    )
    assert (charge["paid"], charge["amount_captured"], charge["amount_refunded"]) == (True, 123450, 0)
    assert charge["payment_method_details"]["card"]["last4"] == "4242"
    assert event_types(simulator) == [
        "payment_intent.created",
        "charge.succeeded",
        "charge.updated",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


def test_paying_twice_takes_money_once(simulator, session_id):
    simulator.pay(session_id)
    again = simulator.pay(session_id)

    assert again["status"] == "complete"
    assert len(simulator.objects("charge")) == 1
    assert event_types(simulator).count("checkout.session.completed") == 1


@pytest.mark.parametrize(
    ("card", "decline_code", "message"),
    [
        (DECLINED, "generic_decline", "Your card was declined."),
        (NO_MONEY, "insufficient_funds", "Your card has insufficient funds."),
    ],
)
def test_a_declined_card_leaves_the_session_open(simulator, session_id, card, decline_code, message):
    session = simulator.pay(session_id, card)

    [intent], [charge] = simulator.objects("payment_intent"), simulator.objects("charge")
    assert (session["status"], session["payment_status"]) == ("open", "unpaid")
    assert session["payment_intent"] == intent["id"]
    assert (intent["status"], intent["amount_received"]) == ("requires_payment_method", 0)
    assert intent["last_payment_error"]["decline_code"] == decline_code
    assert intent["last_payment_error"]["message"] == message
    assert (charge["status"], charge["paid"], charge["failure_code"]) == ("failed", False, "card_declined")
    assert simulator.objects("balance_transaction") == []
    assert event_types(simulator) == [
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
    ]


def test_a_decline_then_a_good_card_is_one_intent_and_one_payment(simulator, session_id):
    simulator.pay(session_id, DECLINED)
    simulator.pay(session_id, SUCCEEDS)

    [intent] = simulator.objects("payment_intent")
    assert (intent["status"], intent["last_payment_error"]) == ("succeeded", None)
    assert [charge["paid"] for charge in simulator.objects("charge")] == [False, True]


def test_a_challenge_waits_for_the_bank(simulator, session_id):
    session = simulator.pay(session_id, CHALLENGED)

    [intent] = simulator.objects("payment_intent")
    assert (session["status"], session["payment_status"]) == ("open", "unpaid")
    assert (intent["status"], intent["next_action"]["type"]) == ("requires_action", "redirect_to_url")
    assert simulator.objects("charge") == []
    assert event_types(simulator) == ["payment_intent.created", "payment_intent.requires_action"]


def test_a_confirmed_challenge_is_a_payment(simulator, session_id):
    simulator.pay(session_id, CHALLENGED)
    session = simulator.control("pay", session=session_id, authenticate=True)

    assert session["payment_status"] == "paid"
    assert simulator.objects("payment_intent")[0]["amount_received"] == 123450


def test_a_failed_challenge_leaves_the_session_open(simulator, session_id):
    simulator.pay(session_id, CHALLENGED)
    session = simulator.control("pay", session=session_id, authenticate=False)

    [intent] = simulator.objects("payment_intent")
    assert session["status"] == "open"
    assert intent["status"] == "requires_payment_method"
    assert intent["last_payment_error"]["code"] == "payment_intent_authentication_failure"
    assert simulator.objects("charge") == []


def test_an_abandoned_challenge_expires_without_money(simulator, session_id):
    simulator.pay(session_id, CHALLENGED)

    simulator.provider().expire_payment(session_id)
    late = simulator.control("pay", session=session_id, authenticate=True)

    assert (late["status"], late["payment_status"]) == ("expired", "unpaid")
    assert simulator.objects("payment_intent")[0]["status"] == "canceled"
    assert simulator.objects("charge") == []


def test_a_confirmation_without_a_challenge_does_nothing(simulator, session_id):
    session = simulator.control("pay", session=session_id, authenticate=True)

    assert session["status"] == "open"
    assert simulator.objects("event") == []


def race_payment_against_expiry(simulator, session_id):
    barrier = threading.Barrier(2)

    def pay():
        barrier.wait(30)
        simulator.pay(session_id)

    def expire():
        barrier.wait(30)
        simulator.api("POST", f"/v1/checkout/sessions/{session_id}/expire")

    threads = [threading.Thread(target=pay), threading.Thread(target=expire)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


class Door:
    """A lock, and who of those who serve requests has come to it."""

    def __init__(self, lock):
        self.lock, self.have_come = lock, set()

    def __enter__(self):
        if threading.current_thread().name != "simulator-courier":
            self.have_come.add(threading.get_ident())
        return self.lock.__enter__()

    def __exit__(self, *error):
        return self.lock.__exit__(*error)


@pytest.mark.parametrize("is_locked", [True, False], ids=["locked", "control"])
def test_a_payment_against_an_expiry_ends_as_one_of_them(simulator, monkeypatch, is_locked):
    provider, store, look = simulator.provider(), simulator.server.world.store, sessions.retrieve
    door = Door(store._lock if is_locked else contextlib.nullcontext())
    monkeypatch.setattr(store, "_lock", door)
    have_looked = set()

    def slow_look(world, session_id):
        session = look(world, session_id)
        have_looked.add(threading.get_ident())
        # The other has looked too; behind the lock it can only wait.
        wait_until(lambda: len(door.have_come if is_locked else have_looked) >= 2, "the other")
        return session

    monkeypatch.setattr(sessions, "retrieve", slow_look)
    contradictions = 0
    for number in range(5):
        session_id = provider.create_payment(payment_request(key=f"attempt:{number}")).session_id
        have_looked.clear()
        door.have_come.clear()
        race_payment_against_expiry(simulator, session_id)
        types = [
            event["type"]
            for event in simulator.objects("event")
            if event["data"]["object"]["id"] == session_id
        ]
        contradictions += len(types) != 1

    # Without the lock both look, both see an open session, and both happen.
    assert contradictions == (0 if is_locked else 5)


def test_a_browser_and_a_clock_at_the_same_second_agree(simulator, session_id):
    simulator.control("clock", advance=41 * 60)

    session = simulator.pay(session_id)

    assert (session["status"], session["payment_status"]) == ("expired", "unpaid")
    assert simulator.objects("charge") == []
