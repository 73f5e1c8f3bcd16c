"""What a page or file of impact is asked for: country, year, kind of rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from marketplace.lib.dates import today_in
from programme.domain.months import months_over
from programme.selectors.impact import By, Impact, impact
from programme.selectors.published import published
from regions.models import LEVELS_BY_COUNTRY, Region
from regions.policies import Reach

FIRST_YEAR = 2020


@dataclass(frozen=True)
class AskedImpact:
    """One table. country: a country of the programme; level: of the places, the larger ones of the country."""

    country: Region
    year: int
    by: By

    @property
    def level(self) -> Region.Level:
        """Dzongkhags, states or provinces: of smaller places too few groups sell."""
        return LEVELS_BY_COUNTRY[self.country.code][-1]

    @property
    def years(self) -> Sequence[int]:
        """Years to choose from, the newest first: the current one, the one before it, and the one that is shown."""
        this = today_in(self.country.code).year
        return sorted({this, this - 1, self.year}, reverse=True)

    def published(self) -> Impact:
        """What the public was told of it: closed months, with small figures hidden; one query."""
        return published(self.country.code, self.year, self.by, settings.CHARGE_CURRENCY)

    def table(self, reach: Reach | None = None) -> Impact:
        """Count it, whole and up to now: for staff."""
        return impact(
            self.by,
            currency=settings.CHARGE_CURRENCY,
            first=date(self.year, 1, 1),
            last=date(self.year, 12, 31),
            level=self.level,
            within=self.country,
            reach=reach,
        )


def asked_impact(query: Mapping[str, str], *, of_closed_months: bool = False) -> AskedImpact | None:
    """What ?country, ?year and ?by ask for; the first country, this year and places without them, None for nonsense.

    of_closed_months: without ?year the one in which a month ended last.
    """
    countries = {
        country.code: country for country in Region.objects.countries() if country.code in LEVELS_BY_COUNTRY
    }
    code = query.get("country") or next(iter(LEVELS_BY_COUNTRY))
    by, year = query.get("by") or By.PLACE, query.get("year") or ""
    if code not in countries or by not in By.values:
        return None
    today = today_in(code)
    this = today.year
    if not year:
        is_before = of_closed_months and not months_over(this, today)
        return AskedImpact(countries[code], this - is_before, By(by))
    if not (year.isascii() and year.isdecimal() and FIRST_YEAR <= int(year[:5]) <= this):
        return None
    return AskedImpact(countries[code], int(year), By(by))
