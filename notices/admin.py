"""Notices in Django admin: read only, so that an officer can answer "was I told?"."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from notices.models import Notice


@admin.register(Notice)
class NoticeAdmin(admin.ModelAdmin):
    """Delivery log; contacts are shown on the page of one notice only."""

    list_display = ("created_at", "kind", "channel", "state", "tries", "sent_at", "last_error")
    list_filter = ("state", "channel", "kind")
    search_fields = ("key", "address")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Notices are queued by services only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A notice that was sent cannot be rewritten."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A notice is never lost."""
        return False
