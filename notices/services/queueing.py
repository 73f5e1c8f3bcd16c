"""Queueing of notices: a row in the caller's transaction, sent by the worker after it has committed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from marketplace.lib.queue import enqueue
from notices.domain.texts import clean_values
from notices.kinds import kind_named
from notices.models import Notice
from notices.services.reach import reach_of

# A secret that nobody gave an end is of no use to its reader, and of use to others, after this.
SECRET_LIVES = timedelta(minutes=15)


@dataclass(frozen=True)
class Recipient:
    """Where a person can be reached; an empty contact is not used. language: code of settings.LANGUAGES."""

    email: str
    phone: str
    language: str
    person: Any = None


@transaction.atomic
def notify(
    key: str, kind: str, *, to: Recipient, context: Mapping[str, str], expires_at: datetime | None = None
) -> list[Notice]:
    """Queue one notice per contact of the recipient; asking again with the same key changes nothing.

    key: unique words for the event, at most 90 characters. kind: a code of notices.kinds.
    context: plain words only. expires_at: it is not sent from then on; for a secret kind 15 minutes from now unless given.
    When it goes out follows from the kind's urgency and the person's wishes; a channel that is not wanted gets a row
    that says so. Returns the notices that are new. Raises UnknownKind.
    """
    known = kind_named(kind)
    now = timezone.now()
    if known.is_secret and expires_at is None:
        expires_at = now + SECRET_LIVES
    reach = reach_of(to.person, email=to.email, phone=to.phone)
    new = []
    for channel, address in reach.contacts:
        plan = reach.plan(known, channel, now)
        # The address is hashed: a key travels in headers and logs, where contacts do not belong.
        who = hashlib.sha256(address.lower().encode()).hexdigest()[:12]
        notice, created = Notice.objects.get_or_create(
            key=f"{key}:{channel}:{who}",
            defaults={
                "kind": kind,
                "channel": channel,
                "address": address,
                "person": to.person,
                "language": to.language,
                "context": {}
                if known.is_secret and plan.state == Notice.State.SUPPRESSED
                else clean_values(context),
                "state": plan.state,
                "send_after": plan.send_after,
                "is_gathered": plan.is_gathered,
                "expires_at": expires_at,
            },
        )
        if created:
            new.append(notice)
            if plan.state == Notice.State.WAITING and plan.send_after <= now:
                enqueue("notices.send_notice", notice_pk=notice.pk)
    return new
