"""Stripe's events: whether one is signed, and what it is about."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import stripe

from payments.providers.base import BadSignature, MalformedEvent, RemoteEvent
from payments.providers.stripe.client import PAGE_SIZE, StripeCaller, id_of, moment, since
from payments.providers.stripe.errors import translated_errors

SIGNATURE_TOLERANCE_SECONDS = 300


class StripeEvents(StripeCaller):
    """Implements EventSource."""

    def list_events(self, created_after: datetime) -> Iterator[RemoteEvent]:
        """Stripe's events of the last 30 days at most, newest first; see EventSource."""
        with translated_errors():
            page = self._client.v1.events.list({"created": since(created_after), "limit": PAGE_SIZE})
            for event in page.auto_paging_iter():
                yield _event(event.to_dict())

    def verify_event(self, payload: bytes, signature_header: str) -> RemoteEvent:
        """Read a webhook signed with any active secret; see EventSource."""
        if not any(_is_signed(payload, signature_header, secret) for secret in self._webhook_secrets):
            raise BadSignature("no active secret signed this message within the tolerance")
        try:
            return _event(json.loads(payload, parse_float=_finite))
        except (
            AttributeError,
            KeyError,
            TypeError,
            ValueError,
            OverflowError,
            OSError,
            RecursionError,
        ) as error:
            raise MalformedEvent("the signed message is not an event") from error


def _event(values: dict[str, Any]) -> RemoteEvent:
    if (
        values["object"] != "event"
        or not isinstance(values["type"], str)
        or not isinstance(values["id"], str)
    ):
        raise ValueError("not an event")
    if not isinstance(values["livemode"], bool) or not isinstance(values["data"]["object"], dict):
        raise TypeError("an event without a mode or an object")
    subject = values["data"]["object"]
    metadata = subject.get("metadata") or {}
    return RemoteEvent(
        id=values["id"],
        type=values["type"],
        account=values.get("account") or "",
        api_version=values.get("api_version") or "",
        created_at=moment(values["created"]),
        is_live=values["livemode"],
        object_id=str(subject.get("id") or ""),
        metadata={str(name): str(value) for name, value in metadata.items()},
        payment_intent_id=_belongs_to(subject, "payment_intent", "payment_intent"),
        charge_id=_belongs_to(
            subject, "charge", "latest_charge" if _is(subject, "payment_intent") else "charge"
        ),
    )


def _belongs_to(subject: dict[str, Any], kind: str, member: str) -> str:
    return id_of(subject if _is(subject, kind) else subject.get(member))


def _is(subject: dict[str, Any], kind: str) -> bool:
    return subject.get("object") == kind


def _finite(digits: str) -> float:
    # Python reads 1e999 as infinity, which neither a date nor a database can hold.
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number beyond all bounds")
    return value


def _is_signed(payload: bytes, header: str, secret: str) -> bool:
    try:
        stripe.WebhookSignature.verify_header(payload, header, secret, SIGNATURE_TOLERANCE_SECONDS)
    except (stripe.SignatureVerificationError, TypeError, ValueError):
        # The SDK raises the last two for a body or header that is not text.
        return False
    return True
