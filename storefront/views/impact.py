"""What the programme has brought to producers, for everybody; no cell from which a group's income could be read."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace.lib.downloads import csv_response
from programme.documents.impact import impact_csv
from programme.selectors.impact import By
from programme.spans import AskedImpact, asked_impact
from regions.models import LEVELS_BY_COUNTRY, Region
from storefront.visitor_pages import kept_for_visitors


@require_safe
@kept_for_visitors
def impact(request: HttpRequest) -> HttpResponse:
    """The closed months of a country and a year, by place unless ?by says otherwise. 404: for nonsense."""
    asked = _asked(request)
    values = {
        "asked": asked,
        "table": asked.published(),
        "countries": [country for country in Region.objects.countries() if country.code in LEVELS_BY_COUNTRY],
        "ways": By.choices,
        "section": "how",
    }
    return render(request, "storefront/impact.html", values)


@require_safe
def impact_file(request: HttpRequest) -> HttpResponse:
    """The same table as CSV."""
    asked = _asked(request)
    table = asked.published()
    until = f"{table.last:%m}" if table.last > table.first else "00"
    return csv_response(impact_csv(table), f"impact-{asked.country.code}-{asked.year}-{until}-{asked.by}")


def _asked(request: HttpRequest) -> AskedImpact:
    asked = asked_impact(request.GET, of_closed_months=True)
    if asked is None:
        raise Http404
    return asked
