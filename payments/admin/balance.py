"""The provider's balance in Django admin: to read, and to have looked at again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from marketplace.lib.money import format_money
from marketplace.lib.read_only_admin import ReadOnlyAdmin
from payments.admin import words
from payments.models import BalanceTransaction
from payments.policies import can_look_at_balance_again
from payments.services.balance import look_again

State = BalanceTransaction.State
# What an officer must look at comes first.
BY_URGENCY = Case(
    When(state=State.UNKNOWN, then=Value(0)), When(state=State.WAITING, then=Value(1)), default=Value(2)
)


@admin.register(BalanceTransaction)
class BalanceTransactionAdmin(ReadOnlyAdmin):
    """What moved the provider's balance. What was not understood can be looked at again, once its source has come."""

    list_display = (
        "occurred_at",
        "kind",
        "sum_amount",
        "sum_fee",
        "sum_net",
        "source_id",
        "state",
        "age",
        "remote_id",
    )
    list_filter = ("state", "kind", "currency")
    search_fields = ("=remote_id", "=source_id")
    search_help_text = _("Provider's number of the movement, or of what it is about.")
    date_hierarchy = "occurred_at"
    fields = (
        "provider",
        "remote_id",
        "kind",
        "source_id",
        "sum_amount",
        "sum_fee",
        "sum_net",
        "state",
        "occurred_at",
        "available_at",
        "created_at",
    )
    readonly_fields = fields
    actions = ("look_again",)

    def get_ordering(self, request: HttpRequest) -> Any:
        """Not understood, waiting, then the rest; newest first."""
        return [BY_URGENCY.asc(), "-occurred_at", "-pk"]

    @admin.display(description=_("amount"), ordering="amount")
    def sum_amount(self, row: BalanceTransaction) -> str:
        """What moved before the fee."""
        return format_money(row.amount, row.currency)

    @admin.display(description=_("fee"), ordering="fee")
    def sum_fee(self, row: BalanceTransaction) -> str:
        """What the provider kept."""
        return format_money(row.fee, row.currency)

    @admin.display(description=_("net"), ordering="net")
    def sum_net(self, row: BalanceTransaction) -> str:
        """What the balance changed by."""
        return format_money(row.net, row.currency)

    @admin.display(description=_("age"), ordering="-occurred_at")
    def age(self, row: BalanceTransaction) -> str:
        """How long ago it happened."""
        return words.age(row.occurred_at)

    @admin.action(description=_("Look at again"), permissions=["look_again"])
    def look_again(self, request: HttpRequest, queryset: QuerySet[BalanceTransaction]) -> None:
        """Post what can be posted by now; what is in the ledger stays as it is."""
        posted = sum(look_again(row) for row in queryset)
        said = ngettext("%(count)d movement was posted.", "%(count)d movements were posted.", posted)
        self.message_user(request, said % {"count": posted}, messages.SUCCESS if posted else messages.WARNING)

    def has_look_again_permission(self, request: HttpRequest) -> bool:
        """Whether this person may have movements looked at again."""
        return can_look_at_balance_again(request.user)
