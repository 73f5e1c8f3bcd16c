"""What a provider tells us of its own accord."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class RemoteEvent:
    """A provider's message that something changed: a hint of what to retrieve, never the truth itself.

    account: the connected account it is about, empty for our own. object_id and metadata: of the object inside.
    payment_intent_id, charge_id: what that object belongs to, or is; empty where it belongs to none. With them
    a refund or dispute that carries no metadata of ours still finds its payment.
    """

    id: str
    type: str
    account: str
    api_version: str
    created_at: datetime
    is_live: bool
    object_id: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    payment_intent_id: str = ""
    charge_id: str = ""


class EventSource(Protocol):
    """Says what changed at the provider; one per webhook address, each with the secrets of that address."""

    def list_events(self, created_after: datetime) -> Iterator[RemoteEvent]:
        """Events of our own account made at or after a time, newest first, as far back as the provider keeps them.

        Raises ProviderUnavailable, ProviderRequestRejected.
        """
        ...

    def verify_event(self, payload: bytes, signature_header: str) -> RemoteEvent:
        """Read an event whose signature is right under any active secret and not older than 300 seconds.

        Raises BadSignature, MalformedEvent.
        """
        ...
