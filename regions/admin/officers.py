"""Officers' places in Django admin."""

from django.contrib import admin

from regions.models import RegionRole


@admin.register(RegionRole)
class RegionRoleAdmin(admin.ModelAdmin):
    """In which places officers work, and whether they decide there."""

    list_display = ("person", "region", "may_decide", "created_at")
    list_filter = ("may_decide", "region__level")
    list_select_related = ("person", "region")
    search_fields = ("person__name", "region__name", "region__code")
    autocomplete_fields = ("person", "region")
