"""What a run of a report asks the database: its rows, as its asker may see them at this moment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programme.errors import ReportRefused
from programme.models import ReportRun, SavedReport
from programme.policies import can_run_reports
from programme.reports import KINDS, ReportKind
from regions.policies import Reach, reach_of


@dataclass(frozen=True)
class Question:
    """places: paths within which the rows lie; [""] for everywhere."""

    kind: ReportKind
    places: Sequence[str]
    rows: QuerySet[Any]

    def chunks(self, size: int) -> Iterator[Sequence[Any]]:
        """The rows by key, so many at a time, each chunk asked for when the one before it is done with.

        A row that is added behind what was read already is in the file, one that is taken out before is not; none is twice.
        """
        after = 0
        while True:
            rows = list(self.rows.filter(pk__gt=after).order_by("pk")[:size])
            if rows:
                yield rows
            if len(rows) < size:
                return
            after = rows[-1].pk


def question_of(run: ReportRun) -> Question:
    """What the run asks, read with its asker and place. Raises ReportRefused where it cannot be asked (any more).

    Nothing falls away quietly: a filter or place that is gone is an error, never a wider report.
    """
    kind = KINDS.get(run.kind)
    if kind is None or not can_run_reports(run.asked_by, run.kind):
        raise ReportRefused(_("You may not have such a report made (any more)."))
    if run.region is not None and run.region.ended_on is not None:
        words = _(
            "The place %(place)s of this report ended on %(day)s. Choose another place, then run it again."
        )
        day = date_format(run.region.ended_on, "DATE_FORMAT")
        raise ReportRefused(words % {"place": run.region.name, "day": day})
    places = _places(reach_of(run.asked_by), run.region.path if run.region else "")
    if not places:
        raise ReportRefused(_("You do not work in the place of this report (any more)."))
    rows = kind.rows(_filters(kind, run))
    if "" not in places:
        lies = Q()
        for path in places:
            lies |= Q(**{f"{kind.path}__startswith": path})
        rows = rows.filter(lies)
    return Question(kind, places, rows)


def _places(reach: Reach, asked: str) -> list[str]:
    """Where both the person works and the report asks for: of two places one of which lies in the other, the inner one."""
    if reach.is_everywhere:
        return [asked]
    inner = [asked if asked.startswith(own) else own for own in reach.reads if _overlap(own, asked)]
    return sorted(set(inner))


def _overlap(own: str, asked: str) -> bool:
    return own.startswith(asked) or asked.startswith(own)


def _filters(kind: ReportKind, run: ReportRun) -> dict[str, Any]:
    form = kind.filters.again(run.filters)
    gone = [name for name in run.filters if name not in form.fields]
    if form.is_valid() and not gone:
        return form.cleaned_data
    faults = [_("There is no filter “%(name)s” any more.") % {"name": name} for name in gone]
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        faults += [f"{label}: {error}" if label else str(error) for error in errors]
    words = _(
        "A filter of this report does not hold any more: %(faults)s Change the report, then run it again."
    )
    raise ReportRefused(words % {"faults": " ".join(faults)})


def filter_words(asked: SavedReport | ReportRun) -> list[tuple[str, str]]:
    """Heading and words of each filter, for pages; what is gone is shown as it was sent."""
    form = KINDS[asked.kind].filters.again(asked.filters)
    form.is_valid()
    found = []
    for name, sent in asked.filters.items():
        field = form.fields.get(name)
        value = form.cleaned_data.get(name, sent)
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            labels: Any = field.choices
            value = dict(labels).get(value, value)
        words = _("yes") if value is True else str(value)
        found.append((str(field.label) if field else name, words))
    return found
