"""Reports in Django admin: questions that are kept, runs of them with their progress, and the files."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from marketplace.lib.downloads import csv_file
from marketplace.lib.read_only_admin import ReadOnlyAdmin
from programme.errors import ReportRefused
from programme.forms.reports import ReportForm, RunForm
from programme.models import ReportRun, SavedReport
from programme.models.reports import kinds_for
from programme.policies import can_download, can_end_run
from programme.report_questions import filter_words
from programme.reports import KINDS
from programme.services import report_runs, reports
from regions.scoped_admin import ScopedAdmin

NEWEST = 10
ASK_AGAIN_SECONDS = 5


class _OwnOrShared(ScopedAdmin, ReadOnlyAdmin):
    """Rows that the person made, or that are shared with her or him. person_field: who made them."""

    person_field: ClassVar[str] = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """For lists, searches and pages alike."""
        return self.model._default_manager.visible_to(request.user).select_related(
            "region", self.person_field
        )

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def kind_words(self, row: Any) -> str:
        """What the kind is called."""
        return str(KINDS[row.kind].label)

    def found(self, request: HttpRequest, pk: str) -> Any:
        """The row. Raises PermissionDenied without the right to any, Http404 for what is not there for this person."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, pk)
        if row is None:
            raise Http404
        return row

    def show(self, request: HttpRequest, template: str, **values: Any) -> HttpResponse:
        """A page of ours within the admin."""
        values = {**self.admin_site.each_context(request), "opts": self.opts, **values}
        return TemplateResponse(request, f"admin/programme/{template}.html", values)


@admin.register(SavedReport)
class SavedReportAdmin(_OwnOrShared):
    """The own and the shared ones; each is run from its page."""

    list_display = ("name", "kind_words", "region", "owner", "is_shared", "changed_at")
    list_filter = ("is_shared",)
    person_field = "owner"
    search_fields = ("name",)
    ordering = ("-changed_at", "-pk")
    actions = None

    def get_urls(self) -> list[URLPattern]:
        """Besides the list and the pages: the address to which "Run now" posts."""
        run = self.admin_site.admin_view(require_POST(self.run_view))
        return [path("<int:pk>/run/", run, name="programme_savedreport_run"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may run any kind."""
        return bool(kinds_for(request.user))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Its owner; files that were made of it stay until their time."""
        return isinstance(obj, SavedReport) and obj.owner_id == request.user.pk

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Choose a kind, then fill in its form. ?from: key of a report to copy."""
        person: Any = request.user
        own = kinds_for(person)
        if not own:
            raise PermissionDenied
        pattern = self.get_object(request, request.GET.get("from", "")) if request.GET.get("from") else None
        kind = KINDS.get(pattern.kind if pattern else request.GET.get("kind", ""))
        if kind is None or kind.code not in own:
            kinds = [each for each in KINDS.values() if each.code in own]
            return self.show(request, "report_kinds", title=_("New report"), kinds=kinds)
        form = ReportForm(request.POST or None, user=person, kind=kind, report=pattern, is_new=True)
        if request.method == "POST" and form.is_valid():
            try:
                key = form.cleaned_data["key"]
                return self._to(reports.save_report(form.draft(), actor=person, form_key=key))
            except ReportRefused as refusal:
                form.add_error(None, refusal.message)
        return self.show(request, "report", title=_("New report: %(kind)s") % {"kind": kind.label}, form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The report with its newest runs; its owner changes it."""
        person: Any = request.user
        found = self.found(request, object_id)
        is_owner = found.owner_id == person.pk
        if request.method == "POST" and not is_owner:
            raise PermissionDenied
        form = None
        if is_owner:
            sent = request.POST if request.method == "POST" else None
            form = ReportForm(sent, user=person, kind=KINDS[found.kind], report=found)
            if request.method == "POST" and form.is_valid():
                try:
                    reports.change_report(found, form.draft(), actor=person)
                except ReportRefused as refusal:
                    form.add_error(None, refusal.message)
                else:
                    self.message_user(request, _("The report was changed."), messages.SUCCESS)
                    return self._to(found)
        runs = ReportRun.objects.visible_to(request.user).filter(report=found).select_related("asked_by")
        return self.show(
            request,
            "report",
            title=found.name,
            report=found,
            kind=KINDS[found.kind],
            filters=filter_words(found),
            form=form,
            run_form=RunForm(),
            runs=runs.order_by("-asked_at", "-pk")[:NEWEST],
        )

    def run_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have it made, then show the run; sent twice it is one run."""
        found = self.found(request, str(pk))
        form = RunForm(request.POST)
        if not form.is_valid():
            raise Http404
        try:
            run = reports.ask_for_run(found, actor=request.user, form_key=form.cleaned_data["key"])
        except ReportRefused as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return self._to(found)
        return HttpResponseRedirect(reverse("admin:programme_reportrun_change", args=[run.pk]))

    def _to(self, found: SavedReport) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:programme_savedreport_change", args=[found.pk]))


@admin.register(ReportRun)
class ReportRunAdmin(_OwnOrShared):
    """The own ones and those of shared reports; the newest first."""

    list_display = (
        "name",
        "kind_words",
        "region",
        "state",
        "row_count",
        "asked_by",
        "asked_at",
        "expires_at",
    )
    list_filter = ("state",)
    person_field = "asked_by"
    ordering = ("-asked_at", "-pk")
    actions = None

    def get_urls(self) -> list[URLPattern]:
        """Besides the list and the pages: the file, and the address to which the button posts."""
        file = self.admin_site.admin_view(self.file_view)
        end = self.admin_site.admin_view(require_POST(self.end_view))
        return [
            path("<int:pk>/file/", file, name="programme_reportrun_file"),
            path("<int:pk>/end/", end, name="programme_reportrun_end"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """How far it is, and the file; the page asks again by itself while the run is under way."""
        found = self.found(request, object_id)
        if request.method == "POST":
            raise PermissionDenied
        page = self.show(
            request,
            "report_run",
            title=found.name,
            run=found,
            kind=KINDS[found.kind],
            filters=filter_words(found),
            may_download=can_download(request.user, found),
            may_end=can_end_run(request.user, found) and found.state in (*ReportRun.OPEN, "done"),
            downloads=found.downloads.select_related("person").order_by("-pk")[:NEWEST],
        )
        if found.is_open:
            page["Refresh"] = str(ASK_AGAIN_SECONDS)
        return page

    def file_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The file, for whoever may have it today; each time is written down."""
        found = self.found(request, str(pk))
        if request.method != "GET" or not can_download(request.user, found):
            raise Http404
        answer = csv_file(report_runs.report_storage(), found.file, name=f"{found.kind}-{found.pk}")
        report_runs.note_download(found, actor=request.user)
        return answer

    def end_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Stop it, or remove its file."""
        found = self.found(request, str(pk))
        try:
            report_runs.end(found, actor=request.user)
        except ReportRefused as refusal:
            raise PermissionDenied from refusal
        return HttpResponseRedirect(reverse("admin:programme_reportrun_change", args=[found.pk]))
