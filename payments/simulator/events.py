"""Events: a snapshot of an object at the moment it changed, kept and queued for delivery."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from payments.simulator.errors import missing_resource
from payments.simulator.lists import page
from payments.simulator.store import JsonObject, new_id
from payments.simulator.world import World


@dataclass(frozen=True)
class RequestMark:
    """The request under way, as events name it. account: the connected account it is made for; empty for our own."""

    id: str = ""
    idempotency_key: str = ""
    account: str = ""


NO_REQUEST = RequestMark()

current_request: ContextVar[RequestMark] = ContextVar("current_request", default=NO_REQUEST)


def emit(
    world: World,
    event_type: str,
    subject: JsonObject,
    previous: JsonObject | None = None,
    *,
    account: str = "",
) -> JsonObject:
    """Record that an object changed and queue the event for every webhook address; inside a transaction only.

    previous: fields of the subject as they were before. account: the connected account whose object it is, of which
    only the Connect addresses hear; empty for our own.
    Raises RuntimeError when the event would break the contract.
    """
    mark = current_request.get()
    settings = world.webhooks
    data: dict[str, Any] = {"object": subject}
    if previous is not None:
        data["previous_attributes"] = previous
    event: JsonObject = {
        "id": new_id("evt_"),
        "object": "event",
        "api_version": settings.event_api_version or world.contract.version,
        "created": world.clock.now(),
        "data": data,
        "livemode": False,
        "pending_webhooks": len(settings.addresses(account)),
        "request": {"id": mark.id or None, "idempotency_key": mark.idempotency_key or None},
        "type": event_type,
    }
    if account:
        event["account"] = account
    violations = world.contract.violations(event)
    if violations:
        raise RuntimeError(f"event {event_type} breaks the contract: {violations}")
    world.store.put("event", event)
    _queue(world, event["id"], settings.addresses(account))
    return event


def retrieve(world: World, event_id: str) -> JsonObject:
    """One event, of the account that the request is made for."""
    event = world.required("event", event_id)
    if event.get("account", "") != current_request.get().account:
        raise missing_resource("event", event_id)
    return event


def list_events(world: World, params: JsonObject) -> JsonObject:
    """Events newest first, by type, delivery and time, of the account that the request is made for."""
    types = set(params.get("types", [])) | ({params["type"]} if "type" in params else set())
    delivered = params.get("delivery_success")
    wanted: JsonObject = {"account": current_request.get().account or None}
    if len(types) == 1 and not next(iter(types)).endswith("*"):
        wanted["type"] = types.pop()

    def is_asked(event: JsonObject) -> bool:
        if delivered is not None and delivered != (event["pending_webhooks"] == 0):
            return False
        return not types or any(_is_of_type(event["type"], name) for name in types)

    return page(world, "event", params, url="/v1/events", wanted=wanted, keep=is_asked)


def _is_of_type(event_type: str, wanted: str) -> bool:
    return event_type.startswith(wanted[:-1]) if wanted.endswith("*") else event_type == wanted


def _queue(world: World, event_id: str, urls: Sequence[str]) -> None:
    settings = world.webhooks
    mode = settings.mode if _is_struck(event_id, settings.share) else "in_order"
    if mode == "lose":
        return
    for url in urls:
        for _ in range(settings.copies if mode == "duplicate" else 1):
            due, rank = time.time(), _next_rank(world)
            if mode == "delay":
                due += settings.seconds
            if mode == "reorder":
                due, rank = _end_of_gathering(world, due + settings.seconds), -rank
            delivery = {"id": new_id("dlv_"), "event": event_id, "url": url, "due": due, "rank": rank}
            world.store.put("delivery", {**delivery, "tries": 0})


def _is_struck(event_id: str, share: float) -> bool:
    return hashlib.sha256(event_id.encode()).digest()[0] < share * 256


def _next_rank(world: World) -> int:
    counter = world.store.get("counter", "delivery") or {"id": "delivery", "value": 0}
    counter["value"] += 1
    world.store.put("counter", counter)
    return int(counter["value"])


def _end_of_gathering(world: World, otherwise: float) -> float:
    gathered = [
        row["due"] for row in world.store.newest_first("delivery") if row["rank"] < 0 and not row["tries"]
    ]
    return max(gathered) if gathered and max(gathered) > time.time() else otherwise
