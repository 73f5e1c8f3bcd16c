"""The ledger in Django admin, to read."""

import csv
from io import StringIO
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from marketplace.lib.downloads import csv_response
from marketplace.lib.read_only_admin import ReadOnlyAdmin, ReadOnlyInline
from payments.admin.statements import statement_urls
from payments.models import LedgerEntry, LedgerPosting

COLUMNS = (
    "posted_at",
    "posting",
    "kind",
    "source",
    "source_number",
    "account",
    "group",
    "vendor_order",
    "currency",
    "amount",
)


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
    actions = ("export",)
    change_list_template = "admin/payments/ledgerposting/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        """The pages of the list, and the statements of groups."""
        return [*statement_urls(), *super().get_urls()]

    @admin.action(description=_("Export the entries as CSV"), permissions=["view"])
    def export(self, request: HttpRequest, queryset: QuerySet[LedgerPosting]) -> HttpResponse:
        """The entries of the chosen postings, or of all that the list finds, oldest first."""
        entries = LedgerEntry.objects.filter(posting__in=queryset.order_by())
        rows = entries.order_by("posting__posted_at", "posting_id", "pk").values_list(
            "posting__posted_at",
            "posting_id",
            "posting__kind",
            "posting__source_type",
            "posting__source_id",
            "account",
            "vendor_id",
            "vendor_order__number",
            "currency",
            "amount",
        )
        file = StringIO()
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        # Numbers and our own words only: nothing that somebody typed, so nothing that a spreadsheet would run.
        writer.writerows(rows.iterator(chunk_size=2000))
        return csv_response(file.getvalue(), "ledger")
