"""Forms of the money pages: the days of a statement, and where the group is paid."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from dashboard.forms import PlainForm
from payments.services.payout_accounts import BankDetails
from vendors.models import Partner

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
# Nobody had an account before; beyond the end nothing is booked, and at the calendar's last day no "day after" exists.
FIRST_DAY = date(2000, 1, 1)
DAYS_AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class Period:
    """The days of a statement, both included."""

    first: date
    last: date


class PeriodForm(PlainForm):
    """From one day to another."""

    first = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        """Refuse a last day before the first, and days on which no account could have had anything."""
        found = super().clean() or {}
        end = timezone.now().date() + DAYS_AHEAD
        for name in ("first", "last"):
            if found.get(name) and not FIRST_DAY <= found[name] <= end:
                words = _("Give a day from %(first)s to %(last)s.")
                self.add_error(name, words % {"first": date_format(FIRST_DAY), "last": date_format(end)})
        if found.get("first") and found.get("last") and found["last"] < found["first"]:
            self.add_error("last", _("The last day lies before the first."))
        return found


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


def asked_period(month: str, first: str, last: str, *, today: date) -> tuple[Period, PeriodForm]:
    """The days that an address asks for, a month ("2026-10") or from and to; this month when they make no sense."""
    this_month = Period(today.replace(day=1), today)
    found = _MONTH.fullmatch(month)
    if found:
        year, number = int(found[1]), int(found[2])
        end = calendar.monthrange(year, number)[1]
        this_month = Period(date(year, number, 1), date(year, number, end))
    if not first and not last:
        return this_month, PeriodForm(initial={"first": this_month.first, "last": this_month.last})
    form = PeriodForm({"first": first, "last": last})
    if form.is_valid():
        return Period(form.cleaned_data["first"], form.cleaned_data["last"]), form
    return this_month, form
