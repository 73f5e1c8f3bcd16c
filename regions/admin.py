"""Places, schemes, identified products and protected names in Django admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from regions.models import (
    GeographicalIndication,
    GiParty,
    IdentifiedProduct,
    Region,
    RegionAlias,
    RegionRole,
    Scheme,
)


class RegionAliasInline(admin.TabularInline):
    """The other names of a place, on its page."""

    model = RegionAlias
    extra = 0


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin):
    """Places; the tree and the codes come from the reference data, names and remarks may be corrected here."""

    list_display = ("code", "name", "local_name", "level", "parent", "has_point")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("code", "name", "local_name", "aliases__alias")
    ordering = ("path",)
    inlines = (RegionAliasInline,)
    readonly_fields = ("code", "level", "parent", "path", "lgd_code", "coordinate_basis", "name_source")
    fieldsets = (
        (None, {"fields": ("name", "local_name", "local_language", "status_note")}),
        (_("Point"), {"fields": ("latitude", "longitude", "coordinate_basis")}),
        (
            _("From the reference data"),
            {"fields": ("code", "level", "parent", "path", "lgd_code", "name_source")},
        ),
    )

    @admin.display(boolean=True, description=_("point"), ordering="latitude")
    def has_point(self, region: Region) -> bool:
        """Whether the place is somewhere."""
        return region.latitude is not None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A place needs its line in the reference data: codes, map and lists hang on it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Region | None = None) -> bool:
        """A place that was abolished stays, with a remark: orders and listings name it."""
        return False


@admin.register(RegionRole)
class RegionRoleAdmin(admin.ModelAdmin):
    """In which places officers work, and whether they decide there."""

    list_display = ("person", "region", "may_decide", "created_at")
    list_filter = ("may_decide", "region__level")
    list_select_related = ("person", "region")
    search_fields = ("person__name", "region__name", "region__code")
    autocomplete_fields = ("person", "region")


@admin.register(Scheme)
class SchemeAdmin(admin.ModelAdmin):
    """Programmes that name products; the reference data refers to them by code."""

    list_display = ("code", "name", "country")
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
