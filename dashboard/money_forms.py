"""Forms of the money pages: where the group is paid."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.forms import PlainForm
from payments.services.payout_accounts import BankDetails
from vendors.models import Partner


class PayoutAccountForm(PlainForm):
    """Where the group is paid; the account number twice, because nobody gets a payout back easily."""

    holder = forms.CharField(
        label=_("Name of the account's holder"),
        max_length=120,
        help_text=_("As it stands in the passbook."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    bank_name = forms.CharField(
        label=_("Bank"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    bank_code = forms.CharField(
        label=_("Code of the bank"),
        max_length=20,
        help_text=_("In India the IFSC; in Bhutan the branch's code."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    account_number = forms.CharField(
        label=_("Account number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    again = forms.CharField(
        label=_("Account number once more"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    group = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, vendor: Partner) -> None:
        super().__init__(data)
        self.vendor = vendor
        self.fields["group"].initial = vendor.code

    def clean(self) -> dict[str, Any]:
        """Refuse two numbers that differ, and a form that was opened for another group."""
        found = super().clean() or {}
        if found.get("group", "") != self.vendor.code:
            # Another tab has switched groups meanwhile: what is shown now is about the group that is chosen now.
            self.data = {**dict(self.data.items()), "group": self.vendor.code}
            said = _("You work for %(group)s now. Nothing was stored: is this the account of %(group)s?")
            self.add_error(None, said % {"group": self.vendor.name})
        first, again = found.get("account_number"), found.get("again")
        if first and again and first.replace(" ", "") != again.replace(" ", ""):
            self.add_error("again", _("The two account numbers differ. Look at the passbook."))
        return found

    def details(self) -> BankDetails:
        """What was typed; call it after is_valid."""
        names = ("holder", "bank_name", "bank_code", "account_number")
        return BankDetails(**{name: self.cleaned_data[name] for name in names})
