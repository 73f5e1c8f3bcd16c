"""Nominations: what places have proposed, and what was decided about it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.lib.dates import local_day
from programme.reports.fields import choices
from programme.reports.kind import ANY, FilterForm, Filters, ReportKind, above, chosen
from regions.models import Nomination, Scheme


class NominationFilters(FilterForm):
    """Scheme and state."""

    scheme = forms.ModelChoiceField(
        Scheme.objects.filter(is_programme=True).order_by("code"),
        label=_("Scheme"),
        required=False,
        empty_label=ANY[1],
        error_messages={"invalid_choice": _("This scheme is not there any more. Choose another.")},
    )
    state = choices(Nomination.State.choices, label=pgettext_lazy("column", "State"))


def _rows(found: Filters) -> QuerySet[Any]:
    rows = Nomination.objects.filter(**chosen(found, scheme="scheme", state="state"))
    read = rows.select_related(
        "scheme",
        "region__parent",
        "recommending_region",
        "replaces",
        "gi",
        "proposed_by",
        "recommended_by",
        "approved_by",
    )
    return read.annotate(paper_count=Count("files"))


def _cells(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for row in rows:
        place = row.region
        yield [
            row.pk,
            row.scheme.short_name,
            place.code,
            place.name,
            place.get_level_display(),
            above(place),
            row.name,
            row.category,
            row.replaces and row.replaces.name,
            row.get_state_display(),
            row.version,
            local_day(row.handed_in_at, place.country_code),
            str(row.proposed_by),
            row.recommending_region and row.recommending_region.name,
            row.recommended_by and str(row.recommended_by),
            row.approved_by and str(row.approved_by),
            row.effective_on,
            row.ecosystem,
            row.export_list,
            row.gi and row.gi.name,
            row.other_grounds,
            row.paper_count,
        ]


NOMINATIONS = ReportKind(
    code="nominations",
    label=_("Nominations"),
    about=_("Every product that a place has proposed, with its grounds and what was decided about it."),
    path="region__path",
    place_words=_("Proposed by places of"),
    filters=NominationFilters,
    headings=(
        _("Row number"),
        _("Scheme"),
        _("Place code"),
        pgettext_lazy("column", "Place"),
        _("Level"),
        _("Part of"),
        _("Product"),
        _("Kind of goods"),
        _("In place of"),
        pgettext_lazy("column", "State"),
        _("Version"),
        _("Handed in on"),
        _("Proposed by"),
        _("Recommended by the place"),
        _("Recommended by"),
        _("Approved by"),
        _("Named from"),
        _("Who makes it there already"),
        _("Export list on which it stands"),
        _("Protected name"),
        _("Other grounds"),
        _("Papers"),
    ),
    rows=_rows,
    cells=_cells,
)
