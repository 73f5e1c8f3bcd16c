"""The days of a statement, asked for by its group or by a finance officer."""

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from marketplace.lib.dates import today_in
from payments.selectors.statements import Statement, account_currencies, statement
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


class PeriodForm(forms.Form):
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


def asked_period(month: str, first: str, last: str, *, today: date) -> tuple[Period, PeriodForm]:
    """The days that an address asks for, a month ("2026-10") or from and to; this month when they make no sense."""
    this_month = Period(today.replace(day=1), today)
    found = _MONTH.fullmatch(month)
    if found:
        year, number = int(found[1]), int(found[2])
        end = calendar.monthrange(year, number)[1]
        this_month = Period(date(year, number, 1), date(year, number, end))
    if not first and not last:
        initial = {"first": this_month.first, "last": this_month.last}
        return this_month, PeriodForm(initial=initial, label_suffix="")
    form = PeriodForm({"first": first, "last": last}, label_suffix="")
    if form.is_valid():
        return Period(form.cleaned_data["first"], form.cleaned_data["last"]), form
    return this_month, form


@dataclass(frozen=True)
class AskedStatement:
    """A statement, the form of its days, and the currencies that the group has an account in."""

    statement: Statement
    form: PeriodForm
    currencies: Sequence[str]

    @property
    def is_refused(self) -> bool:
        """Whether days were asked for that make no sense; the statement is of this month then."""
        return bool(self.form.is_bound and self.form.errors)

    @property
    def query(self) -> str:
        """What the same statement is asked for with, as page, PDF or CSV."""
        shown = self.statement
        return f"first={shown.first}&last={shown.last}&currency={shown.currency}"

    @property
    def file_name(self) -> str:
        """Name of the file, without its ending."""
        shown = self.statement
        return f"statement-{shown.vendor.code}-{shown.first}-{shown.last}-{shown.currency}"


def asked_statement(vendor: Partner, asked: Mapping[str, str]) -> AskedStatement:
    """The statement that an address asks for by month, or first and last, and currency. Seven queries at most."""
    words = {name: asked.get(name, "") for name in ("month", "first", "last", "currency")}
    today = today_in(vendor.home_region.country_code)
    period, form = asked_period(words["month"], words["first"], words["last"], today=today)
    currencies = account_currencies(vendor) or [settings.CHARGE_CURRENCY]
    currency = words["currency"] if words["currency"] in currencies else currencies[0]
    return AskedStatement(statement(vendor, currency, first=period.first, last=period.last), form, currencies)
