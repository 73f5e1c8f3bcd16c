"""Changes of listings on sale in Django admin: what stands and what is wanted, side by side, and the decisions."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalogue.errors import ListingError
from catalogue.models import ListingChange, ListingChangeEvent
from catalogue.policies import can_review
from catalogue.selectors.changes import field_diffs, field_words
from catalogue.services import change_review
from marketplace.lib.decision_admin import DecidedAsRead, Decision, DecisionAdmin, EventInline, StateFilter
from regions.scoped_admin import ScopedAdmin
from vendors.errors import ReasonMissing

State = ListingChange.State


class ListingChangeEventInline(EventInline):
    """Steps of the change."""

    model = ListingChangeEvent


def _approve(row: Any, actor: Any, reason: str) -> bool:
    return change_review.approve(row, actor, version=row.seen_version, reason=reason)


def _ask_for_changes(row: Any, actor: Any, reason: str) -> bool:
    fields = row.asked_fields
    return change_review.ask_for_changes(row, actor, reason, version=row.seen_version, fields=fields)


def _reject(row: Any, actor: Any, reason: str) -> bool:
    return change_review.reject(row, actor, reason, version=row.seen_version)


@admin.register(ListingChange)
class ListingChangeAdmin(DecidedAsRead, ScopedAdmin, DecisionAdmin):
    """Changes that wait, what waits longest first; each is read before it is decided about."""

    region_path = "listing__vendor__home_region__path"
    queue_state = State.SUBMITTED
    queue_field = "submitted_at"
    refusals = (ReasonMissing, ListingError)
    change_form_template = "admin/catalogue/listingchange/change_form.html"
    decisions = (
        Decision("approve", _("Approve"), frozenset({State.SUBMITTED}), _approve, key="a"),
        Decision(
            "ask_for_changes",
            _("Ask for changes"),
            frozenset({State.SUBMITTED}),
            _ask_for_changes,
            needs_reason=True,
            key="c",
        ),
        Decision("reject", _("Reject"), frozenset({State.SUBMITTED}), _reject, needs_reason=True, key="r"),
    )
    list_display = ("listing", "vendor", "fields_changed", "state", "submitted_at")
    list_select_related = ("listing__vendor__home_region",)
    list_filter = (StateFilter,)
    search_fields = ("listing__title", "listing__vendor__name")
    ordering = ("submitted_at", "pk")
    fields = ("on_sale", "vendor", "state", "submitted_at", "created_at")
    readonly_fields = fields
    inlines = (ListingChangeEventInline,)

    def may_decide(self, user: Any) -> bool:
        """Staff with the right to review listings, and officers with that role."""
        return can_review(user)

    def may_decide_about(self, user: Any, row: Any) -> bool:
        """Officers in their places."""
        return can_review(user, row.listing.vendor)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Changes are proposed by groups."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A proposal is the group's; a moderator asks for another."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """What was sent; what a group still writes is its own."""
        rows: Any = super().get_queryset(request)
        return rows.exclude(submitted_at=None).select_related("listing__vendor__home_region")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """None: a change is decided where it can be read."""
        return {}

    def take_in(self, request: HttpRequest, row: Any) -> None:
        """Besides the version the fields that the note is about."""
        super().take_in(request, row)
        row.asked_fields = request.POST.getlist("fields")

    def page_context(self, row: Any) -> dict[str, Any]:
        """Besides the version the fields side by side, each of which a note may be about."""
        diffs = field_diffs(row)
        fields = [(diff.name, diff.label) for diff in diffs]
        return {**super().page_context(row), "diffs": diffs, "decision_fields": fields}

    @admin.display(description=_("group"), ordering="listing__vendor__name")
    def vendor(self, change: ListingChange) -> str:
        """Whose listing it is."""
        return str(change.listing.vendor.name)

    @admin.display(description=_("what changes"))
    def fields_changed(self, change: ListingChange) -> str:
        """Names of the fields."""
        return ", ".join(field_words(change.proposed))

    @admin.display(description=_("listing on sale"))
    def on_sale(self, change: ListingChange) -> SafeString:
        """The listing as shoppers see it."""
        return format_html('<a href="{}">{}</a>', change.listing.get_absolute_url(), change.listing.title)
