"""Nominations in Django admin, to be read."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from marketplace.lib.decision_admin import EventInline
from marketplace.lib.read_only_admin import ReadOnlyAdmin, ReadOnlyInline, SeenWithPage
from regions.models import Nomination, NominationEvent, NominationVersion
from regions.scoped_admin import ScopedAdmin


class VersionInline(ReadOnlyInline):
    """What was handed in, each time, the newest first."""

    model = NominationVersion
    fields = (
        "version",
        "by",
        "created_at",
        "name",
        "category",
        "ecosystem",
        "export_list",
        "gi",
        "other_grounds",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With who handed it in, and the protected name."""
        return super().get_queryset(request).select_related("by", "gi", "replaces")


class NominationEventInline(SeenWithPage, EventInline):
    """The history."""

    model = NominationEvent


@admin.register(Nomination)
class NominationAdmin(ScopedAdmin, ReadOnlyAdmin):
    """What places propose, and what became of it."""

    region_path = "region__path"
    list_display = ("name", "region", "scheme", "state", "version", "handed_in_at", "effective_on")
    list_filter = ("state", "scheme")
    list_select_related = ("region", "scheme")
    search_fields = ("name", "region__name", "region__code")
    inlines = (VersionInline, NominationEventInline)
