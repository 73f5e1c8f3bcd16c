"""Reports of misuse in Django admin: the cases that wait, all that was said about one, and the decisions."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marketplace.lib.counting import count_for_each
from marketplace.lib.decision_admin import DecidedAsRead, Decision, DecisionAdmin, EventInline, StateFilter
from marketplace.lib.read_only_admin import ReadOnlyAdmin, ReadOnlyInline, SeenWithPage
from programme.errors import ReportsUnread
from programme.models import MisuseCase, MisuseEvent, MisuseReport
from programme.policies import can_decide_misuse
from programme.services import misuse
from regions.scoped_admin import ScopedAdmin
from vendors.errors import ApplicationError, ReasonMissing

_OPEN = frozenset({MisuseCase.State.OPEN})


class MisuseEventInline(SeenWithPage, EventInline):
    """What was decided."""

    model = MisuseEvent


class MisuseReportInline(ReadOnlyInline):
    """What visitors said. Who they are is not shown."""

    model = MisuseReport
    fields = ("created_at", "reason", "words", "wants_answer")
    readonly_fields = fields

    @admin.display(description=_("wants an answer"), boolean=True)
    def wants_answer(self, row: MisuseReport) -> bool:
        """Whether a contact was left; the answer goes out by itself."""
        return bool(row.contact)


@admin.register(MisuseCase)
class MisuseCaseAdmin(DecidedAsRead, ScopedAdmin, ReadOnlyAdmin, DecisionAdmin):
    """What visitors have reported, one row for each thing; what waits longest first."""

    region_path = "vendor__home_region__path"
    queue_state = MisuseCase.State.OPEN
    queue_field = "created_at"
    refusals = (ReasonMissing, ReportsUnread, ApplicationError)
    decisions = (
        Decision(
            "nothing_wrong",
            _("Nothing wrong"),
            _OPEN,
            lambda row, actor, reason: misuse.find_nothing(
                row, actor=actor, reason=reason, seen=row.seen_version
            ),
            effect=[(_("Group"), _("hears nothing")), (_("Thing"), _("stays as it is"))],
            key="a",
        ),
        Decision(
            "ask_for_changes",
            _("Ask the group to change it"),
            _OPEN,
            lambda row, actor, reason: misuse.ask_for_changes(
                row, actor=actor, reason=reason, seen=row.seen_version
            ),
            needs_reason=True,
            effect=[
                (_("Group"), _("reads your words, not who reported")),
                (_("Thing"), _("stays meanwhile")),
            ],
            # What a buyer says is not the group's to change.
            fits=lambda row: row.review_id is None,
            key="c",
        ),
        Decision(
            "take_down",
            _("Take it off"),
            _OPEN,
            lambda row, actor, reason: misuse.take_down(
                row, actor=actor, reason=reason, seen=row.seen_version
            ),
            needs_reason=True,
            effect=[
                (_("Listing"), _("is off sale at once and goes back to its group, which may mend it")),
                (_("Review"), _("is shown no longer; its buyer reads your words")),
                (_("Group's page"), _("the group is suspended, with all its listings")),
            ],
            key="r",
        ),
    )
    list_display = ("thing", "what", "vendor", "reported", "state", "created_at")
    list_select_related = ("vendor__home_region", "listing", "review__listing")
    list_filter = (StateFilter, "reports__reason")
    search_fields = ("vendor__name", "listing__title", "review__listing__title")
    ordering = ("created_at", "pk")
    fields = ("page", "what", "vendor", "state", "created_at", "decided_at")
    readonly_fields = fields
    inlines = (MisuseReportInline, MisuseEventInline)

    def may_decide(self, user: Any) -> bool:
        """Staff with that right, and officers with that role."""
        return can_decide_misuse(user)

    def may_decide_about(self, user: Any, row: Any) -> bool:
        """Officers in their places."""
        return can_decide_misuse(user, row.vendor)

    def version_of(self, row: Any) -> int:
        """How many reports the page shows: each new one is to be read before deciding."""
        return int(row.visitors)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """None: a report is decided where it can be read."""
        return {}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Cases with how many visitors reported each."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.annotate(visitors=count_for_each(MisuseReport.objects.all(), "case")).select_related(
            "vendor__home_region", *self.list_select_related
        )

    @admin.display(description=_("what"))
    def what(self, case: MisuseCase) -> str:
        """Kind of the thing."""
        return case.kind_words

    @admin.display(description=_("visitors"))
    def reported(self, case: Any) -> int:
        """How many have reported it."""
        return int(case.visitors)

    @admin.display(description=_("page in the shop"))
    def page(self, case: MisuseCase) -> SafeString:
        """The thing as shoppers see it, while they do."""
        return format_html('<a href="{}">{}</a>', case.url, case.thing)
