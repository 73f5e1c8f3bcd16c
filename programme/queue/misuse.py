"""Reports of misuse, one case for each thing that was reported."""

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from programme.models import MOST_TO_READ, MisuseCase, MisuseEvent, MisuseReport, to_be_read
from programme.queue.kind import Kind, Sheet

State = MisuseCase.State


def _read(case: MisuseCase) -> Sheet:
    """What visitors said, in the order in which they did, and how many more did. Who they are is not shown."""
    reports, count = list(case.reports.all()[:MOST_TO_READ]), case.reports.count()
    return Sheet(
        facts=(
            (_("what"), case.kind_words),
            (_("words of the buyer"), case.review.words if case.review else ""),
            (_("visitors"), str(count)),
            *((str(report.get_reason_display()), _said(report)) for report in reports),
            (_("further reports"), str(count - len(reports)) if count > len(reports) else ""),
        ),
        address=case.url,
    )


def _said(report: MisuseReport) -> str:
    day = date_format(localtime(report.created_at), "j M Y, H:i")
    return f"{day}\n{report.words}".strip()


def _version(case: Any) -> str:
    # Somebody may report it while it is being read.
    return str(to_be_read(case.reports.count()))


MISUSE = Kind(
    code="misuse",
    names=_("reports of misuse"),
    model=MisuseCase,
    rows=lambda: MisuseCase.objects.all(),
    state=State.OPEN,
    since="created_at",
    titles=("listing__title", "review__listing__title", "vendor__name"),
    place="vendor__home_region",
    group="vendor",
    event=MisuseEvent,
    subject="case",
    decided=frozenset({State.UNFOUNDED, State.CHANGES, State.TAKEN_DOWN}),
    read=_read,
    version=_version,
)
