"""Schemes and identified products in Django admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from regions.models import IdentifiedProduct, Scheme


@admin.register(Scheme)
class SchemeAdmin(admin.ModelAdmin):
    """Programmes that name products; the reference data refers to them by code."""

    list_display = (
        "code",
        "name",
        "short_name",
        "country",
        "proposing_level",
        "recommending_level",
        "is_programme",
    )
    list_select_related = ("country",)
    search_fields = ("code", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Scheme | None = None) -> tuple[str, ...]:
        """The code of an existing scheme stays."""
        return ("code",) if obj else ()


class TimeFilter(admin.SimpleListFilter):
    """By what is the place's product today, in the days of its country."""

    title = _("time")
    parameter_name = "time"
    READS = ("standing", "coming", "ended")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Today, later, earlier."""
        return [("standing", _("named now")), ("coming", _("to come")), ("ended", _("named earlier"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Rows of that time."""
        word = self.value()
        if not word:
            return queryset
        found: QuerySet[Any] = getattr(queryset, word)() if word in self.READS else queryset.none()
        return found


@admin.register(IdentifiedProduct)
class IdentifiedProductAdmin(admin.ModelAdmin):
    """What schemes name for places, by which source and since when."""

    list_display = (
        "name",
        "region",
        "scheme",
        "category",
        "named_on",
        "ended_on",
        "listed_since",
        "edition",
        "left_list",
    )
    list_filter = (TimeFilter, "left_list", "scheme", "edition", "category", "rank")
    list_select_related = ("region", "scheme")
    readonly_fields = ("listed_since", "edition", "left_list", "nomination", "replaced_by")
    search_fields = ("name", "region__name", "region__code", "note")
    autocomplete_fields = ("region",)
    ordering = ("region__path", "name")
