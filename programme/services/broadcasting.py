"""The worker's part of a message to groups: its readers are queued chunk by chunk, and told by the notices."""

import logging
import time
from typing import Any

from django.db import transaction

from marketplace.lib.queue import enqueue
from marketplace.lib.states import move
from notices.services.queueing import Recipient, notify
from notices.services.resending import resend
from programme.models import Broadcast, BroadcastEvent, BroadcastRecipient
from programme.selectors.deliveries import failed_notices
from programme.services.broadcasts import RUN

logger = logging.getLogger(__name__)

# One chunk holds the message for about a second: so long a stop waits.
CHUNK = 100
RUN_SECONDS = 40
MOST_AGAIN = 200


def run(broadcast_pk: int) -> None:
    """Go on with a message for at most RUN_SECONDS; what is left is asked for again. Safe to repeat and beside itself."""
    ends = time.monotonic() + RUN_SECONDS
    while _queue_chunk(broadcast_pk):
        if time.monotonic() >= ends:
            enqueue(RUN, broadcast_pk=broadcast_pk)
            return


def run_all() -> int:
    """Go on with messages whose task was lost; returns how many there were."""
    waiting = list(Broadcast.objects.under_way().values_list("pk", flat=True)[:10])
    for pk in waiting:
        try:
            run(pk)
        except Exception:
            # The outer edge: one message must not hold up the others.
            logger.exception("message to groups not queued", extra={"broadcast": pk})
    return len(waiting)


def resend_failed(broadcast: Broadcast, *, actor: Any, reason: str) -> int:
    """Send what failed once more, at most MOST_AGAIN; returns how many. Pressed twice it is one copy of each.

    Raises GroundsMissing, and CannotResend for what the notices do not send again.
    """
    keys = list(failed_notices(broadcast).values_list("pk", flat=True)[:MOST_AGAIN])
    for pk in keys:
        resend(pk, actor, reason)
    return len(keys)


@transaction.atomic
def _queue_chunk(broadcast_pk: int) -> bool:
    """Queue the next readers together with their notices; False when none are left, or another worker is at it."""
    locked = _take(broadcast_pk)
    if locked is None:
        return False
    waiting = BroadcastRecipient.objects.filter(
        broadcast=locked, state=BroadcastRecipient.State.WAITING
    ).select_related("person", "vendor")
    # People stand before contacts of groups: who shares a number with the group is reached by the own wishes.
    rows = list(waiting.order_by("pk")[:CHUNK])
    for row in rows:
        row.state = _queue(locked, row)
    BroadcastRecipient.objects.bulk_update(rows, ["state"])
    if len(rows) == CHUNK:
        return True
    move(
        locked,
        Broadcast.State.SENT,
        moves=Broadcast.MOVES,
        event=BroadcastEvent,
        subject_field="broadcast",
    )
    return False


def _take(broadcast_pk: int) -> Broadcast | None:
    """The message, held by this worker alone until its chunk is committed."""
    rows = Broadcast.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return rows.filter(pk=broadcast_pk, state=Broadcast.State.SENDING).first()


def _queue(broadcast: Broadcast, row: BroadcastRecipient) -> BroadcastRecipient.State:
    wished = row.person.preferred_language if row.person else row.vendor.language
    language, words = broadcast.words_for(wished)
    to = _recipient(row, language)
    if not (to.email or to.phone):
        return BroadcastRecipient.State.UNREACHABLE
    notify(broadcast.notice_key, broadcast.notice_kind, to=to, context=words.values)
    return BroadcastRecipient.State.QUEUED


def _recipient(row: BroadcastRecipient, language: str) -> Recipient:
    if row.person is None:
        return Recipient(email=row.vendor.email, phone=row.vendor.phone, language=language)
    if not row.person.is_active:
        return Recipient(email="", phone="", language=language)
    person = row.person
    return Recipient(email=person.email or "", phone=person.phone or "", language=language, person=person)
