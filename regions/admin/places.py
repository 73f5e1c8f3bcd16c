"""Places in Django admin."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from regions.models import Region, RegionAlias


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
