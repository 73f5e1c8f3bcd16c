"""Payouts to groups, for the finance officers; account numbers are not in it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.lib.dates import local_day
from payments.models import Payout, PayoutAccount
from programme.reports.fields import choices
from programme.reports.kind import DaysForm, Filters, ReportKind, above, chosen, money_cells
from programme.reports.sales import between


class PayoutFilters(DaysForm):
    """Days on which they were planned, state, way."""

    state = choices(Payout.State.choices, label=_("State of the payout"))
    rail = choices(PayoutAccount.Rail.choices, label=_("Way of the money"))


def _rows(found: Filters) -> QuerySet[Any]:
    rows = Payout.objects.filter(**chosen(found, state="state", rail="account__rail"))
    days = between(found, "created_at", path="vendor__home_region__path")
    return rows.filter(days).select_related("vendor__home_region__parent", "account", "batch")


def _cells(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for row in rows:
        home = row.vendor.home_region
        yield [
            row.pk,
            row.vendor.code,
            row.vendor.name,
            home.code,
            home.name,
            above(home),
            row.account.get_rail_display(),
            row.batch and row.batch.number,
            row.get_state_display(),
            *money_cells(row.amount, row.currency),
            local_day(row.created_at, home.country_code),
            row.ended_at and local_day(row.ended_at, home.country_code),
            row.bank_day,
            row.bank_reference,
            row.remark,
        ]


PAYOUTS = ReportKind(
    code="payouts",
    label=_("Payouts"),
    about=_("Every payout with its group, amount, state, batch and the bank's reference."),
    path="vendor__home_region__path",
    place_words=_("Groups at home in"),
    filters=PayoutFilters,
    headings=(
        _("Payout number"),
        _("Group code"),
        pgettext_lazy("column", "Group"),
        _("Home place code"),
        _("Home place"),
        _("Part of"),
        _("Way of the money"),
        _("Batch"),
        pgettext_lazy("column", "State"),
        _("Amount"),
        _("Amount, smallest units"),
        _("Currency"),
        _("Planned on"),
        _("Ended on"),
        _("Day at the bank"),
        _("Bank's reference"),
        _("Remark"),
    ),
    rows=_rows,
    cells=_cells,
)
