"""The ledger in Django admin, to read."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from marketplace.lib.read_only_admin import ReadOnlyAdmin, ReadOnlyInline
from payments.models import LedgerEntry, LedgerPosting


class LedgerEntryInline(ReadOnlyInline):
    """The entries of a posting; they sum to zero."""

    model = LedgerEntry
    fields = ("account", "vendor", "amount")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Entries with their groups, debit first."""
        return super().get_queryset(request).select_related("vendor").order_by("-amount", "pk")


@admin.register(LedgerPosting)
class LedgerPostingAdmin(ReadOnlyAdmin):
    """Money events as the ledger holds them."""

    list_display = ("posted_at", "kind", "source_type", "source_id", "currency")
    list_filter = ("kind", "source_type", "currency")
    search_fields = ("=source_id", "kind")
    date_hierarchy = "posted_at"
    ordering = ("-posted_at", "-pk")
    fields = ("posted_at", "kind", "source_type", "source_id", "currency")
    readonly_fields = fields
    inlines = (LedgerEntryInline,)
