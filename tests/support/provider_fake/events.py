"""Events of the fake."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from payments.providers.base import BadSignature, MalformedEvent, RemoteEvent
from tests.support.provider_fake.core import SIGNED, FakeCore


class FakeEvents(FakeCore):
    """Implements EventSource."""

    def payload(self, event: RemoteEvent) -> bytes:
        """An event as a webhook body, to be sent with SIGNED as its signature."""
        values = {name: value for name, value in vars(event).items() if name != "created_at"}
        return json.dumps({**values, "created": event.created_at.timestamp()}).encode()

    def list_events(self, created_after: datetime) -> Iterator[RemoteEvent]:
        with self._lock:
            self._begin("list_events", "")
            yield from [
                event
                for event in reversed(self.events)
                if not event.account and event.created_at >= created_after
            ]

    def verify_event(self, payload: bytes, signature_header: str) -> RemoteEvent:
        if signature_header != SIGNED:
            raise BadSignature("not signed")
        try:
            values = json.loads(payload)
            return RemoteEvent(created_at=datetime.fromtimestamp(values.pop("created"), UTC), **values)
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
            raise MalformedEvent("not an event") from error
