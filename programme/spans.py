"""What a page or file of impact is asked for: country, year, kind of rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from marketplace.lib.dates import today_in
from programme.selectors.impact import By, Impact, impact
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

    def table(self, reach: Reach | None = None) -> Impact:
        """Count it, whole: what the public may see of it is for_public()."""
        return impact(
            self.by,
            currency=settings.CHARGE_CURRENCY,
            first=date(self.year, 1, 1),
            last=date(self.year, 12, 31),
            level=self.level,
            within=self.country,
            reach=reach,
        )


def asked_impact(query: Mapping[str, str]) -> AskedImpact | None:
    """What ?country, ?year and ?by ask for; the first country, this year and places without them, None for nonsense."""
    countries = {
        country.code: country for country in Region.objects.countries() if country.code in LEVELS_BY_COUNTRY
    }
    code = query.get("country") or next(iter(LEVELS_BY_COUNTRY))
    by, year = query.get("by") or By.PLACE, query.get("year") or ""
    if code not in countries or by not in By.values:
        return None
    this = today_in(code).year
    if not year:
        return AskedImpact(countries[code], this, By(by))
    if not (year.isascii() and year.isdecimal() and FIRST_YEAR <= int(year[:5]) <= this):
        return None
    return AskedImpact(countries[code], int(year), By(by))
