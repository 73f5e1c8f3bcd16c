"""Payment attempts in Django admin, to read."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marketplace.lib.money import format_money
from marketplace.lib.read_only_admin import ReadOnlyAdmin, ReadOnlyInline
from payments.admin import words
from payments.models import PaymentAttempt, Refund


class RefundInline(ReadOnlyInline):
    """Money that goes back from this attempt."""

    model = Refund
    fields = ("amount", "currency", "reason", "state", "tries", "last_error", "provider_id", "created_at")
    readonly_fields = fields


@admin.register(PaymentAttempt)
class PaymentAttemptAdmin(ReadOnlyAdmin):
    """Tries to collect an order's total."""

    list_display = ("created_at", "order_number", "provider", "state", "asked", "received", "age", "remark")
    list_select_related = ("order",)
    list_filter = ("state", "provider", "currency")
    search_fields = (
        "order__number__istartswith",
        "session_id__startswith",
        "payment_intent_id__startswith",
        "charge_id__startswith",
    )
    search_help_text = _("Number of an order, or the provider's number of session, payment or charge.")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
    fields = (
        "order_link",
        "provider",
        "state",
        "asked",
        "received",
        "remark",
        "reference",
        "key",
        "session_id",
        "payment_intent_id",
        "charge_id",
        "created_at",
        "expires_at",
        "settled_at",
    )
    readonly_fields = fields
    inlines = (RefundInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Attempts with their orders."""
        return super().get_queryset(request).select_related("order")

    @admin.display(description=_("order"), ordering="order__number")
    def order_number(self, attempt: PaymentAttempt) -> str:
        """Number of the order."""
        return str(attempt.order.number)

    @admin.display(description=_("order"))
    def order_link(self, attempt: PaymentAttempt) -> SafeString:
        """The way to the order."""
        return words.order_link(attempt.order)

    @admin.display(description=_("amount"), ordering="amount")
    def asked(self, attempt: PaymentAttempt) -> str:
        """What was asked for."""
        return format_money(attempt.amount, attempt.currency)

    @admin.display(description=_("received"), ordering="amount_received")
    def received(self, attempt: PaymentAttempt) -> str:
        """What came in."""
        return format_money(attempt.amount_received, attempt.currency)

    @admin.display(description=_("age"), ordering="-created_at")
    def age(self, attempt: PaymentAttempt) -> str:
        """How long ago it was begun."""
        return words.age(attempt.created_at)
