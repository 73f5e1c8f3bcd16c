"""Schemes and identified products in Django admin."""

from django.contrib import admin
from django.http import HttpRequest

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


@admin.register(IdentifiedProduct)
class IdentifiedProductAdmin(admin.ModelAdmin):
    """What schemes name for places."""

    list_display = ("name", "region", "scheme", "category", "rank", "year_of_source")
    list_filter = ("scheme", "category", "rank")
    list_select_related = ("region", "scheme")
    search_fields = ("name", "region__name", "region__code", "note")
    autocomplete_fields = ("region",)
    ordering = ("region__path", "name")
