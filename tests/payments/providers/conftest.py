"""Fixtures of the provider tests."""

import pytest

from tests.payments.providers.counters import CounterAtSimulator, CounterInMemory
from tests.support.simulator import payment_request, simulator, webhook_receiver

__all__ = ["simulator", "webhook_receiver"]


@pytest.fixture(params=["stripe", "fake"])
def counter(request):
    """A provider and the world around it: the Stripe client at the simulator, and the fake."""
    if request.param == "fake":
        return CounterInMemory()
    return CounterAtSimulator(request.getfixturevalue("simulator"))


@pytest.fixture
def paid(counter):
    """A payment of 1,234.50 INR that was made."""
    session_id = counter.provider.create_payment(payment_request()).session_id
    counter.pay(session_id)
    return counter.provider.retrieve_payment(session_id)
