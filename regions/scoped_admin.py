"""Django admin for rows that belong to a place: what lies outside a person's places is not there."""

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from regions.policies import reach_of


class ScopedAdmin:
    """Mixed in before the ModelAdmin. region_path: field with the path of a row's place, as "home_region__path"."""

    region_path: ClassVar[str] = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows of the person's places: for lists, searches, totals, actions, suggestions and pages alike."""
        rows: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]  # of the ModelAdmin beside
        return rows.filter(self.in_reach(request))

    def in_reach(self, request: HttpRequest) -> Q:
        """What is true of a row that lies in the person's places."""
        return reach_of(request.user).rows(self.region_path)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        # Django leads to the front page and names the number; what is outside is not found, like what never was.
        raise Http404
