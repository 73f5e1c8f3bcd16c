"""Webhooks: signed, in order, and in every way that goes wrong."""

import json
import threading
import time

import pytest
import stripe

from payments.simulator.webhooks import RETRY_AFTER_SECONDS, signature_header
from tests.support.simulator import SECRET, payment_request, wait_until

PAID = [
    "payment_intent.created",
    "charge.succeeded",
    "charge.updated",
    "payment_intent.succeeded",
    "checkout.session.completed",
]


@pytest.fixture
def shop(simulator, webhook_receiver):
    """Somebody who hears of everything that happens at the simulator."""
    simulator.control("webhooks", urls=[webhook_receiver.url])
    return webhook_receiver


def buy(simulator):
    session_id = simulator.provider().create_payment(payment_request()).session_id
    simulator.pay(session_id)
    return session_id


def nothing_more(simulator, receiver, count):
    wait_until(lambda: simulator.objects("delivery") == [], "all deliveries")
    return len(receiver.received) == count


def test_events_arrive_once_each_in_their_order(simulator, shop):
    buy(simulator)

    shop.wait_for(5)

    assert nothing_more(simulator, shop, 5)
    assert shop.types() == PAID
    assert [received.path for received in shop.received] == ["/webhooks/stripe/"] * 5
    assert {event["pending_webhooks"] for event in simulator.objects("event")} == {0}


def test_an_event_is_read_by_the_client_and_is_what_the_api_shows(simulator, shop):
    session_id = buy(simulator)

    last = shop.wait_for(5)[-1]
    event = simulator.provider().verify_event(last.body, last.signature)

    assert (event.type, event.object_id) == ("checkout.session.completed", session_id)
    assert event.api_version == "2026-10-28.endive"
    assert event.metadata["order"] == "K7-4412"
    shown = simulator.api("GET", f"/v1/events/{event.id}").values
    assert shown["data"] == last.event["data"]


def test_the_signature_is_the_one_of_the_sdk():
    payload = json.dumps({"id": "evt_1"}, indent=2)

    ours = signature_header(payload.encode(), ["whsec_1"], 1790000000)

    assert ours == stripe.WebhookSignature.generate_signature_header(payload, "whsec_1", 1790000000)


def test_an_event_names_the_request_and_key_that_caused_it(simulator, shop):
    buy(simulator)
    intent = simulator.objects("payment_intent")[0]["id"]
    reply = simulator.api("POST", "/v1/refunds", key="refund:1", payment_intent=intent, amount="100")

    refunded = shop.wait_for(7)[-1].event

    assert refunded["request"] == {"id": reply.headers["request-id"], "idempotency_key": "refund:1"}
    assert shop.received[0].event["request"] == {"id": None, "idempotency_key": None}


def test_a_refused_event_comes_again_until_it_is_taken(simulator, shop):
    shop.statuses = [500, 302]
    buy(simulator)

    shop.wait_for(7)

    assert nothing_more(simulator, shop, 7)
    types = shop.types()
    assert sorted(types) == sorted([*PAID, *types[:2]])
    assert types.count(types[0]) == 2


def test_an_event_for_nobody_is_given_up_in_the_end(simulator, monkeypatch):
    monkeypatch.setattr("payments.simulator.webhooks.RETRY_AFTER_SECONDS", (0.01, 0.01))
    simulator.control("webhooks", urls=["http://127.0.0.1:9/"])

    buy(simulator)

    wait_until(lambda: simulator.objects("delivery") == [], "the courier to give up")
    assert {event["pending_webhooks"] for event in simulator.objects("event")} == {1}
    assert len(RETRY_AFTER_SECONDS) == 10


def test_every_address_hears_of_everything(simulator, shop):
    simulator.control("webhooks", urls=[shop.url, shop.url + "second/"])

    buy(simulator)

    shop.wait_for(10)
    for path in ("/webhooks/stripe/", "/webhooks/stripe/second/"):
        assert [received.event["type"] for received in shop.received if received.path == path] == PAID


def test_duplicated_events_come_twice_with_the_same_id(simulator, shop):
    simulator.control("webhooks", mode="duplicate", copies=3)

    buy(simulator)

    shop.wait_for(15)
    ids = [received.event["id"] for received in shop.received]
    assert nothing_more(simulator, shop, 15)
    assert {ids.count(each) for each in ids} == {3}


def test_reordered_events_come_last_first(simulator, shop):
    simulator.control("webhooks", mode="reorder", seconds=0.5)

    buy(simulator)

    shop.wait_for(5)
    assert shop.types() == PAID[::-1]


