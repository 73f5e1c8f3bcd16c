"""Impact in Django admin: the public table with nothing hidden, of the places in which a person works."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from marketplace.lib.downloads import csv_response
from marketplace.lib.read_only_admin import ReadOnlyAdmin
from programme.documents.impact import impact_csv
from programme.models import CountryImpact
from programme.policies import can_see_impact
from programme.selectors.impact import By
from programme.spans import AskedImpact, asked_impact
from regions.models import LEVELS_BY_COUNTRY, Region
from regions.policies import reach_of


@admin.register(CountryImpact)
class CountryImpactAdmin(ReadOnlyAdmin):
    """The countries; each opens on its table."""

    list_display = ("name", "code")
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Countries of the programme."""
        return super().get_queryset(request).filter(code__in=list(LEVELS_BY_COUNTRY))

    def get_urls(self) -> list[URLPattern]:
        """The file beside the page."""
        file = path(
            "<int:pk>/csv/", self.admin_site.admin_view(self.csv_view), name="programme_countryimpact_csv"
        )
        found: list[URLPattern] = [file, *super().get_urls()]
        return found

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The table of one year. ?year, ?by. 404: what does not exist."""
        asked = _asked(request, object_id)
        values = {
            **self.admin_site.each_context(request),
            "title": _("Impact: %(country)s") % {"country": asked.country.name},
            "asked": asked,
            "country_pk": object_id,
            "table": asked.table(reach_of(request.user)),
            "ways": By.choices,
        }
        return TemplateResponse(request, "admin/programme/impact.html", values)

    def csv_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The same table as a file."""
        asked = _asked(request, str(pk))
        name = f"impact-{asked.country.code}-{asked.year}-{asked.by}-staff"
        return csv_response(impact_csv(asked.table(reach_of(request.user))), name)


def _asked(request: HttpRequest, pk: str) -> AskedImpact:
    if not can_see_impact(request.user) or request.method not in ("GET", "HEAD"):
        raise PermissionDenied
    country = Region.objects.countries().filter(pk=pk).first() if pk.isdecimal() else None
    asked = asked_impact({**request.GET.dict(), "country": country.code}) if country else None
    if asked is None:
        raise Http404
    return asked
