"""Payments in Django admin, to read; no row of money is edited or deleted by hand."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from marketplace.lib.money import format_money
from marketplace.lib.read_only_admin import ReadOnlyAdmin, ReadOnlyInline
from orders.models import Order
from payments.models import LedgerEntry, LedgerPosting, PaymentAttempt, ProviderEvent, Refund
from payments.policies import can_replay_events
from payments.services import events


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
    search_fields = ("order__number", "session_id", "payment_intent_id", "charge_id")
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
        return _order_link(attempt.order)

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
        return _age(attempt.created_at)


@admin.register(ProviderEvent)
class ProviderEventAdmin(ReadOnlyAdmin):
    """What the provider told us, and what became of it. What was given up can be handled again."""

    list_display = ("received_at", "kind", "state", "age", "tries", "last_error", "event_id", "object_id")
    list_filter = ("state", "provider", "kind")
    search_fields = ("event_id", "object_id", "reference")
    date_hierarchy = "received_at"
    ordering = ("-received_at", "-pk")
    fields = (
        "provider",
        "account",
        "event_id",
        "kind",
        "object_id",
        "reference",
        "state",
        "tries",
        "last_error",
        "next_try_at",
        "occurred_at",
        "received_at",
        "handled_at",
        "is_live",
        "api_version",
        "payload",
        "headers",
    )
    readonly_fields = fields
    actions = ("replay",)

    @admin.display(description=_("age"), ordering="-received_at")
    def age(self, event: ProviderEvent) -> str:
        """How long ago it came."""
        return _age(event.received_at)

    @admin.action(description=_("Handle again"), permissions=["replay"])
    def replay(self, request: HttpRequest, queryset: QuerySet[ProviderEvent]) -> None:
        """Put the events in line again, whatever became of them; handling twice changes nothing."""
        rows = list(queryset)
        for row in rows:
            events.replay(row)
        words = ngettext(
            "%(count)d event is handled again.", "%(count)d events are handled again.", len(rows)
        )
        self.message_user(request, words % {"count": len(rows)}, messages.SUCCESS)

    def has_replay_permission(self, request: HttpRequest) -> bool:
        """Whether this person may have events handled again."""
        return can_replay_events(request.user)


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
        return _order_link(refund.attempt.order)

    @admin.display(description=_("amount"), ordering="amount")
    def sum_amount(self, refund: Refund) -> str:
        """What goes back."""
        return format_money(refund.amount, refund.currency)

    @admin.display(description=_("age"), ordering="-created_at")
    def age(self, refund: Refund) -> str:
        """How long ago it was decided."""
        return _age(refund.created_at)


class LedgerEntryInline(ReadOnlyInline):
    """The entries of a posting; they sum to zero."""

    model = LedgerEntry
    fields = ("account", "vendor", "amount")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Entries with their groups, debit first."""
        return super().get_queryset(request).select_related("vendor").order_by("-amount", "pk")


@admin.register(LedgerPosting)
class LedgerPostingAdmin(ReadOnlyAdmin):
    """Money events as the ledger holds them."""

    list_display = ("posted_at", "kind", "source_type", "source_id", "currency")
    list_filter = ("kind", "source_type", "currency")
    search_fields = ("=source_id", "kind")
    date_hierarchy = "posted_at"
    ordering = ("-posted_at", "-pk")
    fields = ("posted_at", "kind", "source_type", "source_id", "currency")
    readonly_fields = fields
    inlines = (LedgerEntryInline,)


def _order_link(order: Order) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>', reverse("admin:order_order_change", args=[order.pk]), order.number
    )


def _age(since: datetime) -> str:
    return timesince(since, depth=1)
