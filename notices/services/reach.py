"""When and by which channels a person is written to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from notices.domain.hours import QuietHours, after_quiet, next_hour, zone_of_phone
from notices.kinds import Kind, Urgency
from notices.models import Notice, NoticePreference


@dataclass(frozen=True)
class Plan:
    """What becomes of one notice: its state, when it may go, and whether it waits for the daily message."""

    state: str
    send_after: datetime
    is_gathered: bool


@dataclass(frozen=True)
class Reach:
    """How one reader is reached: contacts by channel, hours and wishes."""

    contacts: Sequence[tuple[Notice.Channel, str]]
    preference: NoticePreference
    zone: ZoneInfo
    is_person: bool

    def plan(self, kind: Kind, channel: Notice.Channel, now: datetime) -> Plan:
        """What becomes of a notice of a kind by a channel. A channel that is not wanted is left out where another is used."""
        if not self._wants(channel) and any(self._wants(other) for other, _address in self.contacts):
            return Plan(Notice.State.SUPPRESSED, now, is_gathered=False)
        if kind.urgency is Urgency.NOW:
            return Plan(Notice.State.WAITING, now, is_gathered=False)
        if kind.urgency is Urgency.DIGEST and self.is_person and self.preference.wants_digest:
            at = next_hour(now, self.preference.digest_hour, self.zone)
            return Plan(Notice.State.WAITING, at, is_gathered=True)
        return Plan(Notice.State.WAITING, after_quiet(now, self._quiet(), self.zone), is_gathered=False)

    def _wants(self, channel: Notice.Channel) -> bool:
        wishes = self.preference
        return bool(wishes.wants_email if channel == Notice.Channel.EMAIL else wishes.wants_sms)

    def _quiet(self) -> QuietHours | None:
        if self.preference.quiet_from is not None and self.preference.quiet_until is not None:
            return QuietHours(self.preference.quiet_from, self.preference.quiet_until)
        default = settings.NOTICE_QUIET_HOURS
        return QuietHours(*default) if default else None


def reach_of(person: Any, *, email: str, phone: str) -> Reach:
    """How a reader is reached. person: an account, or None. At most one query."""
    rows = NoticePreference.objects.filter(person=person) if person is not None else ()
    preference = next(iter(rows), NoticePreference())
    own_phone = phone or getattr(person, "phone", "") or ""
    zone = preference.time_zone or zone_of_phone(own_phone)
    both = ((Notice.Channel.EMAIL, email), (Notice.Channel.SMS, phone))
    contacts = [(channel, address) for channel, address in both if address]
    return Reach(contacts, preference, _zone(zone), is_person=person is not None)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or settings.NOTICE_TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        # A zone that was renamed must not lose the notice.
        return ZoneInfo(settings.NOTICE_TIME_ZONE)
