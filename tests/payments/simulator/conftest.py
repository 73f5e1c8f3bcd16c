"""Fixtures of the simulator tests."""

import pytest

from tests.support.simulator import payment_request, simulator, webhook_receiver

__all__ = ["simulator", "webhook_receiver"]

ACCOUNT = {
    "country": "IN",
    "email": "weavers@example.org",
    "controller[stripe_dashboard][type]": "express",
    "capabilities[transfers][requested]": "true",
    "metadata[vendor]": "17",
}


@pytest.fixture
def charge(simulator):
    """A paid charge of 1,234.50 INR."""
    session_id = simulator.provider().create_payment(payment_request()).session_id
    simulator.pay(session_id)
    return simulator.objects("charge")[0]


@pytest.fixture
def new_account(simulator):
    """The id of a connected account that has not been onboarded."""
    return simulator.api("POST", "/v1/accounts", **ACCOUNT).values["id"]


@pytest.fixture
def account(simulator, new_account):
    """The id of a connected account that takes transfers."""
    simulator.control("accounts", account=new_account, action="finish")
    return new_account


@pytest.fixture
def told(simulator):
    """Tells the types of the events since the test began, or since the last call."""
    seen = len(simulator.objects("event"))

    def types():
        nonlocal seen
        new = [event["type"] for event in simulator.objects("event")[seen:]]
        seen += len(new)
        return new

    return types


@pytest.fixture
def snapshot(simulator):
    """Tells everything the simulator remembers, but for kept answers and the numbering of deliveries."""

    def everything():
        objects = simulator.request("GET", "/_control/objects").values
        return {kind: rows for kind, rows in objects.items() if kind not in ("idempotency_key", "counter")}

    return everything
