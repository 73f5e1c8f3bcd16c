"""The clocks of one order: until when its group may answer, or send what is still there, and how pressing that is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Urgency = Literal["calm", "soon", "late"]


@dataclass(frozen=True)
class Clock:
    """What is_rest says: the time to send the rest of goods that leave in pieces, else the time to answer an order.

    due_at: then the order is cancelled, or the rest of it counts as not supplied. urgency: "soon" from the reminder
    on, "late" in the last quarter and after.
    """

    due_at: datetime
    urgency: Urgency
    is_over: bool
    is_rest: bool = False


def accept_clock(released_at: datetime, now: datetime, *, reminder_hours: int, within_hours: int) -> Clock:
    """The clock of an order that waits for its group's answer. The last quarter of its time is late."""
    return _clock(
        released_at, now, reminder=timedelta(hours=reminder_hours), within=timedelta(hours=within_hours)
    )


def rest_clock(last_sent_at: datetime, now: datetime, *, reminder_days: int, within_days: int) -> Clock:
    """The clock of an order of which some has left, counted from its last shipment."""
    reminder, within = timedelta(days=reminder_days), timedelta(days=within_days)
    return _clock(last_sent_at, now, reminder=reminder, within=within, is_rest=True)


def _clock(
    since: datetime, now: datetime, *, reminder: timedelta, within: timedelta, is_rest: bool = False
) -> Clock:
    due_at = since + within
    urgency: Urgency = "calm"
    if now >= due_at - within / 4:
        urgency = "late"
    elif now >= since + reminder:
        urgency = "soon"
    return Clock(due_at, urgency, is_over=now >= due_at, is_rest=is_rest)
