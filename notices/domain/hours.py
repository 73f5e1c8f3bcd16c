"""When a person may be written to: quiet hours and the hour of the daily message, on the reader's own clock."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

# By the country code of a phone number; whoever lives elsewhere chooses the zone.
ZONES_BY_PREFIX = {
    "+975": "Asia/Thimphu",
    "+91": "Asia/Kolkata",
    "+66": "Asia/Bangkok",
    "+977": "Asia/Kathmandu",
    "+880": "Asia/Dhaka",
    "+81": "Asia/Tokyo",
    "+65": "Asia/Singapore",
    "+44": "Europe/London",
    "+49": "Europe/Berlin",
}


@dataclass(frozen=True)
class QuietHours:
    """From one time of day to another, over midnight where the first is the later; equal times mean none."""

    start: time
    end: time

    def cover(self, clock: time) -> bool:
        """Whether a time of day lies in the quiet hours; their end does not."""
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


def zone_of_phone(phone: str) -> str:
    """Name of the time zone of a phone number in E.164, "" where its country is not known or has several."""
    return next((zone for prefix, zone in ZONES_BY_PREFIX.items() if phone.startswith(prefix)), "")


def after_quiet(now: datetime, quiet: QuietHours | None, zone: ZoneInfo) -> datetime:
    """Now, or the end of the quiet hours that now lies in. now: aware."""
    if quiet is None:
        return now
    local = now.astimezone(zone)
    return _next(local, quiet.end).astimezone(now.tzinfo) if quiet.cover(local.time()) else now


def next_hour(now: datetime, hour: int, zone: ZoneInfo) -> datetime:
    """The next moment at which the clock in a zone shows this full hour, never now itself. hour: 0 to 23."""
    return _next(now.astimezone(zone), time(hour)).astimezone(now.tzinfo)


def _next(local: datetime, clock: time) -> datetime:
    moment = datetime.combine(local.date(), clock, tzinfo=local.tzinfo)
    # The day is counted on the wall clock, so that a change to summer time does not shift the hour.
    return (
        moment if moment > local else datetime.combine(local.date() + timedelta(days=1), clock, local.tzinfo)
    )
