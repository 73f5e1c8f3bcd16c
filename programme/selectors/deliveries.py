"""What became of a message to groups, as the log of the notices says."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from notices.models import Notice
from programme.models import Broadcast, BroadcastRecipient

State = Notice.State
MOST_FAILURES = 100


@dataclass(frozen=True)
class Channel:
    """Messages of one channel. queued: not sent yet; sent: themselves or a copy; failed: and no copy did better."""

    name: str
    queued: int = 0
    sent: int = 0
    failed: int = 0
    suppressed: int = 0


@dataclass(frozen=True)
class Delivery:
    """Readers by how far the worker has come, and messages by channel.

    left_out: those whom it was not for any more when their turn came; broken: those who could not be queued.
    """

    waiting: int
    reached: int
    unreachable: int
    left_out: int
    broken: int
    channels: Sequence[Channel]

    @property
    def failed(self) -> int:
        """Messages that failed, of both channels, and readers who could not be queued."""
        return self.broken + sum(channel.failed for channel in self.channels)


@dataclass(frozen=True)
class Failure:
    """A message that did not arrive; name: of the reader, or of the group whose contact it is; no contact."""

    notice: Notice
    name: str
    vendor: str


def delivery(broadcast: Broadcast) -> Delivery:
    """Counts of this moment; two queries, the second over the notices alone."""
    rows = BroadcastRecipient.objects.filter(broadcast=broadcast).order_by().values_list("state")
    readers = dict(rows.annotate(count=Count("pk")))
    recipients = BroadcastRecipient.State
    return Delivery(
        readers.get(recipients.WAITING, 0),
        readers.get(recipients.QUEUED, 0),
        readers.get(recipients.UNREACHABLE, 0),
        readers.get(recipients.LEFT_OUT, 0),
        readers.get(recipients.BROKEN, 0),
        _channels(broadcast),
    )


def failed_notices(broadcast: Broadcast) -> QuerySet[Notice]:
    """Messages that failed and of which no copy waits or was sent, oldest first."""
    copies = Notice.objects.filter(resend_of=OuterRef("pk"), state__in=(State.WAITING, State.SENT))
    failed = _notices(broadcast).filter(~Exists(copies), state=State.FAILED)
    return failed.order_by("pk")


def failures(broadcast: Broadcast) -> list[Failure]:
    """The first of them with who should have read it; two queries."""
    notices = list(failed_notices(broadcast).select_related("person")[:MOST_FAILURES])
    people = [notice.person_id for notice in notices if notice.person_id]
    groups = {
        row.person_id: row.vendor.name
        for row in BroadcastRecipient.objects.filter(broadcast=broadcast, person__in=people).select_related(
            "vendor"
        )
    }
    # Whoever has no name is not called by the number or address.
    names = {notice.pk: notice.person.name if notice.person else "" for notice in notices}
    return [Failure(notice, names[notice.pk], groups.get(notice.person_id, "")) for notice in notices]


def _channels(broadcast: Broadcast) -> list[Channel]:
    again = Notice.objects.filter(resend_of=OuterRef("pk"))
    sent_again = Exists(again.filter(state=State.SENT))
    under_way_again = Exists(again.filter(state=State.WAITING))
    is_failed = Q(state=State.FAILED)
    rows = (
        _notices(broadcast)
        .order_by()
        .annotate(sent_again=sent_again, under_way=under_way_again)
        .values_list("channel")
        .annotate(
            queued=Count(
                "pk", filter=Q(state=State.WAITING) | (is_failed & Q(under_way=True, sent_again=False))
            ),
            sent=Count("pk", filter=Q(state=State.SENT) | (is_failed & Q(sent_again=True))),
            failed=Count("pk", filter=is_failed & Q(under_way=False, sent_again=False)),
            suppressed=Count("pk", filter=Q(state=State.SUPPRESSED)),
        )
    )
    found = {channel: counted for channel, *counted in rows}
    return [Channel(str(label), *found.get(code, ())) for code, label in Notice.Channel.choices]


def _notices(broadcast: Broadcast) -> QuerySet[Notice]:
    # By the index of the keys; copies have keys of their own.
    return Notice.objects.filter(key__startswith=f"{broadcast.notice_key}:")
