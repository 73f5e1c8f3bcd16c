"""Days are those of the country in which a place lies."""

from collections.abc import Callable
from datetime import date

from django.db.models import Q

from marketplace.lib.dates import TIME_ZONES, today_in


def today_between(first: str, last: str, *, path: str, elsewhere: date | None = None) -> Q:
    """What is true of rows whose days hold today; the clock is asked each time, so that nobody touches a row when it ends.

    first, last: names of the date fields, both days included. path: name of the field with the path of the place, whose
    country says which day it is. elsewhere: the day for rows of no such country, and of no place; that of UTC unless given.
    """
    return _on_the_own_day(lambda day: _holds_on(day, first, last), path=path, elsewhere=elsewhere)


def today_from(first: str, *, path: str) -> Q:
    """What is true of rows whose first day has come; as today_between."""
    return _on_the_own_day(lambda day: Q(**{f"{first}__lte": day}), path=path)


def today_until(first: str, *, path: str) -> Q:
    """What is true of rows whose first day is still to come; as today_between."""
    return _on_the_own_day(lambda day: Q(**{f"{first}__gt": day}), path=path)


def today_within(first: str, end: str, *, path: str) -> Q:
    """What is true of rows that have begun and not ended; as today_between. end: the first day after the last.

    Where either is null there is no such bound.
    """
    return _on_the_own_day(lambda day: _begun_by(day, first) & _goes_on_after(day, end), path=path)


def _on_the_own_day(said_of: Callable[[date], Q], *, path: str, elsewhere: date | None = None) -> Q:
    holds, others = Q(pk__in=()), Q()
    for country in TIME_ZONES:
        here = Q(**{f"{path}__startswith": f"{country}/"})
        holds |= here & said_of(today_in(country))
        others &= ~here
    # Where there is no place the column is null, and no comparison with it is true.
    others |= Q(**{f"{path}__isnull": True})
    return holds | (others & said_of(elsewhere or today_in("")))


def _holds_on(day: date, first: str, last: str) -> Q:
    return Q(**{f"{first}__lte": day, f"{last}__gte": day})


def _begun_by(day: date, first: str) -> Q:
    return Q(**{f"{first}__isnull": True}) | Q(**{f"{first}__lte": day})


def _goes_on_after(day: date, end: str) -> Q:
    return Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": day})
