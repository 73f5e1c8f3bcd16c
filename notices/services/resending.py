"""Sending a notice again, because somebody of the staff asks for it: a new row that names the old one."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from marketplace.lib.queue import enqueue
from notices.errors import CannotResend, GroundsMissing
from notices.kinds import KINDS
from notices.models import Notice
from notices.services.forgetting import FORGOTTEN

SENDABLE = frozenset({Notice.State.SENT, Notice.State.FAILED})


def can_be_resent(notice: Notice) -> bool:
    """Whether it makes sense: it has ended, is no secret, still in use, went out by itself, and its address is known."""
    kind = KINDS.get(notice.kind)
    is_secret = kind is None or kind.is_secret
    is_over = notice.expires_at is not None and notice.expires_at <= timezone.now()
    is_forgotten = notice.address == FORGOTTEN
    return (
        not is_forgotten
        and notice.state in SENDABLE
        and notice.digest_id is None
        and not is_secret
        and not is_over
    )


@transaction.atomic
def resend(notice_pk: int, actor: Any, reason: str) -> Notice:
    """Queue the same message once more; the old row stays as it is.

    While the newest copy still waits, asking again returns that copy. Raises CannotResend, GroundsMissing.
    """
    if not reason.strip():
        raise GroundsMissing
    # Two who ask at once: the second sees the copy of the first.
    notice = Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice_pk)
    if not can_be_resent(notice):
        raise CannotResend
    copies = list(notice.again.order_by("pk"))
    waiting = next((copy for copy in copies if copy.state == Notice.State.WAITING), None)
    if waiting is not None:
        return waiting
    copy = Notice.objects.create(
        key=f"again:{notice.pk}:{len(copies) + 1}",
        kind=notice.kind,
        channel=notice.channel,
        address=notice.address,
        person=notice.person,
        language=notice.language,
        context=notice.context,
        send_after=timezone.now(),
        expires_at=notice.expires_at,
        resend_of=notice,
        requested_by=actor,
        reason=reason.strip()[:200],
    )
    enqueue("notices.send_notice", notice_pk=copy.pk)
    return copy
