"""What every part of the simulator shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from payments.simulator.clock import Clock
from payments.simulator.contract import Contract
from payments.simulator.errors import missing_resource
from payments.simulator.store import JsonObject, Store

DeliveryMode = Literal["in_order", "duplicate", "reorder", "delay", "lose"]


@dataclass
class WebhookSettings:
    """Where events go and how badly.

    urls, secrets: of the platform's own events; every secret signs, as during a rotation. connect_urls,
    connect_secrets: of the events of connected accounts, which have addresses of their own. seconds: of delay, or how long events are gathered to be reversed.
    share: part of the events that the mode strikes, 0 to 1; the others arrive in order. copies: of a duplicated event.
    event_api_version: what events say; empty for the contract's own.
    """

    urls: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    connect_urls: tuple[str, ...] = ()
    connect_secrets: tuple[str, ...] = ()
    mode: DeliveryMode = "in_order"
    seconds: float = 1.0
    share: float = 1.0
    copies: int = 2
    event_api_version: str = ""

    def addresses(self, account: str) -> tuple[str, ...]:
        """Where an event goes. account: the connected account it is of; empty for our own."""
        return self.connect_urls if account else self.urls

    def signing(self, account: str) -> tuple[str, ...]:
        """The secrets that sign an event."""
        return self.connect_secrets if account else self.secrets


@dataclass
class World:
    """Store, time, contract and switches of one simulator.

    public_url: without a slash at the end. is_balance_late: no movement gets a balance transaction.
    are_refunds_slow: new refunds stay pending.
    """

    store: Store
    clock: Clock
    contract: Contract
    public_url: str
    webhooks: WebhookSettings = field(default_factory=WebhookSettings)
    is_balance_late: bool = False
    are_refunds_slow: bool = False

    def required(self, kind: str, object_id: str, param: str = "id") -> JsonObject:
        """A copy of an object. Raises ApiError (404) when there is none."""
        row = self.store.get(kind, object_id)
        if row is None:
            raise missing_resource(kind, object_id, param)
        return row

    def changed(self, kind: str, object_id: str, change: Callable[[JsonObject], None]) -> JsonObject:
        """Change an object and return a copy of it; inside a transaction only."""
        row = self.required(kind, object_id)
        change(row)
        self.store.put(kind, row)
        return row
