"""Orders and vendor orders in Django admin, to read: they are written by services only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marketplace.lib.counting import count_for_each
from marketplace.lib.decision_admin import EventInline
from marketplace.lib.money import format_money
from marketplace.lib.read_only_admin import ReadOnlyAdmin, ReadOnlyInline, SeenWithPage
from orders.domain.numbers import read_part_number
from orders.models import (
    Line,
    Order,
    OrderEvent,
    Package,
    Shipment,
    ShippingAddress,
    VendorOrder,
    VendorOrderEvent,
)
from regions.policies import reach_of
from regions.scoped_admin import ScopedAdmin


class OrderEventInline(SeenWithPage, EventInline):
    """Moves of the order."""

    model = OrderEvent


class VendorOrderEventInline(SeenWithPage, EventInline):
    """Moves of the vendor order."""

    model = VendorOrderEvent


class LineInline(ReadOnlyInline):
    """What was ordered, as it was at the sale."""

    model = Line
    fields = ("vendor_order", "title", "size_label", "quantity", "unit_price_incl_tax", "line_price_incl_tax")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Lines with their vendor order, and with the listing by which Oscar names them."""
        rows = super().get_queryset(request).select_related("vendor_order", "product")
        return rows.order_by("vendor_order__pk", "pk")


class VendorOrderInline(ReadOnlyInline):
    """The parts of the groups."""

    model = VendorOrder
    fields = (
        "link",
        "vendor",
        "state",
        "goods_total",
        "delivery_name",
        "delivery_price",
        "total",
        "commission",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Parts with their groups."""
        return super().get_queryset(request).select_related("vendor").order_by("pk")

    @admin.display(description=_("number"))
    def link(self, part: VendorOrder) -> SafeString:
        """The way to the part's own page."""
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:order_vendororder_change", args=[part.pk]), part.number
        )


class ShipmentInline(ReadOnlyInline):
    """How the goods went."""

    model = Shipment
    fields = (
        "carrier",
        "courier_name",
        "tracking_number",
        "vehicle_number",
        "driver_name",
        "driver_phone",
        "shipped_at",
        "received_at",
    )
    readonly_fields = fields


class PackageInline(ReadOnlyInline):
    """What was packed together, and whether it has left."""

    model = Package
    fields = ("place", "packed_by", "packed_at", "shipment")
    readonly_fields = fields


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    """Orders; who bought stands on the page of one order only. Found by number, however it was typed.

    An order may hold parts of several places: whoever works in some of them only reads vendor orders.
    """

    list_display = ("number", "status", "total", "parts", "date_placed", "paid_at", "is_example")
    list_filter = ("status", "is_example", "currency")
    search_fields = ("number__istartswith",)
    search_help_text = _("Number of an order or of a vendor order.")
    date_hierarchy = "date_placed"
    ordering = ("-date_placed", "-pk")
    fields = (
        "number",
        "status",
        "total",
        "date_placed",
        "reserved_until",
        "paid_at",
        "user",
        "guest_email",
        "guest_phone",
        "address",
        "language",
        "is_example",
    )
    readonly_fields = fields
    inlines = (VendorOrderInline, LineInline, OrderEventInline)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Staff with that right who work everywhere."""
        return reach_of(request.user).is_everywhere and super().has_view_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Orders with the number of their parts."""
        return (
            super()
            .get_queryset(request)
            .annotate(part_count=count_for_each(VendorOrder.objects.all(), "order"))
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Look for the number as it is written when what was typed is one, of an order or of a part of it."""
        part = read_part_number(search_term)
        number = part.rpartition("-")[0] if part else search_term
        return super().get_search_results(request, queryset, number)

    @admin.display(description=_("total"), ordering="total_incl_tax")
    def total(self, order: Order) -> str:
        """The sum with its currency."""
        return format_money(order.total_incl_tax, order.currency)

    @admin.display(description=_("groups"), ordering="part_count")
    def parts(self, order: Order) -> int:
        """How many groups send a part of it."""
        return int(order.part_count)

    @admin.display(description=_("address"))
    def address(self, order: Order) -> str:
        """Where it goes, in one line."""
        address: ShippingAddress | None = order.shipping_address
        if address is None:
            return "-"
        phone = str(address.phone_number or "")
        words = [address.first_name, address.line1, address.line4, address.postcode, address.state]
        return ", ".join(word for word in [*words, str(address.country), phone] if word)


@admin.register(VendorOrder)
class VendorOrderAdmin(ScopedAdmin, ReadOnlyAdmin):
    """What each group fulfils."""

    region_path = "vendor__home_region__path"
    list_display = ("number", "vendor", "state", "sum_total", "delivery_name", "created_at")
    list_select_related = ("vendor",)
    list_filter = ("state", "currency")
    search_fields = ("number", "vendor__name")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
    fields = (
        "number",
        "order_link",
        "vendor",
        "state",
        "goods_total",
        "discount_total",
        "delivery_name",
        "delivery_price",
        "total",
        "currency",
        "commission_rate",
        "commission",
        "delivery_days_min",
        "delivery_days_max",
        "created_at",
    )
    readonly_fields = fields
    inlines = (LineInline, PackageInline, ShipmentInline, VendorOrderEventInline)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The way to the whole order only for those who may read it."""
        may = reach_of(request.user).is_everywhere
        return [name for name in self.fields if may or name != "order_link"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Parts with their groups and orders."""
        return super().get_queryset(request).select_related("vendor", "order")

    @admin.display(description=_("total"), ordering="total")
    def sum_total(self, part: VendorOrder) -> str:
        """The sum with its currency."""
        return format_money(part.total, part.currency)

    @admin.display(description=_("order"))
    def order_link(self, part: VendorOrder) -> SafeString:
        """The way to the whole order."""
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:order_order_change", args=[part.order_id]),
            part.order.number,
        )
