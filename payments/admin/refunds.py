"""Refunds in Django admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marketplace.lib.money import format_money
from marketplace.lib.read_only_admin import ReadOnlyAdmin
from payments.admin import words
from payments.models import Refund


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    """Money on its way back."""

    list_display = (
        "created_at",
        "order_number",
        "sum_amount",
        "reason",
        "state",
        "age",
        "tries",
        "last_error",
    )
    list_select_related = ("attempt__order",)
    list_filter = ("state", "reason", "currency")
    search_fields = ("attempt__order__number", "provider_id", "key")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
    fields = (
        "order_link",
        "attempt",
        "sum_amount",
        "reason",
        "state",
        "tries",
        "last_error",
        "next_try_at",
        "provider_id",
        "key",
        "created_at",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Refunds with attempts and orders."""
        return super().get_queryset(request).select_related("attempt__order")

    @admin.display(description=_("order"), ordering="attempt__order__number")
    def order_number(self, refund: Refund) -> str:
        """Number of the order."""
        return str(refund.attempt.order.number)

    @admin.display(description=_("order"))
    def order_link(self, refund: Refund) -> SafeString:
        """The way to the order."""
        return words.order_link(refund.attempt.order)

    @admin.display(description=_("amount"), ordering="amount")
    def sum_amount(self, refund: Refund) -> str:
        """What goes back."""
        return format_money(refund.amount, refund.currency)

    @admin.display(description=_("age"), ordering="-created_at")
    def age(self, refund: Refund) -> str:
        """How long ago it was decided."""
        return words.age(refund.created_at)
