"""Account details of groups in Django admin: to read, masked, to withdraw, and to be paid again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from marketplace.lib.read_only_admin import ReadOnlyAdmin
from payments.models import PayoutAccount
from payments.policies import can_withdraw_payout_accounts
from payments.services.payout_accounts import clear_restriction, withdraw_details


@admin.register(PayoutAccount)
class PayoutAccountAdmin(ReadOnlyAdmin):
    """Where groups are paid, and were paid before; account numbers are shown by their last digits only."""

    list_display = ("vendor", "rail", "masked", "active_from", "restriction", "cancelled_at", "created_at")
    list_select_related = ("vendor",)
    list_filter = (
        "rail",
        ("cancelled_at", admin.EmptyFieldListFilter),
        ("restriction", admin.EmptyFieldListFilter),
    )
    search_fields = ("vendor__name", "vendor__code", "holder", "stripe_account_id")
    search_help_text = gettext_lazy("Name of a group or holder, or the provider's number of the account.")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
    fields = (
        "vendor",
        "rail",
        "holder",
        "bank_name",
        "bank_code",
        "masked",
        "stripe_account_id",
        "restriction",
        "minimum",
        "active_from",
        "requested_by",
        "created_at",
        "cancelled_at",
        "cancelled_by",
    )
    readonly_fields = fields
    actions = ("withdraw", "clear")

    @admin.display(description=gettext_lazy("account"))
    def masked(self, account: PayoutAccount) -> str:
        """The last digits."""
        return f"•••• {(account.account_number or account.stripe_account_id)[-4:]}"

    @admin.action(description=gettext_lazy("Withdraw: pay no more to it"), permissions=["withdraw"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[PayoutAccount]) -> None:
        """Pay no more to these accounts; the groups are told."""
        done = 0
        for account in queryset:
            if withdraw_details(account, actor=request.user):
                done += 1
                self.log_change(request, account, _("Withdrawn."))
        said = ngettext("%(count)d account was withdrawn.", "%(count)d accounts were withdrawn.", done)
        self.message_user(request, said % {"count": done}, messages.SUCCESS)

    @admin.action(
        description=gettext_lazy("Pay again: the details of the bank account are right"),
        permissions=["withdraw"],
    )
    def clear(self, request: HttpRequest, queryset: QuerySet[PayoutAccount]) -> None:
        """Let bank accounts from which money was sent back receive payouts again."""
        done = 0
        for account in queryset:
            if clear_restriction(account):
                done += 1
                self.log_change(
                    request, account, _("Paid again; before: %(words)s.") % {"words": account.restriction}
                )
        said = ngettext("%(count)d account is paid again.", "%(count)d accounts are paid again.", done)
        self.message_user(request, said % {"count": done}, messages.SUCCESS)

    def has_withdraw_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this person may withdraw details, and let them be paid again."""
        return can_withdraw_payout_accounts(request.user)
