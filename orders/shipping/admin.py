"""Delivery methods in Django admin."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from orders.shipping.models import DeliveryMethod, WeightStep
from regions.scoped_admin import ScopedAdmin


class WeightSteps(admin.TabularInline):
    """Prices by weight; without any the method's price counts for every weight."""

    model = WeightStep
    extra = 1


@admin.register(DeliveryMethod)
class DeliveryMethodAdmin(ScopedAdmin, admin.ModelAdmin):
    """Ways of sending, of the programme (no group) or of one group; orders keep a copy of what they chose."""

    region_path = "vendor__home_region__path"
    inlines = (WeightSteps,)
    list_display = (
        "name",
        "vendor",
        "carrier",
        "zone",
        "price",
        "currency",
        "days_min",
        "days_max",
        "is_active",
    )
    list_select_related = ("vendor",)
    list_filter = ("carrier", "zone", "is_active")
    search_fields = ("name", "code", "vendor__name")
    raw_id_fields = ("vendor",)

    def in_reach(self, request: HttpRequest) -> Q:
        """The programme's belong to every place."""
        return Q(vendor=None) | super().in_reach(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A method is switched off rather than deleted."""
        return False
