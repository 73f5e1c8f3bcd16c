"""Disputes in Django admin: what waits for an answer comes first; an officer says what they are about."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from marketplace.lib.money import format_money
from marketplace.lib.read_only_admin import ReadOnlyAdmin, ReadOnlyInline
from payments.admin import words
from payments.admin.picking import Picking, pick
from payments.forms.picking import PickForm
from payments.models import Dispute, DisputeItem, DisputeProposal
from payments.policies import can_decide_disputes
from payments.services.disputes import name_disputed_lines
from payments.services.shares import OrderShares

State = Dispute.State


class DisputeItemInline(ReadOnlyInline):
    """What is held back, or was."""

    model = DisputeItem
    fields = ("vendor_order", "line", "quantity", "amount", "share", "commission", "commission_tax")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Items with what they are about."""
        rows = super().get_queryset(request).select_related("vendor_order", "line__product")
        return rows.order_by("pk")


class DisputeProposalInline(ReadOnlyInline):
    """What one person said above the limit, and which a second person must say too."""

    model = DisputeProposal
    fields = ("said_at", "said_by", "words")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Voices with the persons, the last one first."""
        return super().get_queryset(request).select_related("said_by").order_by("-pk")


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyAdmin):
    """Money that buyers' banks ask back; the next day to answer by comes first."""

    change_form_template = "admin/payments/dispute/change_form.html"
    list_display = (
        "opened_at",
        "order_number",
        "sum_amount",
        "reason",
        "state",
        "provider_status",
        "answer_by",
        "age",
    )
    list_select_related = ("attempt__order",)
    list_filter = ("state", "reason", "currency")
    search_fields = ("attempt__order__number", "provider_id")
    date_hierarchy = "opened_at"
    fields = (
        "order_link",
        "attempt",
        "sum_amount",
        "reason",
        "state",
        "provider_status",
        "answer_by",
        "provider_id",
        "opened_at",
        "closed_at",
    )
    readonly_fields = fields
    inlines = (DisputeProposalInline, DisputeItemInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Disputes with attempts and orders."""
        return super().get_queryset(request).select_related("attempt__order")

    def get_ordering(self, request: HttpRequest) -> Any:
        """Open ones first, by the day to answer by."""
        first = Case(When(state=State.OPEN, then=Value(0)), default=Value(1))
        return [first, F("answer_by").asc(nulls_last=True), "-pk"]

    def get_urls(self) -> list[URLPattern]:
        """The pages of the list, and the one on which lines are named."""
        name = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.name_view))
        return [path("<path:object_id>/name/", name, name="payments_dispute_name"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page with the way to naming, while the bank decides."""
        context = dict(extra_context or {})
        shown = self.get_object(request, object_id)
        if shown is not None and shown.state == State.OPEN and can_decide_disputes(request.user):
            context["name_url"] = reverse("admin:payments_dispute_name", args=[shown.pk])
        return super().change_view(request, object_id, form_url, context)

    def name_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Pick what an open dispute is about."""
        if not can_decide_disputes(request.user):
            raise PermissionDenied
        dispute = self.get_object(request, object_id)
        if dispute is None or dispute.state != State.OPEN:
            raise Http404
        order, attempt = dispute.attempt.order, dispute.attempt

        def confirm(form: PickForm) -> str:
            name_disputed_lines(dispute, form.asked(), actor=request.user)  # type: ignore[arg-type]
            self.log_change(request, dispute, form.cleaned_data["remark"])
            self.message_user(
                request, _("Held for what you picked; the rest is free again."), messages.SUCCESS
            )
            return reverse("admin:payments_dispute_change", args=[dispute.pk])

        amount = format_money(dispute.amount, dispute.currency)
        hint = _("The bank asks %(amount)s back. What you pick is held, up to that amount.") % {
            "amount": amount
        }
        title = _("What dispute %(number)s is about") % {"number": dispute.provider_id}
        shares = OrderShares(order, attempt, but=dispute, with_proposed=False)
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        return pick(request, context, Picking(title, order, attempt, shares, confirm, hint=hint))

    @admin.display(description=gettext_lazy("order"), ordering="attempt__order__number")
    def order_number(self, dispute: Dispute) -> str:
        """Number of the order."""
        return str(dispute.attempt.order.number)

    @admin.display(description=gettext_lazy("order"))
    def order_link(self, dispute: Dispute) -> SafeString:
        """The way to the order."""
        return words.order_link(dispute.attempt.order)

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def sum_amount(self, dispute: Dispute) -> str:
        """What the bank asks back."""
        return format_money(dispute.amount, dispute.currency)

    @admin.display(description=gettext_lazy("age"), ordering="-opened_at")
    def age(self, dispute: Dispute) -> str:
        """How long ago it was opened."""
        return words.age(dispute.opened_at)
