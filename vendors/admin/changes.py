"""Changes of the pages of groups in Django admin; they are decided in the queue, where old and new stand beside each other."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marketplace.lib.decision_admin import DecidedAsRead, Decision, DecisionAdmin, EventInline, StateFilter
from marketplace.lib.read_only_admin import ReadOnlyAdmin, SeenWithPage
from regions.scoped_admin import ScopedAdmin
from vendors.errors import ApplicationError, ReasonMissing
from vendors.models import GroupChange, GroupChangeEvent
from vendors.policies import can_decide_vendor
from vendors.services import group_changes

State = GroupChange.State
_WAITING = frozenset({State.WAITING})


class GroupChangeEventInline(SeenWithPage, EventInline):
    """Steps of the change."""

    model = GroupChangeEvent


def _approve(row: Any, actor: Any, reason: str) -> bool:
    return group_changes.approve(row, actor, version=row.seen_version, reason=reason)


def _ask_for_changes(row: Any, actor: Any, reason: str) -> bool:
    return group_changes.ask_for_changes(row, actor, reason, version=row.seen_version)


def _reject(row: Any, actor: Any, reason: str) -> bool:
    return group_changes.reject(row, actor, reason, version=row.seen_version)


@admin.register(GroupChange)
class GroupChangeAdmin(DecidedAsRead, ScopedAdmin, ReadOnlyAdmin, DecisionAdmin):
    """Changes that wait, what waits longest first; each is read before it is decided about."""

    region_path = "vendor__home_region__path"
    queue_state = State.WAITING
    queue_field = "submitted_at"
    refusals = (ReasonMissing, ApplicationError)
    decisions = (
        Decision("approve", _("Approve"), _WAITING, _approve, key="a"),
        Decision(
            "ask_for_changes", _("Ask for changes"), _WAITING, _ask_for_changes, needs_reason=True, key="c"
        ),
        Decision(
            "reject",
            _("Reject"),
            _WAITING,
            _reject,
            needs_reason=True,
            effect=[(_("Page"), _("stays as it was; new photos and people are taken away"))],
            key="r",
        ),
    )
    list_display = ("vendor", "place", "state", "submitted_at")
    list_select_related = ("vendor__home_region",)
    list_filter = (StateFilter,)
    search_fields = ("vendor__name", "vendor__code")
    ordering = ("submitted_at", "pk")
    fields = ("page", "state", "submitted_at", "words", "new_photos", "new_people")
    readonly_fields = fields
    inlines = (GroupChangeEventInline,)

    def may_decide(self, user: Any) -> bool:
        """Staff with the right to decide about groups, and officers with that role."""
        return can_decide_vendor(user)

    def may_decide_about(self, user: Any, row: Any) -> bool:
        """Officers in their places."""
        return can_decide_vendor(user, row.vendor)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the groups and their places."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("vendor__home_region")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """None: a change is decided where it can be read."""
        return {}

    @admin.display(description=_("place"))
    def place(self, change: GroupChange) -> str:
        """Where the group is at home."""
        return str(change.vendor.home_region)

    @admin.display(description=_("page in the shop"))
    def page(self, change: GroupChange) -> SafeString:
        """The group as shoppers see it."""
        return format_html('<a href="{}">{}</a>', change.vendor.get_absolute_url(), change.vendor.name)

    @admin.display(description=_("words wanted"))
    def words(self, change: GroupChange) -> SafeString:
        """Every text that shall be shown."""
        return format_html_join("", "<p>{}</p>", ((text,) for text in change.proposed.values()))

    @admin.display(description=_("new photos"))
    def new_photos(self, change: GroupChange) -> SafeString:
        """Photos of the group that nobody has looked at yet."""
        rows = change.vendor.photos.filter(waits=True)
        return format_html_join(
            " ", '<img src="{}" alt="{}" width="240">', ((row.small, row.alt_text) for row in rows)
        )

    @admin.display(description=_("new people"))
    def new_people(self, change: GroupChange) -> SafeString:
        """People of whom nobody has read yet."""
        rows = change.vendor.people.filter(waits=True)
        return format_html_join("", "<p>{}: {}</p>", ((row.name, row.work) for row in rows))
