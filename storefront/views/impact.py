"""What the programme has brought to producers, for everybody; no cell from which a group's income could be read."""

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from marketplace.lib.downloads import csv_response
from programme.documents.impact import impact_csv
from programme.selectors.impact import By, Impact
from programme.spans import AskedImpact, asked_impact
from regions.models import LEVELS_BY_COUNTRY, Region

# Money reaches groups once a night.
SECONDS_KEPT = 15 * 60


@require_safe
def impact(request: HttpRequest) -> HttpResponse:
    """One table, of a country and a year, by place unless ?by says otherwise. 404: for nonsense."""
    asked = _asked(request)
    values = {
        "asked": asked,
        "table": _table(asked),
        "countries": [country for country in Region.objects.countries() if country.code in LEVELS_BY_COUNTRY],
        "ways": By.choices,
        "section": "how",
    }
    return render(request, "storefront/impact.html", values)


@require_safe
def impact_file(request: HttpRequest) -> HttpResponse:
    """The same table as CSV."""
    asked = _asked(request)
    return csv_response(impact_csv(_table(asked)), f"impact-{asked.country.code}-{asked.year}-{asked.by}")


def _asked(request: HttpRequest) -> AskedImpact:
    asked = asked_impact(request.GET)
    if asked is None:
        raise Http404
    return asked


def _table(asked: AskedImpact) -> Impact:
    key = f"impact:{asked.country.code}:{asked.year}:{asked.by}:{get_language()}"
    kept: Impact | None = cache.get(key)
    if kept is None:
        kept = asked.table().for_public()
        cache.set(key, kept, SECONDS_KEPT)
    return kept
