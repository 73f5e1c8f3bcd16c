"""Checkout Sessions: what is refused, how they expire, what a list shows."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from payments.providers.base import ProviderRequestRejected
from tests.support.simulator import payment_request, wait_until

SESSIONS = "/v1/checkout/sessions"
FIELDS = {
    "mode": "payment",
    "success_url": "http://shop.example/paid",
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "inr",
    "line_items[0][price_data][unit_amount]": "1000",
    "line_items[0][price_data][product_data][name]": "Honey",
}


def created(simulator, **changes):
    return simulator.api("POST", SESSIONS, **{**FIELDS, **changes})


def without(*names):
    return {name: value for name, value in FIELDS.items() if name not in names}


def event_types(simulator):
    return [event["type"] for event in simulator.objects("event")]


def test_a_session_without_expiry_is_open_for_a_day(simulator):
    session = created(simulator).values

    assert session["expires_at"] - session["created"] == 24 * 3600
    assert (session["status"], session["payment_status"], session["payment_intent"]) == (
        "open",
        "unpaid",
        None,
    )
    assert session["url"] == f"{simulator.url}/c/pay/{session['id']}"
    assert session["livemode"] is False
    assert simulator.request("GET", "/_control/objects?kind=event").values == {"event": []}


@pytest.mark.parametrize(
    ("minutes", "is_allowed"), [(29, False), (31, True), (23 * 60 + 59, True), (24 * 60 + 1, False)]
)
def test_a_session_is_open_for_half_an_hour_to_a_day(simulator, minutes, is_allowed):
    request = payment_request(expires_at=datetime.now(UTC) + timedelta(minutes=minutes))

    if is_allowed:
        assert simulator.provider().create_payment(request).session_status == "open"
        return
    with pytest.raises(ProviderRequestRejected, match="expires_at"):
        simulator.provider().create_payment(request)
    assert simulator.request("GET", "/_control/objects?kind=checkout.session").values == {
        "checkout.session": []
    }


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"mode": "subscription"}, "mode"),
        ({"ui_mode": "elements"}, "ui_mode"),
        ({"success_url": "shop.example"}, "success_url"),
        ({"success_url": "javascript:alert(1)"}, "success_url"),
        ({"cancel_url": "/basket"}, "cancel_url"),
        ({"customer_email": "nobody"}, "customer_email"),
        ({"line_items[0][quantity]": "0"}, "line_items[0][quantity]"),
        ({"line_items[0][quantity]": "-1"}, "line_items[0][quantity]"),
        ({"line_items[0][price_data][unit_amount]": "-5"}, "line_items[0]"),
        ({"line_items[0][price_data][unit_amount]": "0"}, "line_items"),
        ({"line_items[0][price_data][unit_amount]": "100000000"}, "line_items"),
        ({"line_items[0][quantity]": "1000000000"}, "line_items"),
        ({"line_items[0][price_data][currency]": "rupee"}, "line_items[0][price_data][currency]"),
        ({"line_items[1][price]": "price_1", "line_items[1][quantity]": "1"}, "line_items[1][price]"),
        ({"metadata[k]": "v" * 501}, "metadata[k]"),
        ({f"metadata[{'k' * 41}]": "v"}, "metadata"),
        ({f"metadata[k{number}]": "v" for number in range(51)}, "metadata"),
    ],
)
def test_a_session_that_stripe_refuses_is_refused(simulator, changes, param):
    reply = created(simulator, **changes)

    assert (reply.status, reply.values["error"]["param"]) == (400, param)
    assert simulator.request("GET", "/_control/objects?kind=checkout.session").values == {
        "checkout.session": []
    }


@pytest.mark.parametrize("name", ["success_url", "mode"])
def test_a_session_lacks_nothing(simulator, name):
    reply = simulator.api("POST", SESSIONS, **without(name))

    assert (reply.status, reply.values["error"]["param"]) == (400, name)


def test_two_currencies_in_one_session_are_refused(simulator):
    second = {
        "line_items[1][quantity]": "1",
        "line_items[1][price_data][currency]": "usd",
        "line_items[1][price_data][unit_amount]": "1000",
        "line_items[1][price_data][product_data][name]": "Rice",
    }

    assert created(simulator, **second).status == 400


def test_a_session_expires_by_itself_and_says_so(simulator):
    session_id = created(simulator).values["id"]

    simulator.control("clock", advance=24 * 3600)
    wait_until(lambda: simulator.objects("event"), "an event")

    [session] = simulator.objects("checkout.session")
    assert (session["status"], session["url"], session["payment_status"]) == ("expired", None, "unpaid")
    assert event_types(simulator) == ["checkout.session.expired"]
    assert simulator.objects("event")[0]["data"]["object"]["id"] == session_id


def test_a_session_past_its_time_is_expired_when_looked_at(simulator):
    session_id = created(simulator).values["id"]
    simulator.control("clock", advance=24 * 3600)

    looked_at = simulator.api("GET", f"{SESSIONS}/{session_id}").values

    assert looked_at["status"] == "expired"
    assert simulator.pay(session_id)["payment_status"] == "unpaid"
    assert event_types(simulator) == ["checkout.session.expired"]


def test_expiring_after_a_decline_cancels_the_intent(simulator):
    session_id = created(simulator).values["id"]
    simulator.pay(session_id, "4000000000000002")

    simulator.api("POST", f"{SESSIONS}/{session_id}/expire")

    [intent] = simulator.objects("payment_intent")
    assert (intent["status"], intent["cancellation_reason"]) == ("canceled", "automatic")
    assert event_types(simulator)[-2:] == ["payment_intent.canceled", "checkout.session.expired"]


@pytest.mark.parametrize("state", ["complete", "expired"])
def test_only_an_open_session_can_be_expired(simulator, state):
    session_id = created(simulator).values["id"]
    if state == "complete":
        simulator.pay(session_id)
    else:
        simulator.api("POST", f"{SESSIONS}/{session_id}/expire")
    events_before = event_types(simulator)

    reply = simulator.api("POST", f"{SESSIONS}/{session_id}/expire")

    assert (reply.status, reply.values["error"]["type"]) == (400, "invalid_request_error")
    assert simulator.objects("checkout.session")[0]["status"] == state
    assert event_types(simulator) == events_before


def test_a_list_is_filtered_and_paged_newest_first(simulator):
    ids = [created(simulator).values["id"] for _ in range(5)]
    simulator.pay(ids[0])

    first = simulator.api("GET", SESSIONS, limit="2").values
    second = simulator.api("GET", SESSIONS, limit="2", starting_after=first["data"][-1]["id"]).values
    last = simulator.api("GET", SESSIONS, limit="2", starting_after=second["data"][-1]["id"]).values
    back = simulator.api("GET", SESSIONS, limit="2", ending_before=ids[1]).values

    shown = [[session["id"] for session in page["data"]] for page in (first, second, last, back)]
    assert shown == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]], [ids[3], ids[2]]]
    assert [page["has_more"] for page in (first, second, last, back)] == [True, True, False, True]
    complete = simulator.api("GET", SESSIONS, status="complete").values["data"]
    assert [session["id"] for session in complete] == [ids[0]]
    intent = complete[0]["payment_intent"]
    by_intent = simulator.api("GET", SESSIONS, payment_intent=intent).values["data"]
    assert [session["id"] for session in by_intent] == [ids[0]]


@pytest.mark.parametrize(("bound", "count"), [("gte", 1), ("gt", 0), ("lte", 1), ("lt", 0)])
def test_a_list_is_bounded_in_time(simulator, bound, count):
    session = created(simulator).values

    listed = simulator.api("GET", SESSIONS, **{f"created[{bound}]": str(session["created"])}).values

    assert len(listed["data"]) == count


@pytest.mark.parametrize("fields", [{"limit": "0"}, {"limit": "101"}, {"limit": "x"}])
def test_a_list_has_one_to_a_hundred_entries(simulator, fields):
    assert simulator.api("GET", SESSIONS, **fields).status == 400


def test_a_list_after_an_unknown_entry_is_refused(simulator):
    reply = simulator.api("GET", SESSIONS, starting_after="cs_test_none")

    assert (reply.status, reply.values["error"]["code"]) == (404, "resource_missing")


def test_objects_are_put_in_place_of_their_ids_when_asked(simulator):
    session_id = created(simulator).values["id"]
    simulator.pay(session_id)
    path = f"{SESSIONS}/{session_id}"

    deep = simulator.api(
        "GET",
        path,
        **{"expand[0]": "payment_intent.latest_charge.balance_transaction", "expand[1]": "line_items"},
    ).values

    charge = deep["payment_intent"]["latest_charge"]
    assert (charge["object"], charge["balance_transaction"]["object"]) == ("charge", "balance_transaction")
    assert [item["description"] for item in deep["line_items"]["data"]] == ["Honey"]
    assert isinstance(simulator.api("GET", path).values["payment_intent"], str)
    assert "line_items" not in simulator.api("GET", path).values
    listed = simulator.api("GET", SESSIONS, **{"expand[]": "data.payment_intent"}).values["data"]
    assert listed[0]["payment_intent"]["status"] == "succeeded"


@pytest.mark.parametrize(
    "field", ["url", "nonsense", "payment_intent.latest_charge.a.b.c", "data.payment_intent"]
)
def test_what_cannot_be_expanded_is_refused(simulator, field):
    session_id = created(simulator).values["id"]

    assert simulator.api("GET", f"{SESSIONS}/{session_id}", **{"expand[]": field}).status == 400


def test_dollars_and_yen_are_charged_in_their_own_coins(simulator):
    provider = simulator.provider()
    for number, (amount, currency) in enumerate([("12.34", "USD"), ("500", "JPY")]):
        lines = payment_request().lines[:1]
        request = payment_request(
            key=f"attempt:{number}",
            amount=Decimal(amount),
            currency=currency,
            lines=(type(lines[0])("Tea", 1, Decimal(amount)),),
        )
        session_id = provider.create_payment(request).session_id
        simulator.pay(session_id)

        paid = provider.retrieve_payment(session_id)

        assert (paid.amount_received, paid.currency) == (Decimal(amount), currency)
