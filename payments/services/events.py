"""Provider events: stored first, handled by the worker, tried again, and in the end shown to a person."""

import logging
import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from marketplace.lib.queue import enqueue
from payments.domain.event_payload import kept_payload, kept_text
from payments.models import PaymentAttempt, ProviderEvent
from payments.providers.base import MalformedEvent, RemoteEvent
from payments.services.alerts import alert_finance
from payments.services.providers import get_online_provider
from payments.services.settling import settle

logger = logging.getLogger(__name__)

State = ProviderEvent.State
HANDLED_KINDS = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
        "payment_intent.succeeded",
    }
)
KEPT_HEADERS = frozenset({"content-type", "user-agent", "stripe-version"})
NAME_LENGTH = 100
BATCH = 500
POLL_BACK = timedelta(hours=25)


def receive(provider: str, payload: bytes, signature: str, headers: Mapping[str, str]) -> ProviderEvent:
    """Verify and store a message, once, and queue its handling; a repeat changes nothing.

    Raises BadSignature or MalformedEvent, and stores nothing.
    """
    event = get_online_provider(provider).verify_event(payload, signature)
    try:
        body = kept_payload(payload)
    except RecursionError as error:
        raise MalformedEvent("the message is nested too deeply") from error
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

    A failure is written on the row and tried again with growing pauses; after the last try an officer is told.
    """
    event = ProviderEvent.objects.due(timezone.now()).filter(pk=event_pk).first()
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


def _is_name(text: str) -> bool:
    return 0 < len(text) <= NAME_LENGTH and text.isascii() and text.isprintable()


def _act_on(event: ProviderEvent) -> ProviderEvent.State:
    if event.kind not in HANDLED_KINDS or event.is_live != settings.STRIPE_LIVE_MODE:
        return State.IGNORED
    attempt = _attempt_of(event)
    if attempt is None:
        return State.IGNORED
    settle(attempt.pk)
    return State.HANDLED


def _attempt_of(event: ProviderEvent) -> PaymentAttempt | None:
    by_session = (
        PaymentAttempt.objects.filter(session_id=event.object_id).first() if event.object_id else None
    )
    if by_session:
        return by_session
    # The reference comes from outside, so it is compared as text: what is no UUID names no attempt.
    return (
        PaymentAttempt.objects.filter(key=f"attempt:{event.reference}").first() if event.reference else None
    )


def _put_off(event: ProviderEvent, error: Exception) -> None:
    tries = event.tries + 1
    is_last = tries >= settings.EVENT_MAX_TRIES
    pause = timedelta(seconds=10 * 2**tries * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, not a secret
    with transaction.atomic():
        ProviderEvent.objects.filter(pk=event.pk, state=State.RECEIVED).update(
            tries=tries,
            state=State.DEAD if is_last else State.RECEIVED,
            next_try_at=timezone.now() + pause,
            last_error=type(error).__name__[:200],
        )
        if is_last:
            alert_finance(
                f"event:{event.pk}:dead",
                subject=f"provider event {event.event_id} could not be handled",
                detail=f"{event.kind}, {tries} tries; replay it in admin",
            )
