"""Returns in Django admin: what the office has to decide first, with words, photos, history and the decisions."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from marketplace.lib.decision_admin import Decision, DecisionAdmin, EventInline, StateFilter
from marketplace.lib.downloads import private_picture
from marketplace.lib.read_only_admin import ReadOnlyAdmin, ReadOnlyInline, SeenWithPage
from orders.errors import OrderError
from orders.models import Return, ReturnEvent, ReturnItem, ReturnPhoto
from orders.policies import can_decide_return
from orders.services import returns
from orders.services.return_photos import photo_storage
from regions.scoped_admin import ScopedAdmin

_DISPUTED = frozenset({Return.State.DISPUTED})


def _refund_now(row: Any, actor: Any, reason: str) -> bool:
    return returns.decide_for_buyer(row, goods_stay=True, actor=actor, reason=reason)


def _send_back_first(row: Any, actor: Any, reason: str) -> bool:
    return returns.decide_for_buyer(row, goods_stay=False, actor=actor, reason=reason)


def _for_the_group(row: Any, actor: Any, reason: str) -> bool:
    return returns.decide_for_group(row, actor=actor, reason=reason)


class ReturnEventInline(SeenWithPage, EventInline):
    """Moves of the return."""

    model = ReturnEvent


class ReturnItemInline(ReadOnlyInline):
    """What goes back."""

    model = ReturnItem
    fields = ("goods", "quantity", "of", "price")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Items with their lines."""
        return super().get_queryset(request).select_related("line")

    @admin.display(description=_("goods"))
    def goods(self, item: ReturnItem) -> str:
        """Title and size, as at the sale."""
        return f"{item.line.title} {item.line.size_label}".strip()

    @admin.display(description=_("of"))
    def of(self, item: ReturnItem) -> int:
        """How many were ordered."""
        return int(item.line.quantity)

    @admin.display(description=_("price of one"))
    def price(self, item: ReturnItem) -> str:
        """In the order's currency."""
        return str(item.line.unit_price_incl_tax)


@admin.register(Return)
class ReturnAdmin(ScopedAdmin, ReadOnlyAdmin, DecisionAdmin):
    """Returns about which buyer and group do not agree, or the group was silent; what waits longest first."""

    region_path = "vendor_order__vendor__home_region__path"
    queue_state = Return.State.DISPUTED
    queue_field = "created_at"
    refusals = (OrderError,)
    change_form_template = "admin/return_change_form.html"
    decisions = (
        Decision(
            "refund_now",
            _("For the buyer: money back now, nothing is sent back"),
            _DISPUTED,
            _refund_now,
            needs_reason=True,
        ),
        Decision(
            "send_back_first",
            _("For the buyer: money back once the goods are back"),
            _DISPUTED,
            _send_back_first,
            needs_reason=True,
        ),
        Decision(
            "for_the_group", _("For the group: no money back"), _DISPUTED, _for_the_group, needs_reason=True
        ),
    )
    list_display = ("number", "vendor", "state", "reason", "due_at", "created_at")
    list_select_related = ("vendor_order__vendor", "vendor_order__order")
    list_filter = (StateFilter, "reason")
    search_fields = ("vendor_order__number",)
    search_help_text = _("Number of a vendor order.")
    ordering = ("created_at", "pk")
    fields = (
        "vendor_order",
        "vendor",
        "state",
        "reason",
        "words",
        "goods_stay",
        "sent_how",
        "came_back_at",
        "due_at",
        "created_at",
    )
    readonly_fields = fields
    inlines = (ReturnItemInline, ReturnEventInline)

    def may_decide(self, user: Any) -> bool:
        """Staff with that right."""
        return can_decide_return(user)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """None: a return is decided where its photos can be seen."""
        return {}

    def get_urls(self) -> list[URLPattern]:
        """Besides the decisions' address that of the photos."""
        view = self.admin_site.admin_view(require_safe(self.photo_view))
        return [path("photos/<int:pk>.webp", view, name="order_return_photo"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page with the photos."""
        cases = Return.objects.visible_to(request.user)
        key = int(object_id) if object_id.isdecimal() else 0
        photos = ReturnPhoto.objects.filter(case=key, case__in=cases)
        pictures = [(photo, reverse("admin:order_return_photo", args=[photo.pk])) for photo in photos]
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), "pictures": pictures}
        )

    def photo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One photo, for staff who may see returns; 404 for everybody else."""
        if not self.has_view_permission(request):
            raise Http404
        rows = ReturnPhoto.objects.filter(case__in=Return.objects.visible_to(request.user))
        return private_picture(photo_storage(), get_object_or_404(rows, pk=pk).name)

    @admin.display(description=_("vendor order"), ordering="vendor_order__number")
    def number(self, row: Return) -> str:
        """Number of the part of the order."""
        return str(row.vendor_order.number)

    @admin.display(description=_("group"))
    def vendor(self, row: Return) -> str:
        """Whose goods they are."""
        return str(row.vendor_order.vendor.name)
