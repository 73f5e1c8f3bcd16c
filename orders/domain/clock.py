"""The accept clock of one order: until when its group may answer, and how pressing that is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Urgency = Literal["calm", "soon", "late"]


@dataclass(frozen=True)
class AcceptClock:
    """due_at: then the order is cancelled. urgency: "soon" from the reminder on, "late" in the last hours and after."""

    due_at: datetime
    urgency: Urgency
    is_over: bool


def accept_clock(
    released_at: datetime, now: datetime, *, reminder_hours: int, within_hours: int
) -> AcceptClock:
    """The clock of an order that waits for its group's answer. The last quarter of its time is late."""
    due_at = released_at + timedelta(hours=within_hours)
    urgency: Urgency = "calm"
    if now >= due_at - timedelta(hours=within_hours / 4):
        urgency = "late"
    elif now >= released_at + timedelta(hours=reminder_hours):
        urgency = "soon"
    return AcceptClock(due_at, urgency, is_over=now >= due_at)