def test_delayed_events_come_later(simulator, shop):
    simulator.control("webhooks", mode="delay", seconds=0.6)
    started = time.monotonic()

    buy(simulator)
    shop.wait_for(5)

    assert time.monotonic() - started >= 0.6
    assert shop.types() == PAID


def test_lost_events_never_come_but_are_listed(simulator, shop):
    simulator.control("webhooks", mode="lose")

    buy(simulator)

    assert nothing_more(simulator, shop, 0)
    listed = simulator.api("GET", "/v1/events", **{"types[]": "checkout.session.completed"}).values["data"]
    assert [event["type"] for event in listed] == ["checkout.session.completed"]
    assert listed[0]["pending_webhooks"] == 1


def test_lost_events_are_listed_by_kinds_of_type_and_by_delivery(simulator, shop):
    buy(simulator)
    shop.wait_for(5)
    wait_until(lambda: simulator.objects("delivery") == [], "all deliveries")
    simulator.control("webhooks", mode="lose")
    simulator.control("refunds", payment_intent=simulator.objects("payment_intent")[0]["id"])

    lost = simulator.api("GET", "/v1/events", delivery_success="false").values["data"]
    came = simulator.api("GET", "/v1/events", delivery_success="true").values["data"]
    starred = simulator.api("GET", "/v1/events", type="charge.*").values["data"]
    two = {"types[0]": "refund.created", "types[1]": "charge.updated"}
    either = simulator.api("GET", "/v1/events", **two).values["data"]

    assert [event["type"] for event in lost] == ["refund.created", "charge.refunded"]
    assert [event["type"] for event in came] == PAID[::-1]
    assert [event["type"] for event in starred] == ["charge.refunded", "charge.updated", "charge.succeeded"]
    assert [event["type"] for event in either] == ["refund.created", "charge.updated"]


@pytest.mark.parametrize(("share", "count"), [(0.0, 5), (1.0, 0)])
def test_a_share_of_the_events_is_lost(simulator, shop, share, count):
    simulator.control("webhooks", mode="lose", share=share)

    buy(simulator)

    shop.wait_for(count)
    assert nothing_more(simulator, shop, count)


def test_a_lost_event_can_be_sent_after_all(simulator, shop):
    simulator.control("webhooks", mode="lose")
    buy(simulator)
    event = simulator.objects("event")[-1]

    sent = simulator.control("redeliver", event_id=event["id"])

    assert sent == {"statuses": [200]}
    assert shop.types() == ["checkout.session.completed"]


def test_one_event_can_be_sent_ten_times_at_once(simulator, shop):
    simulator.control("webhooks", mode="lose")
    buy(simulator)

    sent = simulator.control("redeliver", event_id=simulator.objects("event")[-1]["id"], copies=10)

    assert sent == {"statuses": [200] * 10}
    assert len({received.event["id"] for received in shop.received}) == 1


def test_an_event_can_be_sent_with_an_old_or_a_foreign_signature(simulator, shop):
    simulator.control("webhooks", mode="lose")
    buy(simulator)
    event_id = simulator.objects("event")[-1]["id"]

    simulator.control("redeliver", event_id=event_id, age_seconds=301)
    simulator.control("redeliver", event_id=event_id, secrets=["whsec_foreign"])

    old, foreign = shop.received
    assert int(old.signature.split(",")[0][2:]) <= time.time() - 301
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(foreign.body, foreign.signature, SECRET)
    assert stripe.WebhookSignature.verify_header(foreign.body, foreign.signature, "whsec_foreign")


def test_during_a_rotation_every_secret_signs(simulator, shop):
    simulator.control("webhooks", secrets=["whsec_new", SECRET])

    buy(simulator)

    for received in shop.wait_for(5):
        assert received.signature.count("v1=") == 2
        for secret in ("whsec_new", SECRET):
            assert stripe.WebhookSignature.verify_header(received.body, received.signature, secret)


def test_events_can_say_a_newer_version(simulator, shop):
    simulator.control("webhooks", event_api_version="2027-03-01.fennel")

    buy(simulator)

    assert {received.event["api_version"] for received in shop.wait_for(5)} == {"2027-03-01.fennel"}


def test_a_slow_shop_does_not_hold_up_the_api(simulator, shop):
    block = threading.Event()
    shop.received = BlockingList(block)

    buy(simulator)
    assert shop.received.is_asked.wait(timeout=30)
    simulator.provider().create_payment(payment_request(key="attempt:2"))

    # The answer came while the shop still had to.
    assert list(shop.received) == []
    block.set()


class BlockingList(list):
    """Keeps what comes only when it is allowed to."""

    def __init__(self, block):
        super().__init__()
        self.block = block
        self.is_asked = threading.Event()

    def append(self, entry):
        self.is_asked.set()
        self.block.wait(30)
        super().append(entry)
