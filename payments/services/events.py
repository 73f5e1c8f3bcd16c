"""Provider events: stored first, handled by the worker, tried again, and in the end shown to a person."""

import logging
import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from marketplace.lib.queue import enqueue
from payments.domain.event_payload import kept_payload, kept_text
from payments.models import ProviderEvent, RefusedMessages
from payments.providers.base import BadSignature, MalformedEvent, RemoteEvent
from payments.services.alerts import alert_finance
from payments.services.event_handlers import handler_for
from payments.services.providers import get_connect_events, get_online_provider

logger = logging.getLogger(__name__)

State = ProviderEvent.State
KEPT_HEADERS = frozenset({"content-type", "user-agent", "stripe-version"})
NAME_LENGTH = 100
BATCH = 500
POLL_BACK = timedelta(hours=25)
# Longer than a handler usually takes: two that work on one event at once do no harm.
LEASE = timedelta(seconds=30)


def receive(
    provider: str, payload: bytes, signature: str, headers: Mapping[str, str], *, is_connect: bool = False
) -> ProviderEvent:
    """Verify and store a message, once, and queue its handling; a repeat changes nothing.

    is_connect: it came to the address of connected accounts, which has secrets of its own.
    Raises BadSignature or MalformedEvent, and stores nothing but that one came.
    """
    try:
        event, body = _read(provider, payload, signature, is_connect=is_connect)
    except (BadSignature, MalformedEvent) as refusal:
        _count_refused(provider, type(refusal).__name__)
        raise
    kept = {name.lower(): kept_text(value) for name, value in headers.items() if name.lower() in KEPT_HEADERS}
    return _store(provider, event, payload=body, headers=kept)


def poll_events(provider: str) -> int:
    """Store the events that the provider has and we never got; returns how many were new."""
    latest = ProviderEvent.objects.filter(provider=provider).order_by("-occurred_at").first()
    since = timezone.now() - POLL_BACK
    known = set(
        ProviderEvent.objects.filter(provider=provider, occurred_at__gte=since).values_list(
            "event_id", flat=True
        )
    )
    missed = [event for event in get_online_provider(provider).list_events(since) if event.id not in known]
    if missed:
        logger.warning("events found by poll", extra={"count": len(missed), "latest": latest and latest.pk})
    stored = 0
    for event in reversed(missed):
        try:
            _store(provider, event, payload={}, headers={})
            stored += 1
        except MalformedEvent:
            logger.warning("event not stored", exc_info=True)
    return stored


def handle_event(event_pk: int) -> bool:
    """Act on one stored event if it is due; True when this call brought it to an end.

    A failure is written on the row and tried again with growing pauses; after the last try an officer is told. A try
    counts before it begins, so that an event which kills its worker comes to an end too.
    """
    event = _begin(event_pk)
    if event is None:
        return False
    try:
        state = _act_on(event)
    except Exception as error:
        # The outer edge: whatever went wrong, the event is kept and tried again.
        logger.warning("event not handled", extra={"event": event.pk}, exc_info=True)
        _put_off(event, error)
        return False
    ended = ProviderEvent.objects.filter(pk=event.pk, state=State.RECEIVED)
    return ended.update(state=state, handled_at=timezone.now(), last_error="") == 1


def drain_events() -> int:
    """Handle the events that are due, oldest first, at most one batch; returns how many came to an end."""
    due = ProviderEvent.objects.due(timezone.now()).values_list("pk", flat=True)[:BATCH]
    return sum(handle_event(pk) for pk in list(due))


@transaction.atomic
def replay(event: ProviderEvent) -> None:
    """An operator wants an event handled again, whatever became of it; settling is safe to repeat."""
    ProviderEvent.objects.filter(pk=event.pk).update(
        state=State.RECEIVED, tries=0, next_try_at=timezone.now(), handled_at=None
    )
    enqueue("payments.handle_provider_event", event_pk=event.pk)


def _read(provider: str, payload: bytes, signature: str, *, is_connect: bool) -> tuple[RemoteEvent, Any]:
    source = get_connect_events(provider) if is_connect else get_online_provider(provider)
    event = source.verify_event(payload, signature)
    try:
        return event, kept_payload(payload)
    except (RecursionError, ValueError) as error:
        raise MalformedEvent("the message cannot be kept") from error


def _count_refused(provider: str, why: str) -> None:
    row, is_new = RefusedMessages.objects.get_or_create(
        provider=provider, why=why, day=timezone.now().date(), defaults={"count": 1}
    )
    if not is_new:
        RefusedMessages.objects.filter(pk=row.pk).update(count=F("count") + 1, last_at=timezone.now())


@transaction.atomic
def _store(provider: str, event: RemoteEvent, *, payload: Any, headers: Mapping[str, str]) -> ProviderEvent:
    if not _is_name(event.id) or (event.account and not _is_name(event.account)):
        raise MalformedEvent("the event has no name that could be stored")
    row, created = ProviderEvent.objects.get_or_create(
        provider=provider,
        account=event.account,
        event_id=event.id,
        defaults={
            "kind": kept_text(event.type)[:100],
            "object_id": kept_text(event.object_id)[:100],
            "api_version": kept_text(event.api_version)[:40],
            "is_live": event.is_live,
            "occurred_at": event.created_at,
            "reference": kept_text(event.metadata.get("attempt", ""))[:64],
            "payload": payload,
            "headers": dict(headers),
            "next_try_at": timezone.now(),
        },
    )
    if created:
        enqueue("payments.handle_provider_event", event_pk=row.pk)
    return row


def _is_name(text: object) -> bool:
    # Whatever a signed message holds: its fields were never checked by anybody before.
    return isinstance(text, str) and 0 < len(text) <= NAME_LENGTH and text.isascii() and text.isprintable()


@transaction.atomic
def _begin(event_pk: int) -> ProviderEvent | None:
    now = timezone.now()
    due = ProviderEvent.objects.due(now).filter(pk=event_pk)
    event = due.select_for_update(skip_locked=True).first()
    if event is None:
        return None
    if event.tries >= settings.EVENT_MAX_TRIES:
        _give_up(event, "worker killed")
        return None
    event.tries += 1
    event.next_try_at = now + LEASE
    event.save(update_fields=["tries", "next_try_at"])
    return event


def _act_on(event: ProviderEvent) -> ProviderEvent.State:
    handler = handler_for(event)
    if handler is None or event.is_live != settings.STRIPE_LIVE_MODE:
        return State.IGNORED
    return State.HANDLED if handler(event) else State.IGNORED


@transaction.atomic
def _put_off(event: ProviderEvent, error: Exception) -> None:
    why = type(error).__name__[:200]
    if event.tries >= settings.EVENT_MAX_TRIES:
        _give_up(event, why)
        return
    pause = timedelta(seconds=10 * 2**event.tries * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, not a secret
    waiting = ProviderEvent.objects.filter(pk=event.pk, state=State.RECEIVED)
    waiting.update(next_try_at=timezone.now() + pause, last_error=why)


def _give_up(event: ProviderEvent, why: str) -> None:
    waiting = ProviderEvent.objects.filter(pk=event.pk, state=State.RECEIVED)
    if waiting.update(state=State.DEAD, last_error=why):
        alert_finance(
            f"event:{event.pk}:dead",
            subject=f"provider event {event.event_id} could not be handled",
            detail=f"{event.kind}, {event.tries} tries; replay it in admin",
        )
