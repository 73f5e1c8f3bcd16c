"""Queueing of notices: a row in the caller's transaction, sent by the worker after it has committed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from marketplace.lib.queue import enqueue
from notices.kinds import kind_named
from notices.models import Notice


@dataclass(frozen=True)
class Recipient:
    """Where a person can be reached; an empty contact is not used. language: code of settings.LANGUAGES."""

    email: str
    phone: str
    language: str
    person: Any = None


@transaction.atomic
def notify(key: str, kind: str, *, to: Recipient, context: Mapping[str, str]) -> list[Notice]:
    """Queue one notice per contact of the recipient; asking again with the same key changes nothing.

    key: unique words for the event, at most 90 characters. kind: a code of notices.kinds.
    context: plain words only. Returns the notices that are new. Raises UnknownKind.
    """
    kind_named(kind)
    contacts = [(Notice.Channel.EMAIL, to.email), (Notice.Channel.SMS, to.phone)]
    new = []
    for channel, address in contacts:
        if not address:
            continue
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
                "context": dict(context),
                "send_after": timezone.now(),
            },
        )
        if created:
            enqueue("notices.send_notice", notice_pk=notice.pk)
            new.append(notice)
    return new
