"""Telling the public of impact: once for each month, when it is over in the country."""

from django.conf import settings

from marketplace.lib.dates import today_in
from programme.domain.months import months_over
from programme.models import PublishedImpact
from programme.selectors.impact import TOTAL, By, Impact, Parts, Row, Told, impact
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

    What a figure has grown by since it was last open must be that of no group or of three: docs/adr/0016.
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
    public = whole.for_public(told)
    # Where the twin was quicker, what it published stays.
    _row, is_new = PublishedImpact.objects.get_or_create(
        country=country.code,
        year=month.year,
        month=month.number,
        by=by,
        currency=currency,
        defaults={
            "rows": [figures_of(row) for row in (*public.rows, public.total)],
            "told": told_as_kept(_told_now(whole, public, told)),
        },
    )
    return is_new


def _told_now(whole: Impact, public: Impact, before: Told) -> Told:
    """What the public knows from now on: what is open now, and of the rest what was open last."""
    now = {row.code: row.parts for row in whole.rows} | {TOTAL: whole.total.parts}
    shown = [(row.code, row) for row in public.rows] + [(TOTAL, public.total)]
    return {code: _open(row, now.get(code, Parts()), before.get(code, Parts())) for code, row in shown}


def _open(row: Row, now: Parts, before: Parts) -> Parts:
    """Column by column. A row of which nothing is open says nothing of its cash."""
    return Parts(
        before.paid if row.paid is None else now.paid,
        before.cash if row.cash is None else now.cash,
        before.orders if row.orders is None else now.orders,
    )
