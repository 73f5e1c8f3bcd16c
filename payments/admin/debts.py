"""Debts of groups that the programme bears, in Django admin: asked for by one person, decided by another."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.lib.decision_admin import Decision, DecisionAdmin
from marketplace.lib.money import format_money
from marketplace.lib.read_only_admin import ReadOnlyAdmin
from payments.errors import PaymentError
from payments.models import WriteOff
from payments.policies import can_write_off
from payments.selectors.debts import debts
from payments.services.debts import approve_write_off, propose_write_off, reject_write_off

PROPOSED = frozenset({WriteOff.State.PROPOSED})


class WriteOffForm(forms.ModelForm):
    """What a group owes in one currency, and how much of it is given up."""

    debt = forms.ChoiceField(label=gettext_lazy("Group and what it owes"))
    amount = forms.DecimalField(
        label=gettext_lazy("amount"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )

    class Meta:
        model = WriteOff
        fields = ("debt", "amount", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._owed = {f"{each.vendor.pk}:{each.currency}": each for each in debts()}
        choices = [
            (key, f"{each.vendor.name}: {format_money(each.amount, each.currency)}")
            for key, each in self._owed.items()
        ]
        self.fields["debt"].choices = [("", "-"), *choices]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any] | None:
        """Not more than is owed, and one at a time."""
        cleaned = super().clean()
        debt = self._owed.get(self.cleaned_data.get("debt", ""))
        amount = self.cleaned_data.get("amount")
        if debt is None or amount is None:
            return cleaned
        self.instance.vendor, self.instance.currency = debt.vendor, debt.currency
        if amount > debt.amount:
            raise ValidationError({"amount": _("The group owes less.")})
        waiting = WriteOff.objects.filter(vendor=debt.vendor, currency=debt.currency)
        if waiting.filter(state=WriteOff.State.PROPOSED).exists():
            raise ValidationError(_("Another one waits for this group. Decide that one first."))
        return cleaned


@admin.register(WriteOff)
class WriteOffAdmin(ReadOnlyAdmin, DecisionAdmin):
    """Debts given up, and those that a second person has to look at."""

    form = WriteOffForm
    queue_state = WriteOff.State.PROPOSED
    queue_field = "created_at"
    refusals = (PaymentError,)
    decisions = (
        Decision(
            "approve",
            gettext_lazy("Approve"),
            PROPOSED,
            lambda row, actor, _reason: approve_write_off(row, actor=actor),
        ),
        Decision(
            "reject",
            gettext_lazy("Reject"),
            PROPOSED,
            lambda row, actor, _reason: reject_write_off(row, actor=actor),
        ),
    )
    list_display = ("created_at", "vendor", "sum_amount", "reason", "state", "requested_by", "decided_by")
    list_select_related = ("vendor", "requested_by", "decided_by")
    list_filter = ("state", "currency")
    search_fields = ("vendor__name", "vendor__code")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
    fields = (
        "vendor",
        "sum_amount",
        "reason",
        "state",
        "requested_by",
        "created_at",
        "decided_by",
        "decided_at",
    )
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Finance officers ask for it."""
        return can_write_off(request.user)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The whole page; of a new one what is chosen and typed."""
        return self.fields if obj else WriteOffForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All but those of a new one."""
        return self.readonly_fields if obj else ()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The form; what the service refuses, or what changed in the moment after it was read, is said on the list."""
        try:
            return super().add_view(request, form_url, extra_context)
        except PaymentError as error:
            self.message_user(request, str(error.message), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:payments_writeoff_changelist"))

    def save_model(self, request: HttpRequest, obj: WriteOff, form: Any, change: bool) -> None:
        """Ask for it by its service."""
        actor: Any = request.user
        made = propose_write_off(
            obj.vendor, amount=obj.amount, currency=obj.currency, reason=obj.reason, actor=actor
        )
        obj.pk = made.pk

    def may_decide(self, user: Any) -> bool:
        """Finance officers; the service refuses whoever asked for it."""
        return can_write_off(user)

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def sum_amount(self, write_off: WriteOff) -> str:
        """What is given up."""
        return format_money(write_off.amount, write_off.currency)
