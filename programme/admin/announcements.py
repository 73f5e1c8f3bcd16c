"""Announcements in Django admin, with what readers of each language will see."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marketplace.lib.decision_admin import EventInline
from programme.admin.publications import PublicationAdmin, PublicationForm
from programme.models import Announcement, AnnouncementEvent
from programme.selectors.announcements import forget


class AnnouncementForm(PublicationForm):
    """Words, days and whom they are for."""

    class Meta:
        model = Announcement
        widgets = {
            name: forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"})
            for name in ("words", "words_hi", "words_dz")
        }
        fields = (
            "audience", "region", "level", "starts_on", "ends_on", "is_dismissible", "words", "words_hi", "words_dz",
        )  # fmt: skip


class AnnouncementEventInline(EventInline):
    """When it was published and taken back."""

    model = AnnouncementEvent


@admin.register(Announcement)
class AnnouncementAdmin(PublicationAdmin):
    """Announcements, newest first."""

    form = AnnouncementForm
    list_display = ("words", "audience", "region", "level", "starts_on", "ends_on", "state")
    list_filter = ("state", "audience", "level")
    search_fields = ("words", "region__name")
    ordering = ("-starts_on", "-pk")
    readonly_fields = (*PublicationAdmin.readonly_fields, "preview")
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("audience", "region", "level", ("starts_on", "ends_on"), "is_dismissible")}),
        (_("Words"), {"fields": ("words", "words_hi", "words_dz", "preview")}),
        (None, {"fields": ("state", "published_at", "created_by")}),
    )
    inlines: ClassVar[Any] = (AnnouncementEventInline,)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Pages read the new words at once."""
        super().save_model(request, obj, form, change)
        transaction.on_commit(forget)

    @admin.display(description=_("as it was saved"))
    def preview(self, row: Announcement) -> SafeString:
        """One box for each language that has words."""
        texts = [(language, text) for language, text in row.in_all("words").items() if text]
        values = {"texts": texts, "level": row.level}
        return render_to_string("admin/programme/announcement_preview.html", values)
