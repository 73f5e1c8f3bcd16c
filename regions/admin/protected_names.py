"""Protected names and their register in Django admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from regions.models import GeographicalIndication, GiParty


class GiPartyInline(admin.TabularInline):
    """Registered proprietors and authorised users, as the register names them."""

    model = GiParty
    extra = 0


@admin.register(GiParty)
class GiPartyAdmin(admin.ModelAdmin):
    """The register of protected names: proprietors (Part A) and authorised users (Part B), kept by staff."""

    list_display = ("gi", "part", "name", "number", "on", "until")
    list_filter = ("part",)
    list_select_related = ("gi",)
    search_fields = ("name", "number", "gi__name")
    autocomplete_fields = ("gi",)


@admin.register(GeographicalIndication)
class GeographicalIndicationAdmin(admin.ModelAdmin):
    """Protected names of origin."""

    list_display = ("name", "serial", "country", "goods_class", "places", "year", "status")
    list_filter = ("country", "goods_class", "status", "registered_window")
    search_fields = ("name", "=serial", "application_number", "states", "regions__name", "parties__name")
    autocomplete_fields = ("regions",)
    inlines = (GiPartyInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[GeographicalIndication]:
        """With the places, which the list shows."""
        found: QuerySet[GeographicalIndication, Any] = super().get_queryset(request)
        return found.prefetch_related("regions")

    @admin.display(description=_("places"))
    def places(self, gi: GeographicalIndication) -> str:
        """Names of its places."""
        return ", ".join(region.name for region in gi.regions.all())
