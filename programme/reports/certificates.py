"""Certificates of groups: kind, state and validity."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.lib.dates import local_day
from programme.reports.fields import choices
from programme.reports.kind import FilterForm, Filters, ReportKind, above, chosen
from vendors.models import Certificate

_VALIDITY = (
    ("valid", _("valid today")),
    ("ending", _("valid today, and ends within the days below")),
    ("other", _("not valid today")),
)


class CertificateFilters(FilterForm):
    """Kind, state, validity."""

    kind = choices(Certificate.Kind.choices, label=_("Kind of certificate"))
    state = choices(Certificate.State.choices, label=_("State of the certificate"))
    validity = choices(_VALIDITY, label=_("Validity"))
    days = forms.IntegerField(label=_("Ends within days"), min_value=1, max_value=3650, required=False)

    def clean(self) -> dict[str, Any]:
        """Days go with the question for what ends."""
        found = super().clean() or {}
        if found.get("validity") == "ending" and not found.get("days") and "days" not in self.errors:
            self.add_error("days", _("Write within how many days, such as 60."))
        return found


def _rows(found: Filters) -> QuerySet[Any]:
    rows = Certificate.objects.filter(**chosen(found, kind="kind", state="state"))
    validity = found.get("validity")
    if validity in ("valid", "ending"):
        rows = rows.filter(pk__in=Certificate.objects.valid_now().values("pk"))
    if validity == "ending":
        rows = rows.filter(valid_until__lte=timezone.now().date() + timedelta(days=found["days"]))
    if validity == "other":
        rows = rows.exclude(pk__in=Certificate.objects.valid_now().values("pk"))
    read = rows.select_related("vendor__home_region__parent", "gi", "region", "verified_by")
    return read.prefetch_related("products")


def _cells(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for row in rows:
        home = row.vendor.home_region
        yield [
            row.pk,
            row.get_kind_display(),
            row.number,
            row.holder,
            row.issuer,
            row.gi and row.gi.name,
            ", ".join(product.name for product in row.products.all()),
            row.goods,
            row.region.code,
            row.region.name,
            row.vendor.code,
            row.vendor.name,
            home.code,
            home.name,
            above(home),
            row.get_state_display(),
            row.valid_from,
            row.valid_until,
            (row.valid_until - row.today).days,
            row.is_valid,
            local_day(row.submitted_at, home.country_code),
            row.verified_at and local_day(row.verified_at, home.country_code),
            row.verified_by and str(row.verified_by),
        ]


CERTIFICATES = ReportKind(
    code="certificates",
    label=_("Certificates"),
    about=_("Every certificate with its group, what it covers, its state and its last day."),
    path="vendor__home_region__path",
    place_words=_("Groups at home in"),
    filters=CertificateFilters,
    headings=(
        _("Row number"),
        _("Kind of certificate"),
        _("Number"),
        _("Holder"),
        _("Issued by"),
        _("Protected name"),
        _("Products"),
        _("Words of goods"),
        _("Goods come from, code"),
        _("Goods come from"),
        _("Group code"),
        pgettext_lazy("column", "Group"),
        _("Home place code"),
        _("Home place"),
        _("Part of"),
        pgettext_lazy("column", "State"),
        _("Valid from"),
        _("Valid until"),
        _("Days left"),
        _("Valid today"),
        _("Handed in on"),
        _("Verified on"),
        _("Verified by"),
    ),
    rows=_rows,
    cells=_cells,
)
