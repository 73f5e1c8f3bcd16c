"""Months of the calendar."""

from calendar import monthrange
from datetime import date


def last_day(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def months_over(year: int, today: date) -> int:
    """How many months of a year are over on a day: one is on the day after its last."""
    if year < today.year:
        return 12
    return today.month - 1 if year == today.year else 0
