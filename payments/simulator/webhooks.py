"""Delivery of events: signed, one after another, again after a failure."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import logging
import threading
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

from payments.simulator import sessions
from payments.simulator.store import JsonObject
from payments.simulator.world import World

logger = logging.getLogger(__name__)

ANSWER_TIMEOUT_SECONDS = 10
RETRY_AFTER_SECONDS = (0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600)
LONGEST_WAIT_SECONDS = 1.0


def signature_header(payload: bytes, secrets: Sequence[str], timestamp: int) -> str:
    """The Stripe-Signature of a body: its time and one v1 signature for each secret.

    Source: Stripe's documentation, "Verify webhook signatures manually".
    """
    signed = b"%d." % timestamp + payload
    digests = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={timestamp}", *(f"v1={digest}" for digest in digests)])


def post_event(event: JsonObject, url: str, secrets: Sequence[str], *, signed_at: int | None = None) -> int:
    """Send an event to one address; the HTTP status, or 0 when nobody answered."""
    payload = json.dumps(event, indent=2).encode()
    timestamp = int(time.time()) if signed_at is None else signed_at
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=ANSWER_TIMEOUT_SECONDS)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature_header(payload, secrets, timestamp),
        "User-Agent": "Stripe/1.0 (simulator)",
    }
    try:
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        connection.request("POST", target, body=payload, headers=headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


class Courier(threading.Thread):
    """Delivers what is due, and closes sessions whose time is over, until stopped."""

    def __init__(self, world: World) -> None:
        super().__init__(name="simulator-courier", daemon=True)
        self._world = world
        self._stopping = threading.Event()

    def run(self) -> None:
        """Deliver until stopped."""
        while True:
            # Cleared before the look, so that nothing committed or stopped after it is slept through.
            self._world.store.committed.clear()
            if self._stopping.is_set():
                return
            wait = LONGEST_WAIT_SECONDS
            try:
                self._expire_sessions()
                delivery = self._next()
                if delivery:
                    wait = min(wait, delivery["due"] - time.time())
                if delivery and wait <= 0:
                    self._deliver(delivery)
                    continue
            except Exception:
                # The outer edge: a courier that dies silently would look like lost webhooks.
                logger.exception("Delivery failed")
                wait = LONGEST_WAIT_SECONDS
            self._world.store.committed.wait(max(0.0, wait))

    def stop(self) -> None:
        """Finish the delivery under way, then end."""
        self._stopping.set()
        self._world.store.committed.set()
        self.join(ANSWER_TIMEOUT_SECONDS + 1)

    def _expire_sessions(self) -> None:
        with self._world.store.transaction():
            sessions.expire_due(self._world)

    def _next(self) -> JsonObject | None:
        rows = self._world.store.newest_first("delivery")
        return min(rows, key=lambda row: (row["due"], row["rank"]), default=None)

    def _deliver(self, delivery: JsonObject) -> None:
        world = self._world
        event = world.store.get("event", delivery["event"])
        status = 0
        if event is not None:
            secrets = world.webhooks.signing(event.get("account", ""))
            status = post_event(event, delivery["url"], secrets)
        with world.store.transaction():
            if world.store.get("delivery", delivery["id"]) is None:
                return  # forgotten by a reset meanwhile
            if event is None or 200 <= status < 300:
                world.store.delete("delivery", delivery["id"])
                self._count_down(delivery["event"])
                return
            tries = delivery["tries"] + 1
            logger.info("Webhook refused", extra={"event": delivery["event"], "status": status})
            if tries > len(RETRY_AFTER_SECONDS):
                world.store.delete("delivery", delivery["id"])
                return
            due = time.time() + RETRY_AFTER_SECONDS[tries - 1]
            world.store.put("delivery", {**delivery, "due": due, "tries": tries})

    def _count_down(self, event_id: str) -> None:
        event = self._world.store.get("event", event_id)
        if event is not None:
            event["pending_webhooks"] = max(0, event["pending_webhooks"] - 1)
            self._world.store.put("event", event)
