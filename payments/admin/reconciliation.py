"""Differences in Django admin: a queue in which each has an owner and a note, and nothing else is changed."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.lib.money import format_money
from payments.admin import words
from payments.models import Difference
from payments.services.reconciling import owners, take_over


class OpenFilter(admin.SimpleListFilter):
    """Open differences unless those that are gone, or all, are asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The words beside "open"."""
        return [("gone", _("gone")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        """The links; "all" of Django's own means open here."""
        first, *others = super().choices(changelist)
        yield {**first, "display": _("open")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Rows of the chosen state."""
        if self.value() == "all":
            return queryset
        return queryset.filter(resolved_at__isnull=self.value() != "gone")


@admin.register(Difference)
class DifferenceAdmin(admin.ModelAdmin):
    """What the nightly comparison found, oldest first. Owner and note are set here; the rest is the run's."""

    list_display = (
        "age",
        "area",
        "subject",
        "should_be",
        "is_now",
        "detail",
        "owner",
        "note",
        "last_seen_at",
    )
    list_display_links = ("subject",)
    list_select_related = ("owner",)
    list_filter = (OpenFilter, "area", "currency", ("owner", admin.RelatedOnlyFieldListFilter))
    search_fields = ("key", "subject")
    ordering = ("first_seen_at", "pk")
    list_per_page = 50
    show_full_result_count = False
    actions = None
    fields = (
        "key",
        "area",
        "subject",
        "should_be",
        "is_now",
        "detail",
        "first_seen_at",
        "last_seen_at",
        "resolved_at",
        "owner",
        "note",
    )
    readonly_fields = tuple(name for name in fields if name not in {"owner", "note"})

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Differences are found, not written."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A difference goes when both places agree."""
        return False

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """Owners are finance officers, and one there must be."""
        return super().formfield_for_foreignkey(
            db_field, request, **{**kwargs, "queryset": owners(), "required": True}
        )

    def save_model(self, request: HttpRequest, obj: Difference, form: Any, change: bool) -> None:
        """Owner and note; a run beside this may have changed the figures."""
        take_over(obj, form.cleaned_data["owner"], note=form.cleaned_data["note"])

    @admin.display(description=_("age"), ordering="-first_seen_at")
    def age(self, row: Difference) -> str:
        """How long ago it was first seen."""
        return words.age(row.first_seen_at)

    @admin.display(description=_("expected"), ordering="expected")
    def should_be(self, row: Difference) -> str:
        """What should be there."""
        return format_money(row.expected, row.currency) if row.currency else f"{row.expected:.0f}"

    @admin.display(description=_("found"), ordering="found")
    def is_now(self, row: Difference) -> str:
        """What is there."""
        return format_money(row.found, row.currency) if row.currency else f"{row.found:.0f}"
