"""Idempotency keys: a call repeated with its key gets the first answer again, be it a refusal."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from payments.simulator.errors import ApiError
from payments.simulator.store import JsonObject
from payments.simulator.world import World

KIND = "idempotency_key"
KEPT_SECONDS = 24 * 3600
MAXIMUM_KEY_LENGTH = 255


@dataclass(frozen=True)
class Answer:
    """What a key's first call was told."""

    status: int
    body: JsonObject
    request_id: str


class IdempotencyKeys:
    """The keys of one simulator."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lock = threading.Lock()
        self._in_use: set[str] = set()

    @contextmanager
    def reserved(self, key: str) -> Iterator[None]:
        """Hold a key for one call. Raises ApiError (409) while another call holds it, (400) for a bad key."""
        if len(key) > MAXIMUM_KEY_LENGTH:
            message = f"Idempotency keys can be at most {MAXIMUM_KEY_LENGTH} characters."
            raise ApiError(400, message, type="idempotency_error")
        with self._lock:
            if key in self._in_use:
                message = (
                    "There is currently another in-progress request using this Idempotent Key"
                    f" ({key}). Please try again later."
                )
                raise ApiError(409, message, type="idempotency_error", code="idempotency_key_in_use")
            self._in_use.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._in_use.discard(key)

    def recall(self, key: str, path: str, pairs: Sequence[tuple[str, str]]) -> Answer | None:
        """The answer given under a key in the last 24 hours, or None.

        Raises ApiError (400) when the key was used for another path or other parameters.
        """
        row = self._world.store.get(KIND, key)
        if row is None or row["created"] + KEPT_SECONDS <= self._world.clock.now():
            return None
        if row["path"] != path:
            message = (
                "Keys for idempotent requests can only be used for the same endpoint they were first used for"
                f" ('{path}' vs '{row['path']}'). Try using a key other than '{key}'."
            )
            raise ApiError(400, message, type="idempotency_error")
        if row["fingerprint"] != _fingerprint(pairs):
            message = (
                "Keys for idempotent requests can only be used with the same parameters they were first used"
                f" with. Try using a key other than '{key}' if you meant to execute a different request."
            )
            raise ApiError(400, message, type="idempotency_error")
        return Answer(row["status"], row["body"], row["request_id"])

    def keep(self, key: str, path: str, *, pairs: Sequence[tuple[str, str]], answer: Answer) -> None:
        """Remember an answer under its key, in the transaction that made it."""
        self._world.store.put(
            KIND,
            {
                "id": key,
                "path": path,
                "fingerprint": _fingerprint(pairs),
                "status": answer.status,
                "body": answer.body,
                "request_id": answer.request_id,
                "created": self._world.clock.now(),
            },
        )


def _fingerprint(pairs: Sequence[tuple[str, str]]) -> str:
    return hashlib.sha256(repr(sorted(pairs)).encode()).hexdigest()
