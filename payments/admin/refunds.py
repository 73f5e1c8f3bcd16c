"""Refunds in Django admin: asked for by lines, decided by a second person, asked again, explained."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from marketplace.lib.decision_admin import Decision, DecisionAdmin
from marketplace.lib.money import format_money
from marketplace.lib.read_only_admin import ReadOnlyAdmin, ReadOnlyInline
from orders.models import Order
from payments.admin import words
from payments.admin.picking import Picking, pick
from payments.forms.picking import PickForm
from payments.models import PaymentAttempt, Refund, RefundItem, RefundProposal
from payments.policies import can_decide_refunds
from payments.refund_errors import RefundError
from payments.services import deciding, foreign_refunds, refunds_by_hand
from payments.services.given_back import paid_attempt
from payments.services.shares import OrderShares

State = Refund.State
PROPOSED, FAILED = frozenset({State.PROPOSED}), frozenset({State.FAILED})
DONE = frozenset({State.PENDING, State.SUCCEEDED})
ON_ITS_WAY = frozenset({State.WAITING, State.PENDING})
UNSENT = frozenset({State.FAILED, State.WAITING, State.PENDING})


class RefundItemInline(ReadOnlyInline):
    """What it is for, and who had which part of it."""

    model = RefundItem
    fields = ("vendor_order", "line", "quantity", "amount", "share", "commission", "commission_tax")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Items with what they are about."""
        rows = super().get_queryset(request).select_related("vendor_order", "line__product")
        return rows.order_by("pk")


