"""When goods arrive, in words: the same on pages and in messages."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _


def day_words(first: date, last: date, *, is_pick_up: bool) -> str:
    """When goods are there, between two days or on the one: "arrives 3 to 8 December", "ready on 3 December"."""
    until = date_format(last, "j F")
    if first == last:
        words = _("ready on %(day)s") if is_pick_up else _("arrives on %(day)s")
        return words % {"day": until}
    is_one_month = (first.year, first.month) == (last.year, last.month)
    words = _("ready %(first)s to %(last)s") if is_pick_up else _("arrives %(first)s to %(last)s")
    return words % {"first": date_format(first, "j" if is_one_month else "j F"), "last": until}
