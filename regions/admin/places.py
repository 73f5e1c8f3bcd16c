"""Places in Django admin."""

from functools import partial

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from regions.admin.changes import ChangesInInline, ChangesOutInline, placing_page, waiting_page
from regions.models import Region, RegionAlias, RegionChange


class RegionAliasInline(admin.TabularInline):
    """The other names of a place, on its page."""

    model = RegionAlias
    extra = 0


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin):
    """Places; the tree and the codes come from the files and from entered changes, slips in names are corrected here."""

    list_display = ("code", "name", "local_name", "level", "parent", "has_point", "ended_on")
    list_filter = ("level", ("ended_on", admin.EmptyFieldListFilter))
    list_select_related = ("parent",)
    search_fields = ("code", "name", "local_name", "aliases__alias")
    ordering = ("path",)
    inlines = (RegionAliasInline, ChangesOutInline, ChangesInInline)
    readonly_fields = (
        "ended",
        "changing",
        "code",
        "level",
        "parent",
        "path",
        "lgd_code",
        "coordinate_basis",
        "name_source",
    )
    fieldsets = (
        (None, {"fields": ("name", "local_name", "local_language", "status_note", "ended", "changing")}),
        (_("Point"), {"fields": ("latitude", "longitude", "coordinate_basis")}),
        (
            _("From the reference data"),
            {"fields": ("code", "level", "parent", "path", "lgd_code", "name_source")},
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        """The pages of what stood at places that ended, beside those of the places."""
        page = self.admin_site.admin_view(partial(placing_page, self))
        waiting = self.admin_site.admin_view(partial(waiting_page, self))
        found: list[URLPattern] = super().get_urls()
        return [
            path("<int:pk>/placing/", page, name="regions_region_placing"),
            path("waiting/", waiting, name="regions_region_waiting"),
            *found,
        ]

    @admin.display(description=_("ended on"))
    def ended(self, region: Region) -> str | SafeString:
        """The day; for a place that was split, the way to what still stands there."""
        day = date_format(region.ended_on, "j F Y") if region.ended_on else "-"
        if not region.changes.filter(kind=RegionChange.Kind.SPLIT).exists():
            return day
        url = reverse("admin:regions_region_placing", args=[region.pk])
        return format_html('{} · <a href="{}">{}</a>', day, url, _("Place what stood here"))

    @admin.display(description=_("changes"))
    def changing(self, region: Region) -> str | SafeString:
        """The way to the form in which a change is entered; a place that ended has none."""
        if region.ended_on is not None:
            return "-"
        url = reverse("admin:regions_enteredchange_add")
        return format_html(
            '<a href="{}?place={}">{}</a>', url, region.code, _("Enter a change of this place")
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
