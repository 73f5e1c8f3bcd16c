"""All that happened, newest first; to read, to narrow and to take away as a file."""

from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from audit.documents.audit import audit_csv
from audit.forms import AuditForm
from audit.models import Change
from audit.policies import can_see_audit
from audit.selectors.audit import Asked, changes, in_pages
from audit.selectors.history import PAGE, Entry, entries_of
from audit.selectors.words import model_of
from marketplace.lib.downloads import csv_stream
from marketplace.lib.read_only_admin import ReadOnlyAdmin

# As many changes go into one file; each may be several lines.
MOST_IN_FILE = 20_000
ASKED_AT_ONCE = 500


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    """The audit. Pages go on from a moment, so that none counts the whole."""

    fields = (
        "at",
        "person",
        "on_behalf_of",
        "model",
        "row",
        "action",
        "before",
        "after",
        "reason",
        "via",
        "operation",
    )

    def get_urls(self) -> list[URLPattern]:
        """The file beside the page."""
        file = path("csv/", self.admin_site.admin_view(self.csv_view), name="audit_change_csv")
        found: list[URLPattern] = [file, *super().get_urls()]
        return found

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The centre reads it, the officers of some places do not."""
        return can_see_audit(request.user)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One page of what was asked for; with a question that cannot be read, the faults of the form and no rows."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = AuditForm(request.GET)
        rows = list(changes(Asked(**form.cleaned_data))[: PAGE + 1]) if form.is_valid() else []
        values = {
            **self.admin_site.each_context(request),
            "title": _("Audit"),
            "form": form,
            "entries": [self._linked(request, entry) for entry in entries_of(rows[:PAGE])],
            "older": _query(request, until=rows[PAGE - 1].at.isoformat()) if len(rows) > PAGE else "",
            "query": _query(request),
            "is_narrowed": any(form.cleaned_data.values()) if form.is_valid() else True,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/audit/audit.html", values)

    def _linked(self, request: HttpRequest, entry: Entry) -> Entry:
        """The entry with the way to the row, where it has a page that this person may see."""
        model = model_of(entry.model)
        about = self.admin_site._registry.get(model) if model else None
        if about is None or not about.has_view_permission(request):
            return entry
        name = f"admin:{about.opts.app_label}_{about.opts.model_name}_change"
        return replace(entry, url=reverse(name, args=[entry.row]))

    def csv_view(self, request: HttpRequest) -> HttpResponseBase:
        """The same as a file, up to a number of changes; 404 for a question that cannot be read."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = AuditForm(request.GET)
        if not form.is_valid():
            raise Http404
        pages = in_pages(changes(Asked(**form.cleaned_data)), size=ASKED_AT_ONCE, most=MOST_IN_FILE)
        return csv_stream(audit_csv(pages, most=MOST_IN_FILE), "audit")


def _query(request: HttpRequest, **changed: str) -> str:
    query = request.GET.copy()
    query.pop("until", None)
    for name, value in changed.items():
        query[name] = value
    return query.urlencode()
