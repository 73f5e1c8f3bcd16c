"""Invoices and credit notes in Django admin, to read: their numbers are given once."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from marketplace.lib.money import format_money
from marketplace.lib.read_only_admin import ReadOnlyAdmin
from payments.models import Invoice


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    """Papers of the groups, found by their number, the order's or the group."""

    list_display = ("number", "kind", "vendor", "vendor_order", "amount", "issued_at")
    list_filter = ("kind", "year")
    list_select_related = ("vendor", "vendor_order")
    search_fields = ("number", "vendor__name", "vendor_order__number")
    date_hierarchy = "issued_at"
    fields = (
        "number",
        "kind",
        "vendor",
        "vendor_order",
        "refund",
        "seller_name",
        "seller_address",
        "amount",
        "issued_at",
    )
    readonly_fields = fields

    @admin.display(description=_("total"), ordering="total")
    def amount(self, invoice: Invoice) -> str:
        """The sum with its currency."""
        return format_money(invoice.total, invoice.currency)
