"""Meetings of committees in Django admin: what waits for one, its decisions, and its minutes."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.lib.read_only_admin import ReadOnlyAdmin
from regions.admin.committee_sheet import CommitteeSheet
from regions.errors import NominationError, NotYourPlace
from regions.models import CommitteeMeeting, Nomination, NominationEvent, Scheme
from regions.policies import can_approve
from regions.scoped_admin import ScopedAdmin
from regions.selectors.nominations import visible_to, waiting_at_the_centre
from regions.services.committee import Outcome, decide_many
from regions.services.meetings import LONGEST_MINUTES, keep_minutes, record_meeting

MOST_ROWS = 200
State = Nomination.State


class MeetingForm(forms.Form):
    """A meeting as it was held. form_key: random; what is sent twice is one meeting."""

    scheme = forms.ModelChoiceField(
        Scheme.objects.filter(is_programme=True).select_related("country").order_by("code"),
        label=_("Scheme"),
        error_messages={"invalid_choice": _("Products are not proposed to this scheme. Choose another.")},
    )
    held_on = forms.DateField(
        label=_("Held on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Such as “Third meeting”."),
    )
    minutes = forms.CharField(
        label=_("Minutes"),
        required=False,
        max_length=LONGEST_MINUTES,
        widget=forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"}),
        help_text=_("They can be added later, and corrected; every version is kept."),
    )
    form_key = forms.CharField(max_length=40, widget=forms.HiddenInput, initial=lambda: uuid.uuid4().hex)


@admin.register(CommitteeMeeting)
class CommitteeMeetingAdmin(ScopedAdmin, ReadOnlyAdmin):
    """Meetings; each opens on what waits for its scheme."""

    region_path = "scheme__country__path"
    list_display = ("title", "scheme", "held_on", "decided", "recorded_by")
    list_filter = ("scheme",)
    list_select_related = ("scheme", "recorded_by")
    search_fields = ("title",)
    change_list_template = "admin/regions/meetings.html"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Staff with that right, and who approves by the places where she or he decides."""
        return super().has_view_permission(request, obj) or can_approve(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """As above."""
        return super().has_module_permission(request) or can_approve(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With how many decisions each has made."""
        rows = super().get_queryset(request).select_related("scheme__country", "recorded_by")
        return rows.annotate(number=Count("decisions"))

    @admin.display(description=_("decisions"))
    def decided(self, meeting: Any) -> int:
        """How many it has made."""
        return int(meeting.number)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """With the way to write one down."""
        context = {**(extra_context or {}), "may_record": can_approve(request.user)}
        return super().changelist_view(request, context)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A meeting is written down; sent twice it is one. 403: without the right for any country."""
        if not can_approve(request.user):
            raise PermissionDenied
        form = MeetingForm(request.POST if request.method == "POST" else None)
        status = 200
        if request.method == "POST" and form.is_valid():
            try:
                meeting = record_meeting(actor=request.user, **form.cleaned_data)
            except NominationError as error:
                status = 403 if isinstance(error, NotYourPlace) else 200
                form.add_error(error.field if error.field in form.fields else None, str(error.message))
            else:
                return HttpResponseRedirect(self._address(meeting))
        values = {"title": _("Write a meeting down"), "form": form}
        return self._page(request, "meeting_form", status=status, **values)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What waits for the committee, with a decision for each; what was refused comes back as it was typed.

        404: no such meeting in the person's countries. Who may not approve reads only.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        meeting = self.get_object(request, object_id)
        if meeting is None:
            raise Http404
        may_decide = can_approve(request.user, meeting.scheme.country)
        if request.method != "POST":
            return self._sheet_page(request, meeting, CommitteeSheet(), may_decide=may_decide)
        sheet = CommitteeSheet(request.POST)
        if self._write(request, meeting, sheet):
            return HttpResponseRedirect(self._address(meeting))
        status = 200 if may_decide else 403
        return self._sheet_page(request, meeting, sheet, may_decide=may_decide, status=status)

    def _write(self, request: HttpRequest, meeting: CommitteeMeeting, sheet: CommitteeSheet) -> bool:
        """Carry out what was chosen and keep the minutes, each by itself; whether nothing is left to correct."""
        try:
            outcome = decide_many(meeting, sheet.decisions(), actor=request.user)
        except NominationError as error:
            sheet.refusal = str(error.message)
            return False
        sheet.take_out(outcome)
        self._tell(request, outcome)
        is_kept = False
        try:
            is_kept = self._keep_minutes(request, meeting, sheet)
        except NominationError as error:
            sheet.minutes_refusal = str(error.message)
        if not (outcome.decided or outcome.repeated or is_kept or sheet.has_refusals):
            sheet.refusal = _("Choose a decision for a nomination, or write the minutes.")
        return not sheet.has_refusals

    def _tell(self, request: HttpRequest, outcome: Outcome) -> None:
        if outcome.decided:
            words = _("%(count)d decided.") % {"count": len(outcome.decided)}
            self.message_user(request, words, messages.SUCCESS)

    def _keep_minutes(self, request: HttpRequest, meeting: CommitteeMeeting, sheet: CommitteeSheet) -> bool:
        """Whether the form brought minutes that are others than before."""
        if not sheet.minutes.strip() and not sheet.minutes_version:
            return False
        kept = keep_minutes(
            meeting,
            sheet.minutes,
            actor=request.user,
            version=sheet.minutes_version,
            form_key=sheet.form_key,
        )
        is_new = kept.version > sheet.minutes_version
        if is_new:
            self.message_user(request, _("The minutes are kept."), messages.SUCCESS)
        sheet.minutes_version = kept.version
        return is_new

    def _sheet_page(
        self,
        request: HttpRequest,
        meeting: CommitteeMeeting,
        sheet: CommitteeSheet,
        *,
        may_decide: bool,
        status: int = 200,
    ) -> HttpResponse:
        waiting = waiting_at_the_centre(meeting.scheme).filter(pk__in=visible_to(request.user).values("pk"))
        rows = waiting.with_places().select_related("proposed_by", "recommended_by")
        rows = rows.annotate(papers=Count("files")).order_by("handed_in_at", "pk")[: MOST_ROWS + 1]
        found: list[Nomination] = list(rows)
        decided = NominationEvent.objects.filter(meeting=meeting).select_related(
            "nomination__region", "actor"
        )
        minutes = list(meeting.minutes.select_related("by"))
        if not sheet.is_sent and minutes:
            sheet.minutes, sheet.minutes_version = minutes[0].text, minutes[0].version
        values = {
            "title": f"{meeting.scheme.short_name}: {meeting}",
            "meeting": meeting,
            "sheet": sheet,
            "rows": sheet.rows(found[:MOST_ROWS]),
            "has_more": len(found) > MOST_ROWS,
            "moved": sheet.moved(found),
            "decided": [(event, State(event.to_state).label) for event in decided.order_by("pk")],
            "minutes": minutes,
            "may_decide": may_decide or sheet.is_sent,
        }
        return self._page(request, "meeting", status=status, **values)

    def _page(self, request: HttpRequest, template: str, *, status: int = 200, **values: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, **values}
        return TemplateResponse(request, f"admin/regions/{template}.html", context, status=status)

    def _address(self, meeting: CommitteeMeeting) -> str:
        return reverse("admin:regions_committeemeeting_change", args=[meeting.pk])
