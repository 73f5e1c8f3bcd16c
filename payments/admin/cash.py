"""Cash on delivery in Django admin: where it is offered, and what groups have taken."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marketplace.lib.decision_admin import Decision, DecisionAdmin
from marketplace.lib.money import format_money
from marketplace.lib.read_only_admin import ReadOnlyAdmin
from orders.models import Order, VendorOrder
from payments.admin import words
from payments.errors import CashNotDue, PaymentError
from payments.models import CashCollection, CashRule
from payments.policies import can_take_back_cash
from payments.refund_errors import RefundError
from payments.services.cash import COLLECTABLE, cash_owed, collect_cash
from payments.services.cash_taken_back import take_back_cash


@admin.register(CashRule)
class CashRuleAdmin(admin.ModelAdmin):
    """Which groups take cash, and where. A rule taken away does not reach orders that stand."""

    list_display = ("vendor", "region", "created_at")
    list_select_related = ("vendor", "region")
    list_filter = ("region__level",)
    search_fields = ("vendor__name", "region__name")
    raw_id_fields = ("vendor", "region")
    show_full_result_count = False
    ordering = ("vendor__name", "region__path")


class CollectionForm(forms.ModelForm):
    """Cash noted by staff for a group that cannot do it itself."""

    number = forms.CharField(
        label=_("number of the group's part"),
        max_length=40,
        help_text=_("As on its slip, such as 7K3M-2291-9X-1. What is owed for it is noted as taken."),
    )

    class Meta:
        model = CashCollection
        fields = ()

    def clean_number(self) -> str:
        """A part for which cash is to be taken now."""
        typed: str = self.cleaned_data["number"].strip().upper().replace("\0", "")
        if CashCollection.objects.filter(vendor_order__number=typed).exists():
            raise ValidationError(_("The cash for this part is noted already."))
        unpaid = VendorOrder.objects.released().filter(order__status=Order.Status.PAY_ON_DELIVERY)
        part = unpaid.filter(number=typed).first()
        if part is None or part.state not in COLLECTABLE or cash_owed(part).amount <= 0:
            raise ValidationError(str(CashNotDue.message))
        return typed


@admin.register(CashCollection)
class CashCollectionAdmin(ReadOnlyAdmin, DecisionAdmin):
    """Cash that groups took at hand-over, and what was noted by mistake."""

    refusals = (PaymentError, RefundError)
    decisions = (
        Decision(
            "take-back",
            _("Noted by mistake: take back"),
            frozenset({"counts"}),
            lambda row, actor, reason: take_back_cash(row, actor=actor, reason=reason),
            needs_reason=True,
        ),
    )

    form = CollectionForm
    list_display = ("collected_at", "part", "vendor", "sum_amount", "recorded_by", "taken_back_at")
    list_select_related = ("vendor_order__vendor", "taken_back_from__vendor", "recorded_by")
    list_filter = ("currency",)
    search_fields = (
        "vendor_order__number",
        "vendor_order__vendor__name",
        "taken_back_from__number",
        "taken_back_from__vendor__name",
    )
    date_hierarchy = "collected_at"
    ordering = ("-collected_at", "-pk")
    fields = (
        "part",
        "order_link",
        "vendor",
        "sum_amount",
        "recorded_by",
        "collected_at",
        "take_back_asked_by",
        "taken_back_by",
        "taken_back_at",
        "taken_back_reason",
    )
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Staff note cash for a group that rang up."""
        return bool(request.user.has_perm("payments.add_cashcollection"))

    def may_decide(self, user: Any) -> bool:
        """Finance officers; above the limit the service waits for a second one."""
        return can_take_back_cash(user)

    def _next_url(self, request: HttpRequest, shown: Any) -> str:
        # Nothing waits here: a mistake is found by people.
        return ""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The whole page; of a new one the number."""
        return self.fields if obj else ("number",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All but those of a new one."""
        return self.readonly_fields if obj else ()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The form; a part that was cancelled or paid in the moment after the form was read is said on the list."""
        try:
            return super().add_view(request, form_url, extra_context)
        except CashNotDue as error:
            self.message_user(request, str(error.message), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:payments_cashcollection_changelist"))

    def save_model(self, request: HttpRequest, obj: CashCollection, form: Any, change: bool) -> None:
        """Note it by its service."""
        part = VendorOrder.objects.get(number=form.cleaned_data["number"])
        actor: Any = request.user
        collect_cash(part, actor=actor)
        noted = CashCollection.objects.get(vendor_order=part)
        obj.pk, obj.vendor_order = noted.pk, part

    @admin.display(description=_("number"), ordering="vendor_order__number")
    def part(self, collection: CashCollection) -> str:
        """Number of the part."""
        return collection.part.number

    @admin.display(description=_("order"))
    def order_link(self, collection: CashCollection) -> SafeString:
        """The way to the order."""
        return words.order_link(collection.part.order)

    @admin.display(description=_("group"), ordering="vendor_order__vendor__name")
    def vendor(self, collection: CashCollection) -> str:
        """Who took it."""
        return str(collection.part.vendor)

    @admin.display(description=_("amount"), ordering="amount")
    def sum_amount(self, collection: CashCollection) -> str:
        """What was taken."""
        return format_money(collection.amount, collection.currency)
