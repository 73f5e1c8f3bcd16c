"""Sending of queued notices: at most one worker at a time, again after a failure, never again after success."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from notices.models import Notice
from notices.providers.base import SmsProvider

logger = logging.getLogger(__name__)

# Longer than any task may run, so that a notice is tried again only when its sender is surely dead.
LEASE = timedelta(minutes=3)
BATCH = 500


def send_notice(notice_pk: int) -> bool:
    """Send one notice if it is waiting and due; True when this call sent it.

    The row is leased before the message goes out and marked after, so a second worker leaves it alone. A worker
    killed in between leaves the lease to run out; the repeat carries the same key, by which providers drop it.
    """
    notice = _lease(notice_pk)
    if notice is None:
        return False
    try:
        _deliver(notice)
    except Exception as error:  # noqa: BLE001 - outer edge, see below
        # The outer edge: whatever a provider raises, the notice is kept and tried again.
        _put_off(notice, error)
        return False
    Notice.objects.filter(pk=notice.pk, state=Notice.State.WAITING).update(
        state=Notice.State.SENT, sent_at=timezone.now(), last_error=""
    )
    return True


def send_waiting() -> int:
    """Send the notices that are due, at most one batch; returns how many went out."""
    due = Notice.objects.due(timezone.now()).values_list("pk", flat=True)[:BATCH]
    return sum(send_notice(pk) for pk in list(due))


@transaction.atomic
def _lease(notice_pk: int) -> Notice | None:
    now = timezone.now()
    notice = Notice.objects.due(now).filter(pk=notice_pk).select_for_update(skip_locked=True).first()
    if notice is None:
        return None
    notice.tries += 1
    notice.send_after = now + LEASE
    notice.save(update_fields=["tries", "send_after"])
    return notice


def _put_off(notice: Notice, error: Exception) -> None:
    # The error's class only: its words may hold an address.
    logger.warning("notice not sent", extra={"notice": notice.pk, "error": type(error).__name__})
    is_last = notice.tries >= settings.NOTICE_MAX_TRIES
    Notice.objects.filter(pk=notice.pk, state=Notice.State.WAITING).update(
        state=Notice.State.FAILED if is_last else Notice.State.WAITING,
        send_after=timezone.now() + timedelta(seconds=30 * 2**notice.tries),
        last_error=type(error).__name__[:200],
    )


def _deliver(notice: Notice) -> None:
    text = _render(notice)
    if notice.channel == Notice.Channel.SMS:
        provider: SmsProvider = import_string(settings.SMS_PROVIDER)()
        provider.send(key=notice.key, to=notice.address, text=text)
        return
    subject, _, body = text.partition("\n")
    headers = {
        "X-Notice-Key": notice.key,
        "Message-ID": f"<notice-{notice.pk}@{settings.SITE_NAME.replace(' ', '-')}>",
    }
    # A name with a line break in it would be refused as a header, and the notice would never go out.
    subject = " ".join(subject.split())
    EmailMessage(subject, body.strip() + "\n", to=[notice.address], headers=headers).send()


def _render(notice: Notice) -> str:
    context = {**notice.context, "site_name": settings.SITE_NAME}
    with translation.override(notice.language):
        return render_to_string(f"notices/{notice.kind}.{notice.channel}.txt", context).strip()
