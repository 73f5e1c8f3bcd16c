"""Commission rules and tax rates in Django admin: what has begun ends, and another follows; nothing is rewritten."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.lib.dates import TIME_ZONES, today_in
from marketplace.lib.read_only_admin import PatientChangeList
from orders.models import CommissionRule, TaxRate
from orders.models.rates import DatedRate


class DatedRateForm(forms.ModelForm):
    """A rate that reaches back to no sale: those that are made have frozen theirs, and their papers name its tax."""

    def clean_valid_from(self) -> date:
        """A first day that has not passed."""
        day: date = self.cleaned_data["valid_from"]
        if day < _today():
            raise ValidationError(
                _("What was sold before today keeps the rate of its day. Give today or a later day.")
            )
        return day

    def clean_valid_until(self) -> date | None:
        """A last day on which no sale can have been made at another rate already."""
        day: date | None = self.cleaned_data["valid_until"]
        if day and "valid_until" in self.changed_data and day < _today() - timedelta(days=1):
            raise ValidationError(
                _("Sales since then were made at this rate. Give yesterday or a later day as its last.")
            )
        return day


class DatedRateAdmin(admin.ModelAdmin):
    """A rate is edited and deleted before its first day only; later its last day and note may still be set."""

    form = DatedRateForm
    date_hierarchy = "valid_from"
    readonly_fields = ("created_at",)
    show_full_result_count = False
    list_per_page = 50

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The list that no address breaks."""
        return PatientChangeList

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """All but the end and the note once the rate has begun."""
        fields = list(super().get_readonly_fields(request, obj))
        if obj is None or not _has_begun(obj):
            return fields
        kept = {"valid_until", "note", *fields}
        return [*fields, *(str(name) for name in self.fields or () if name not in kept)]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Sales may have been made at a rate that has begun."""
        return super().has_delete_permission(request, obj) and (obj is None or not _has_begun(obj))

    @admin.display(description=_("rate"), ordering="rate")
    def percent(self, row: DatedRate) -> str:
        """The rate as people say it."""
        return f"{row.rate * 100:f}".rstrip("0").rstrip(".") + " %"


@admin.register(CommissionRule)
class CommissionRuleAdmin(DatedRateAdmin):
    """Who pays how much commission, from when to when."""

    list_display = ("percent", "vendor", "category", "product", "valid_from", "valid_until", "note")
    list_display_links = ("percent", "vendor")
    list_select_related = ("vendor", "category", "product")
    search_fields = ("vendor__name", "category__name", "product__title", "note")
    raw_id_fields = ("vendor", "category", "product")
    fields = ("vendor", "category", "product", "rate", "valid_from", "valid_until", "note", "created_at")


@admin.register(TaxRate)
class TaxRateAdmin(DatedRateAdmin):
    """What each country takes, from when to when."""

    list_display = ("percent", "name", "country", "kind", "category", "valid_from", "valid_until", "note")
    list_filter = ("country", "kind")
    list_select_related = ("category",)
    raw_id_fields = ("category",)
    fields = (
        "country",
        "kind",
        "category",
        "name",
        "rate",
        "valid_from",
        "valid_until",
        "note",
        "created_at",
    )


def _today() -> date:
    """The day that it still is somewhere in the programme."""
    return min(today_in(country) for country in TIME_ZONES)


def _has_begun(row: DatedRate) -> bool:
    """Whether its first day has come anywhere in the programme."""
    return row.has_begun(max(today_in(country) for country in TIME_ZONES))
