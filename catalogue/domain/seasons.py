"""Months in which a thing is harvested or made, written as the first and the last: "6-9"; over the new year: "11-2"."""

import re

_WRITTEN = re.compile(r"(\d{1,2})(?:\s*(?:-|\u2013|to)\s*(\d{1,2}))?")


def read_season(text: str) -> str:
    """A season as it is kept: "06 - 9" is "6-9", "6" is "6-6", nothing is nothing. Raises ValueError."""
    if not text.strip():
        return ""
    found = _WRITTEN.fullmatch(text.strip())
    months = [int(part) for part in found.groups() if part] if found else []
    if not months or not all(1 <= month <= 12 for month in months):
        raise ValueError(f"no season: {text!r}")
    return f"{months[0]}-{months[-1]}"


def season_of(first: int | None, last: int | None) -> str:
    """The season from one month to another, both included; one of them alone is a season of one month."""
    known = [month for month in (first, last) if month]
    return f"{known[0]}-{known[-1]}" if known else ""


def ends(season: str) -> tuple[int, int] | None:
    """First and last month; None where there is no season."""
    if not season:
        return None
    first, last = season.split("-")
    return int(first), int(last)


def seasons_with(month: int) -> list[str]:
    """Every season that holds this month."""
    months = range(1, 13)
    return [f"{first}-{last}" for first in months for last in months if _holds(first, last, month)]


def _holds(first: int, last: int, month: int) -> bool:
    if first <= last:
        return first <= month <= last
    return month >= first or month <= last
