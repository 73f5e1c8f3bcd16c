"""A payment provider in memory, for tests of services that need no network."""

from dataclasses import dataclass

from tests.support.provider_fake.balance import FakeBalance
from tests.support.provider_fake.core import SIGNED
from tests.support.provider_fake.disputes import FakeDisputes
from tests.support.provider_fake.events import FakeEvents
from tests.support.provider_fake.refunds import FakeRefunds
from tests.support.provider_fake.transfers import FakeTransfers

__all__ = ["SIGNED", "FakeProvider"]


@dataclass
class FakeProvider(FakeRefunds, FakeDisputes, FakeTransfers, FakeBalance, FakeEvents):
    """Keeps every promise of OnlineProvider without a network; safe under threads, the same at every run.

    calls: (method, key or id) of every call that reached it. Payments, refunds and all else are kept by id.
    Of a payment it tells only what becomes of the session; of everything else, every event that Stripe would.
    A refusal is repeated under its key, as Stripe does; forget_keys() is the next day.
    """
