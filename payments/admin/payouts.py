"""Payouts in Django admin: what each is made of, how it travels, and who is not paid and why."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from marketplace.lib.money import format_money
from marketplace.lib.read_only_admin import ReadOnlyAdmin, ReadOnlyInline
from payments.admin import words
from payments.models import Payout, PayoutItem, Transfer, TransferReversal
from payments.selectors.payouts import waiting_groups


class PayoutItemInline(ReadOnlyInline):
    """The ledger entries of a payout, its own debit among them."""

    model = PayoutItem
    fields = ("sale", "kind", "amount", "is_void")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Items with what they are about."""
        related = super().get_queryset(request).select_related("entry__posting", "entry__vendor_order")
        return related.order_by("entry__vendor_order_id", "entry_id")

    @admin.display(description=gettext_lazy("sale"))
    def sale(self, item: PayoutItem) -> str:
        """Number of the vendor order."""
        return item.entry.vendor_order.number if item.entry.vendor_order else "-"

    @admin.display(description=gettext_lazy("what"))
    def kind(self, item: PayoutItem) -> str:
        """The money event."""
        return str(item.entry.posting)

    @admin.display(description=gettext_lazy("owed to the group"))
    def amount(self, item: PayoutItem) -> str:
        """What it adds to the payout; the ledger's credit is what is owed."""
        return format_money(-item.entry.amount, item.entry.currency)


class TransferInline(ReadOnlyInline):
    """The transfers of a payout."""

    model = Transfer
    fields = ("vendor_order", "amount", "amount_reversed", "state", "tries", "last_error", "provider_id")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Transfers with their sales."""
        return super().get_queryset(request).select_related("vendor_order")


@admin.register(Payout)
class PayoutAdmin(ReadOnlyAdmin):
    """Money to groups."""

    change_list_template = "admin/payments/payout/change_list.html"
    list_display = (
        "created_at",
        "vendor",
        "sum_amount",
        "state",
        "age",
        "account",
        "bank_reference",
        "remark",
    )
    list_select_related = ("vendor", "account")
    list_filter = ("state", "currency", "account__rail")
    search_fields = ("vendor__name", "vendor__code", "bank_reference", "batch__number", "=pk")
    search_help_text = gettext_lazy(
        "Name of a group, number of a batch, the bank's number, or ours without PO."
    )
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
    fields = (
        "vendor",
        "account",
        "sum_amount",
        "state",
        "batch",
        "bank_reference",
        "bank_day",
        "remark",
        "created_at",
        "ended_at",
    )
    readonly_fields = fields
    inlines = (TransferInline, PayoutItemInline)

    def get_urls(self) -> list[URLPattern]:
        """The pages of the list, and the one of groups that are not paid."""
        waiting = self.admin_site.admin_view(require_safe(self.waiting_view))
        return [path("waiting/", waiting, name="payments_payout_waiting"), *super().get_urls()]

    def waiting_view(self, request: HttpRequest) -> HttpResponse:
        """Groups that a run made now would leave out, with what they are due and why."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Who is not paid, and why"),
            "opts": self.opts,
            "rows": waiting_groups(timezone.now()),
        }
        return TemplateResponse(request, "admin/payments/payout/waiting.html", context)

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def sum_amount(self, payout: Payout) -> str:
        """What the group gets."""
        return format_money(payout.amount, payout.currency)

    @admin.display(description=gettext_lazy("age"), ordering="-created_at")
    def age(self, payout: Payout) -> str:
        """How long ago it was planned."""
        return words.age(payout.created_at)


class ReversalInline(ReadOnlyInline):
    """What was taken back of a transfer."""

    model = TransferReversal
    fields = ("created_at", "amount", "state", "tries", "last_error", "provider_id")
    readonly_fields = fields


@admin.register(Transfer)
class TransferAdmin(ReadOnlyAdmin):
    """Transfers to connected accounts, and what was taken back of them."""

    list_display = (
        "created_at",
        "sale",
        "sum_amount",
        "amount_reversed",
        "state",
        "age",
        "tries",
        "last_error",
    )
    list_select_related = ("vendor_order",)
    list_filter = ("state", "currency")
    search_fields = ("vendor_order__number", "provider_id", "charge_id", "key")
    search_help_text = gettext_lazy(
        "Number of a vendor order, or the provider's number of transfer or charge."
    )
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
    fields = (
        "payout",
        "vendor_order",
        "sum_amount",
        "amount_reversed",
        "state",
        "tries",
        "last_error",
        "next_try_at",
        "asked_at",
        "key",
        "provider_id",
        "charge_id",
        "created_at",
    )
    readonly_fields = fields
    inlines = (ReversalInline,)

    @admin.display(description=gettext_lazy("sale"), ordering="vendor_order__number")
    def sale(self, transfer: Transfer) -> str:
        """Number of the vendor order."""
        return transfer.vendor_order.number

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def sum_amount(self, transfer: Transfer) -> str:
        """What was sent."""
        return format_money(transfer.amount, transfer.currency)

    @admin.display(description=gettext_lazy("age"), ordering="-created_at")
    def age(self, transfer: Transfer) -> str:
        """How long ago it was planned."""
        return words.age(transfer.created_at)
