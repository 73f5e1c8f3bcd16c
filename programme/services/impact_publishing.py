"""Telling the public of impact: once for each month, when it is over in the country."""

from django.conf import settings

from marketplace.lib.dates import today_in
from programme.domain.months import months_over
from programme.models import PublishedImpact
from programme.selectors.impact import By, impact
from programme.selectors.published import Month, figures_of, told_as_kept, told_before
from regions.models import LEVELS_BY_COUNTRY, Region

FIRST_YEAR = 2020


def publish_closed_months() -> int:
    """Publish what is over and was not published yet; returns how many tables. Run again or beside its twin it adds none.

    Of several months that were missed the last alone is published: it counts the others.
    """
    there = set(
        PublishedImpact.objects.filter(currency=settings.CHARGE_CURRENCY).values_list(
            "country", "year", "month", "by"
        )
    )
    made = 0
    for country in Region.objects.countries().filter(code__in=list(LEVELS_BY_COUNTRY)):
        today = today_in(country.code)
        for year in range(FIRST_YEAR, today.year + 1):
            over = months_over(year, today)
            for by in By:
                if over and (country.code, year, over, by.value) not in there:
                    made += publish(country, Month(year, over), by)
    return made


def publish(country: Region, month: Month, by: By) -> bool:
    """Publish one table, from the first of the year to the end of a month that is over; False when it is there.

    What it tells beyond the tables before it must be of no group or of three: docs/adr/0016.
    """
    currency = settings.CHARGE_CURRENCY
    told = told_before(country.code, month, by, currency)
    whole = impact(
        by,
        currency=currency,
        first=month.first,
        last=month.last,
        level=LEVELS_BY_COUNTRY[country.code][-1],
        within=country,
    )
    public, after = whole.told_to_public(told)
    # Where the twin was quicker, what it published stays.
    _row, is_new = PublishedImpact.objects.get_or_create(
        country=country.code,
        year=month.year,
        month=month.number,
        by=by,
        currency=currency,
        defaults={
            "rows": [figures_of(row) for row in (*public.rows, public.total)],
            "told": told_as_kept(after),
        },
    )
    return is_new