class RefundProposalInline(ReadOnlyInline):
    """What one person said above the limit, and which a second person must say too."""

    model = RefundProposal
    fields = ("said_at", "said_by", "what", "words", "remark")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Voices with the persons, the last one first."""
        return super().get_queryset(request).select_related("said_by").order_by("-pk")


def _is_unexplained(refund: Refund) -> bool:
    return refund.reason == Refund.Reason.FOREIGN and not foreign_refunds.is_explained(refund)


def _goes_by_bank(refund: Refund) -> bool:
    return refund.state == State.FAILED or refund.attempt.provider in refunds_by_hand.BY_HAND


def _was_cash(refund: Refund) -> bool:
    return bool(refund.attempt.provider == PaymentAttempt.Provider.CASH_ON_DELIVERY)


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin, DecisionAdmin):
    """Money on its way back; what waits for a second person comes first, then what failed."""

    change_form_template = "admin/payments/refund/change_form.html"
    queue_state = State.PROPOSED
    queue_field = "created_at"
    refusals = (RefundError,)
    decisions = (
        Decision(
            "approve",
            gettext_lazy("Approve"),
            PROPOSED,
            lambda row, actor, _reason: deciding.approve_refund(row, actor=actor),
        ),
        Decision(
            "reject",
            gettext_lazy("Reject"),
            PROPOSED,
            lambda row, actor, reason: deciding.reject_refund(row, actor=actor, reason=reason),
            needs_reason=True,
        ),
        Decision(
            "again",
            gettext_lazy("Ask the provider again"),
            FAILED,
            lambda row, actor, _reason: bool(deciding.refund_again(row, actor=actor)),
        ),
        Decision(
            "sent",
            gettext_lazy("Sent by bank, under the journal number above"),
            UNSENT,
            lambda row, actor, reason: refunds_by_hand.record_sent_by_bank(row, reason, actor=actor),
            needs_reason=True,
            fits=_goes_by_bank,
        ),
        Decision(
            "given",
            gettext_lazy("The group gave the cash back"),
            ON_ITS_WAY,
            lambda row, actor, _reason: refunds_by_hand.record_given_by_group(row, actor=actor),
            fits=_was_cash,
        ),
        Decision(
            "stands",
            gettext_lazy("It stands for a refund that failed"),
            DONE,
            lambda row, actor, reason: foreign_refunds.stands_for_failed(row, actor=actor, remark=reason),
            needs_reason=True,
            fits=_is_unexplained,
        ),
        Decision(
            "bear",
            gettext_lazy("The programme bears it"),
            DONE,
            lambda row, actor, reason: foreign_refunds.bear(row, actor=actor, remark=reason),
            needs_reason=True,
            fits=_is_unexplained,
        ),
    )
    list_display = (
        "created_at",
        "order_number",
        "sum_amount",
        "reason",
        "state",
        "requested_by",
        "age",
        "tries",
        "last_error",
    )
    list_select_related = ("attempt__order", "requested_by")
    list_filter = ("state", "reason", "currency")
    search_fields = ("attempt__order__number", "provider_id", "bank_reference", "key")
    date_hierarchy = "created_at"
    fields = (
        "order_link",
        "attempt",
        "sum_amount",
        "reason",
        "remark",
        "state",
        "requested_by",
        "approved_by",
        "again_for",
        "tries",
        "last_error",
        "asked_at",
        "next_try_at",
        "provider_id",
        "bank_reference",
        "given_by",
        "taken_in",
        "key",
        "created_at",
    )
    readonly_fields = fields
    inlines = (RefundProposalInline, RefundItemInline)

    def may_decide(self, user: Any) -> bool:
        """Finance officers; the services refuse whoever asked for it."""
        return can_decide_refunds(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Refunds with attempts and orders."""
        return super().get_queryset(request).select_related("attempt__order", "requested_by", "approved_by")

    def get_ordering(self, request: HttpRequest) -> Any:
        """What waits for a person first, then the newest."""
        first = Case(
            When(state=State.PROPOSED, then=Value(0)),
            When(state=State.FAILED, then=Value(1)),
            default=Value(2),
        )
        return [first, "-created_at", "-pk"]

    def get_urls(self) -> list[URLPattern]:
        """The pages of the list, and the two on which things of an order are picked."""
        both = require_http_methods(["GET", "HEAD", "POST"])
        ask = self.admin_site.admin_view(both(self.ask_view))
        explain = self.admin_site.admin_view(both(self.explain_view))
        return [
            path("of-order/<str:number>/", ask, name="payments_refund_ask"),
            path("<path:object_id>/explain/", explain, name="payments_refund_explain"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page with the way to the explanation, where one is missing."""
        context = dict(extra_context or {})
        shown = self.get_object(request, object_id)
        if shown is not None and _is_unexplained(shown) and self.may_decide(request.user):
            context["explain_url"] = reverse("admin:payments_refund_explain", args=[shown.pk])
        return super().change_view(request, object_id, form_url, context)

    def ask_view(self, request: HttpRequest, number: str) -> HttpResponse:
        """Pick what shall go back to the buyer of one order."""
        if not self.may_decide(request.user):
            raise PermissionDenied
        # No number holds the one sign that PostgreSQL takes in no text.
        order = get_object_or_404(Order, number=number.replace("\0", ""))
        sent_before = deciding.asked_with(request.POST.get("token", ""), order) if request.POST else None
        if sent_before:
            return HttpResponseRedirect(reverse("admin:payments_refund_change", args=[sent_before.pk]))
        attempt = paid_attempt(order)
        if attempt is None:
            raise Http404

        def confirm(form: PickForm) -> str:
            refund = deciding.request_refund(
                order,
                form.asked(),
                reason=Refund.Reason(form.cleaned_data["reason"]),
                remark=form.cleaned_data["remark"],
                actor=request.user,  # type: ignore[arg-type]  # staff are people
                token=form.cleaned_data["token"],
            )
            waits = refund.state == State.PROPOSED
            said = (
                _("Proposed: a second person must approve it.") if waits else _("It goes back to the buyer.")
            )
            self.message_user(request, said, messages.SUCCESS)
            return reverse("admin:payments_refund_change", args=[refund.pk])

        title = _("Refund of order %(number)s") % {"number": order.number}
        picking = Picking(title, order, attempt, OrderShares(order, attempt), confirm, has_reason=True)
        return pick(request, self._context(request), picking)

    def explain_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Pick what a refund made at the provider was for."""
        if not self.may_decide(request.user):
            raise PermissionDenied
        refund = self.get_object(request, object_id)
        if refund is not None and request.method == "POST" and foreign_refunds.is_explained(refund):
            return HttpResponseRedirect(reverse("admin:payments_refund_change", args=[refund.pk]))
        if refund is None or not _is_unexplained(refund):
            raise Http404
        order, attempt = refund.attempt.order, refund.attempt

        def confirm(form: PickForm) -> str:
            remark = form.cleaned_data["remark"]
            foreign_refunds.explain(refund, form.asked(), actor=request.user, remark=remark)  # type: ignore[arg-type]
            self.message_user(request, _("Explained."), messages.SUCCESS)
            return reverse("admin:payments_refund_change", args=[refund.pk])

        amount = format_money(refund.amount, refund.currency)
        hint = _("Exactly %(amount)s went back: what you pick must be worth that.") % {"amount": amount}
        title = _("What refund %(number)d was for") % {"number": refund.pk}
        picking = Picking(title, order, attempt, OrderShares(order, attempt), confirm, hint=hint)
        return pick(request, self._context(request), picking)

    @admin.display(description=gettext_lazy("order"), ordering="attempt__order__number")
    def order_number(self, refund: Refund) -> str:
        """Number of the order."""
        return str(refund.attempt.order.number)

    @admin.display(description=gettext_lazy("order"))
    def order_link(self, refund: Refund) -> SafeString:
        """The way to the order."""
        return words.order_link(refund.attempt.order)

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def sum_amount(self, refund: Refund) -> str:
        """What goes back."""
        return format_money(refund.amount, refund.currency)

    @admin.display(description=gettext_lazy("age"), ordering="-created_at")
    def age(self, refund: Refund) -> str:
        """How long ago it was decided."""
        return words.age(refund.created_at)

    def _context(self, request: HttpRequest) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts}
