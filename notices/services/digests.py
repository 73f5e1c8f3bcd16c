"""The daily message: what was gathered for one person, in one notice that is sent like any other."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from marketplace.lib.queue import enqueue
from notices.domain.sms import MOST_PARTS, sms_length
from notices.kinds import KINDS
from notices.models import Notice
from notices.services.rendering import render

logger = logging.getLogger(__name__)

DIGEST = "daily_digest"
# An SMS of more lines would be cut by phones; the rest goes into the next one at the same hour.
MOST_ITEMS = {Notice.Channel.SMS: 5, Notice.Channel.EMAIL: 50}


def gather_digests() -> int:
    """Make the daily messages that are due; returns how many notices found their way out.

    A worker that dies midway leaves each reader's notices either gathered whole, under one message that is swept like
    any other, or not at all.
    """
    due = Notice.objects.due_for_digest(timezone.now()).order_by()
    readers = due.values_list("person", "channel", "address").distinct()
    return sum(_gather(*reader) for reader in list(readers))


@transaction.atomic
def _gather(person: int | None, channel: str, address: str) -> int:
    now = timezone.now()
    due = Notice.objects.due_for_digest(now).filter(person=person, channel=channel, address=address)
    # Locked and looked at again by the same statement: of two workers one gathers a notice.
    rows = list(due.select_for_update(of=("self",), skip_locked=True).order_by("pk"))
    found = len(rows)
    while rows:
        together = _fitting(rows, Notice.Channel(channel))
        _send_together(rows[:together], now)
        del rows[:together]
    return found


def _fitting(rows: Sequence[Notice], channel: Notice.Channel) -> int:
    """How many of the first rows make one message, at least 1: an SMS has few parts, and in Hindi half the signs in each."""
    most = min(len(rows), MOST_ITEMS[channel])
    if channel == Notice.Channel.EMAIL:
        return most
    items: list[str] = []
    for row in rows[:most]:
        items.append(_item(row))
        values = {"count": str(len(items)), "items": "\n".join(items)}
        if sms_length(render(DIGEST, channel, row.language, values).text).parts > MOST_PARTS:
            return max(1, len(items) - 1)
    return most


def _send_together(rows: list[Notice], now: datetime) -> None:
    last = rows[-1]
    if len(rows) == 1:
        # Alone it needs no message around it.
        Notice.objects.filter(pk=last.pk).update(is_gathered=False)
        enqueue("notices.send_notice", notice_pk=last.pk)
        return
    digest = Notice.objects.create(
        key=f"digest:{rows[0].pk}",
        kind=DIGEST,
        channel=last.channel,
        address=last.address,
        person=last.person,
        language=last.language,
        send_after=now,
    )
    Notice.objects.filter(pk__in=[row.pk for row in rows]).update(digest=digest)
    enqueue("notices.send_notice", notice_pk=digest.pk)


def digest_context(digest: Notice) -> dict[str, str]:
    """Values of a daily message: how many notices it holds, and their words. One query, and those of the texts."""
    root = digest
    while root.resend_of is not None:
        root = root.resend_of
    items = list(Notice.objects.filter(digest=root).order_by("pk"))
    between = "\n" if digest.channel == Notice.Channel.SMS else "\n\n"
    return {"count": str(len(items)), "items": between.join(_item(item) for item in items)}


def settle_items(digest: Notice, *, state: str, at: datetime, error: str) -> None:
    """Give what a daily message held its end: sent with it, or failed with it."""
    root = digest
    while root.resend_of is not None:
        root = root.resend_of
    sent_at = at if state == Notice.State.SENT else None
    rows = Notice.objects.filter(digest=root).exclude(state=Notice.State.SENT)
    rows.update(state=state, sent_at=sent_at, last_error=error[:200])


def _item(notice: Notice) -> str:
    try:
        words = render(notice.kind, notice.channel, notice.language, notice.context)
    except Exception:
        # One notice without words must not keep back the others; its kind at least is named.
        logger.exception("notice in a daily message has no words", extra={"notice": notice.pk})
        return str(KINDS[notice.kind].name) if notice.kind in KINDS else notice.kind
    return f"{words.subject}\n{words.text}" if words.subject else words.text
