"""Spans of time in words, in the language of the page."""

from datetime import datetime

from babel.units import format_unit
from django.utils.html import avoid_wrapping
from django.utils.translation import get_language
from django.utils.translation import gettext as _

MINUTE = 60
# Django has these words neither in Hindi nor in Dzongkha; Babel has them in both, but no years and weeks in Hindi.
UNITS = (("day", 24 * 60 * MINUTE), ("hour", 60 * MINUTE), ("minute", MINUTE))


def span_words(start: datetime, end: datetime, *, units: int = 2) -> str:
    """Say how long it is from start to end, in days, hours and minutes, no more than so many units of them: "3 days, 2 hours".

    Both aware. Below a minute, and where end is before start, it is "less than a minute".
    """
    seconds = int((end - start).total_seconds())
    found: list[str] = []
    for name, length in UNITS:
        count, seconds = divmod(max(seconds, 0), length)
        if count:
            words = format_unit(count, f"duration-{name}", length="long", locale=get_language() or "en")
            found.append(avoid_wrapping(words))
        elif found:
            break
    return ", ".join(found[:units]) or avoid_wrapping(_("less than a minute"))
