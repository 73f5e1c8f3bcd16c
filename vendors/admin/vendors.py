"""The page of a group in Django admin: decisions, facts, members, history."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Case, F, Value, When
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib.decision_admin import Decision, EventInline, StateFilter
from people.models import User
from vendors.admin.application import ApplicationAdmin
from vendors.effects import effect_of
from vendors.errors import ApplicationError, LastChair, ReasonMissing
from vendors.models import Membership, Partner, VendorEvent
from vendors.policies import can_decide_vendor
from vendors.services import decisions
from vendors.services.members import remove_member, set_member

State = Partner.State


class MemberFormSet(BaseInlineFormSet):
    """Members of one group, among them at least one chair."""

    def clean(self) -> None:
        """Refuse to leave a group with members but without a chair."""
        super().clean()
        kept = [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        gone = any((getattr(form, "cleaned_data", None) or {}).get("DELETE") for form in self.forms)
        if (kept or gone) and Membership.Role.CHAIR not in {row.get("role") for row in kept}:
            raise ValidationError(_("A group keeps at least one chair."))


class MembershipInline(admin.TabularInline):
    """Who works for the group."""

    model = Membership
    formset = MemberFormSet
    extra = 0
    autocomplete_fields = ("user",)


class VendorEventInline(EventInline):
    """Decisions about the group."""

    model = VendorEvent


def _approve(row: Any, actor: Any, reason: str) -> bool:
    return decisions.approve(row, actor=actor, reason=reason, seen=getattr(row, "seen_version", ""))


@admin.register(Partner)
class VendorAdmin(ApplicationAdmin):
    """Groups; those that wait for a decision come first, the oldest at the top."""

    queue_state = State.APPLIED
    queue_field = "submitted_at"
    refusals = (ReasonMissing, ApplicationError)
    decisions = (
        Decision(
            "approve",
            _("Approve"),
            frozenset({State.APPLIED}),
            _approve,
            effect=effect_of(State.APPROVED).lines,
            key="a",
            in_bulk=False,
        ),
        Decision(
            "return_with_remarks",
            _("Return with remarks"),
            frozenset({State.APPLIED}),
            lambda row, actor, reason: decisions.return_with_remarks(row, actor=actor, reason=reason),
            needs_reason=True,
            effect=effect_of(State.RETURNED).lines,
            key="c",
        ),
        Decision(
            "suspend",
            _("Suspend"),
            frozenset({State.APPROVED}),
            lambda row, actor, reason: decisions.suspend(row, actor=actor, reason=reason),
            needs_reason=True,
            effect=effect_of(State.SUSPENDED).lines,
        ),
        Decision(
            "reinstate",
            _("Reinstate"),
            frozenset({State.SUSPENDED}),
            lambda row, actor, reason: decisions.reinstate(row, actor=actor, reason=reason),
            effect=effect_of(State.APPROVED).lines,
        ),
        Decision(
            "close",
            _("Close for good"),
            frozenset(State) - {State.CLOSED},
            lambda row, actor, reason: decisions.close(row, actor=actor, reason=reason),
            needs_reason=True,
            effect=effect_of(State.CLOSED).lines,
            key="r",
        ),
    )
    list_display = ("name", "home_region", "kind", "state", "submitted_at", "approved_at")
    list_select_related = ("home_region",)
    list_filter = (StateFilter, "kind", "is_example", ("home_region__level", admin.AllValuesFieldListFilter))
    search_fields = ("name", "code", "home_region__name", "email", "phone")
    ordering = (
        Case(When(state=State.APPLIED, then=Value(0)), default=Value(1)),
        F("submitted_at").asc(nulls_last=True),
        "pk",
    )
    raw_id_fields = ("home_region",)
    readonly_fields = ("code", "state", "submitted_at", "approved_at", "created_at", "is_example")
    inlines = (MembershipInline, VendorEventInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "code",
                    "kind",
                    "home_region",
                    "registration_number",
                    "state",
                    "submitted_at",
                    "approved_at",
                    "created_at",
                    "is_example",
                )
            },
        ),
        (
            _("For shoppers"),
            {
                "fields": (
                    "summary",
                    "story",
                    "member_count",
                    "household_count",
                    "closed_from",
                    "closed_until",
                    "closure_message",
                )
            },
        ),
        (_("Contact"), {"fields": ("email", "phone", "language", "address", "food_licence")}),
    )

    def saw(self, row: Any, version: str) -> None:
        """As what it was read."""
        row.seen_version = version

    def may_decide(self, user: Any) -> bool:
        """Staff with the right to decide about groups, and officers with that role."""
        return can_decide_vendor(user)

    def may_decide_about(self, user: Any, row: Any) -> bool:
        """Officers in their places."""
        return can_decide_vendor(user, row)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A group that is entered here has applied at this moment, and waits like the others."""
        if obj.state == State.APPLIED and obj.submitted_at is None:
            obj.submitted_at = timezone.now()
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Members go through the services, which keep a chair, write events and tell the people."""
        if formset.model is not Membership:
            super().save_formset(request, form, formset, change)
            return
        kept = formset.save(commit=False)
        before = dict(Membership.objects.filter(pk__in=[row.pk for row in kept]).values_list("pk", "user"))
        leaving = [row.user for row in formset.deleted_objects]
        leaving += User.objects.filter(
            pk__in=[before[row.pk] for row in kept if row.pk in before and before[row.pk] != row.user_id]
        )
        try:
            # Chairs come first, so that the old one may go in the same step.
            for row in sorted(kept, key=lambda row: row.role != Membership.Role.CHAIR):
                set_member(row.vendor, row.user, role=row.role, actor=request.user)
            for person in leaving:
                remove_member(form.instance, person, actor=request.user)
        except LastChair:
            messages.error(request, _("A group keeps at least one chair."))

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """The public page, where there is one."""
        return super().get_view_on_site_url(obj) if obj is None or obj.state == State.APPROVED else None

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        """No history on a group that is being entered."""
        return list(self.inlines) if obj is not None else [MembershipInline]
