"""Reports that were made, and what their files say."""

import csv
from io import StringIO

from programme.models import ReportRun
from programme.services import report_runs
from tests.factories.reports import ReportRunFactory, SavedReportFactory


def run_of(kind="listings", *, asked_by=None, region=None, filters=None, **values):
    """A run that was made; without a person a moderator's."""
    owner = {"owner": asked_by} if asked_by else {}
    report = SavedReportFactory(kind=kind, region=region, filters=filters or {}, **owner)
    run = ReportRunFactory(report=report, **values)
    report_runs.make(run.pk)
    run.refresh_from_db()
    return run


def text_of(run: ReportRun) -> str:
    """The file of a run that is done."""
    with report_runs.report_storage().open(run.file) as file:
        return file.read().decode()


def rows_of(run: ReportRun) -> list[dict[str, str]]:
    """Its rows, each by the headings."""
    assert run.state == "done", run.error
    return list(csv.DictReader(StringIO(text_of(run).removeprefix("\ufeff"))))


def files_of(run: ReportRun) -> list[str]:
    """Names of all files that lie in the storage for this run."""
    storage = report_runs.report_storage()
    names = storage.listdir("reports")[1] if storage.exists("reports") else []
    return [name for name in names if name.startswith(f"{run.pk}-")]
