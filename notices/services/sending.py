"""Sending of queued notices: at most one worker at a time, again after a failure, never again after success."""

import logging
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from notices.kinds import KINDS
from notices.models import Notice
from notices.providers.base import SmsProvider, SmsRefused
from notices.services.digests import DIGEST, digest_context, settle_items
from notices.services.rendering import Words, render

logger = logging.getLogger(__name__)

# Longer than any task may run, so that a notice is tried again only when its sender is surely dead.
LEASE = timedelta(minutes=3)
BATCH = 500
EXPIRED = "expired"
ABANDONED = "every worker that tried it died"


def send_notice(notice_pk: int) -> bool:
    """Send one notice if it is waiting and due; True when this call sent it.

    The row is leased before the message goes out and marked after, so a second worker leaves it alone. A worker
    killed in between leaves the lease to run out; the repeat carries the same key, by which providers drop it.
    """
    notice = _lease(notice_pk)
    if notice is None:
        return False
    if notice.expires_at is not None and notice.expires_at <= timezone.now():
        _end(notice, state=Notice.State.FAILED, error=EXPIRED)
        return False
    if notice.tries > settings.NOTICE_MAX_TRIES:
        # Each try before ended without a word, not even an error: the message itself may be what kills.
        _end(notice, state=Notice.State.FAILED, error=ABANDONED)
        return False
    try:
        _deliver(notice)
    except Exception as error:  # noqa: BLE001 - outer edge, see below
        # The outer edge: whatever a provider raises, the notice is kept and tried again.
        _put_off(notice, error)
        return False
    _end(notice, state=Notice.State.SENT)
    return True


def send_waiting() -> int:
    """Send the notices that are due, at most one batch; returns how many went out."""
    due = Notice.objects.due(timezone.now()).values_list("pk", flat=True)[:BATCH]
    return sum(send_notice(pk) for pk in list(due))


def forget_secrets() -> int:
    """Wipe the values of secret kinds that are past their use, and end those that were not sent; returns how many."""
    secret = [code for code, kind in KINDS.items() if kind.is_secret]
    old = Notice.objects.filter(kind__in=secret, expires_at__lte=timezone.now()).exclude(context={})
    with transaction.atomic():
        rows = list(old.select_for_update(skip_locked=True)[:BATCH])
        for notice in rows:
            if notice.state == Notice.State.WAITING:
                notice.state, notice.last_error = Notice.State.FAILED, EXPIRED
            notice.context = {}
            notice.save(update_fields=["state", "last_error", "context"])
    return len(rows)


@transaction.atomic
def _lease(notice_pk: int) -> Notice | None:
    now = timezone.now()
    notice = (
        Notice.objects.due(now).filter(pk=notice_pk).select_for_update(of=("self",), skip_locked=True).first()
    )
    if notice is None:
        return None
    notice.tries += 1
    notice.send_after = now + LEASE
    notice.save(update_fields=["tries", "send_after"])
    return notice


def _put_off(notice: Notice, error: Exception) -> None:
    # The error's class only: its words may hold an address.
    logger.warning("notice not sent", extra={"notice": notice.pk, "error": type(error).__name__})
    if notice.tries >= settings.NOTICE_MAX_TRIES or _is_final(error):
        _end(notice, state=Notice.State.FAILED, error=type(error).__name__)
        return
    Notice.objects.filter(pk=notice.pk, state=Notice.State.WAITING).update(
        send_after=timezone.now() + timedelta(seconds=30 * 2**notice.tries),
        last_error=type(error).__name__[:200],
    )


def _is_final(error: Exception) -> bool:
    """Whether the other side refuses this message for good."""
    if isinstance(error, SMTPRecipientsRefused):
        # 5xx in RFC 5321: permanent. One address a message, so one answer.
        return all(code >= 500 for code, _words in error.recipients.values())
    return isinstance(error, SmsRefused)


@transaction.atomic
def _end(notice: Notice, *, state: Notice.State, error: str = "") -> None:
    """Write down how it ended; what it gathered ends with it, and a secret is forgotten."""
    now = timezone.now()
    changes: dict[str, Any] = {
        "state": state,
        "sent_at": now if state == Notice.State.SENT else None,
        "last_error": error[:200],
    }
    kind = KINDS.get(notice.kind)
    if kind is not None and kind.is_secret:
        changes["context"] = {}
    ended = Notice.objects.filter(pk=notice.pk, state=Notice.State.WAITING).update(**changes)
    if ended and notice.kind == DIGEST:
        settle_items(notice, state=state, at=now, error=error)


def _deliver(notice: Notice) -> None:
    words = _words(notice)
    if notice.channel == Notice.Channel.SMS:
        provider: SmsProvider = import_string(settings.SMS_PROVIDER)()
        provider.send(key=notice.key, to=notice.address, text=words.text)
        return
    headers = {
        "X-Notice-Key": notice.key,
        "Message-ID": f"<notice-{notice.pk}@{settings.SITE_NAME.replace(' ', '-')}>",
    }
    EmailMessage(words.subject, words.text + "\n", to=[notice.address], headers=headers).send()


def _words(notice: Notice) -> Words:
    context = digest_context(notice) if notice.kind == DIGEST else notice.context
    return render(notice.kind, notice.channel, notice.language, context)
