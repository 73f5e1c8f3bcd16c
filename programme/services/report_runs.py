"""The worker's part of a report: taken under a lease, written chunk by chunk, attached when it is whole, removed in time.

A worker may only write to a run with the number of its try. Whoever takes it after the lease is over has a higher one, so
that a worker which comes back late changes nothing and leaves no file.
"""

import io
import logging
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.lib.audit import noting
from programme.documents.reports import ReportFile
from programme.errors import ReportRefused
from programme.models import ReportDownload, ReportRun
from programme.policies import can_end_run
from programme.report_questions import Question, question_of

logger = logging.getLogger(__name__)

State = ReportRun.State
CHUNK = 1000
MOST_ROWS = 500_000
MOST_TRIES = 3
# A chunk takes a second or two; a worker that says nothing for so long is gone.
LEASE = timedelta(minutes=3)
_BATCH = 100


class LeaseLost(Exception):
    """Another worker has the run, or somebody has stopped it."""


def report_storage() -> Storage:
    """Where the files lie; no address leads there."""
    return storages["private"]


def make(run_pk: int) -> bool:
    """Make the file of one run; True when it is done by this call. Safe to repeat and beside itself."""
    run = _take(run_pk, timezone.now())
    if run is None:
        return False
    with translation.override(run.language), noting(person=run.asked_by_id):
        try:
            _write(run)
        except LeaseLost:
            logger.warning("report is with another worker", extra={"run": run_pk, "try": run.tries})
            return False
        except ReportRefused as refusal:
            _fail(run, refusal.message)
            return False
        except Exception:
            # The outer edge: the sweeper tries again, and says so on the row in the end.
            logger.exception("report not made", extra={"run": run_pk, "try": run.tries})
            _held(run).update(lease_until=timezone.now())
            return False
    return True


def make_waiting() -> int:
    """Make what waits: runs whose task was lost, and those of workers that were killed; returns how many are done."""
    waiting = ReportRun.objects.to_take(timezone.now()).order_by("pk")
    return sum(make(pk) for pk in list(waiting.values_list("pk", flat=True)[:3]))


def expire(now: datetime) -> int:
    """Remove files that were kept long enough, at most a batch; the rows stay. Returns how many."""
    kept = ReportRun.objects.to_expire(now).order_by("expires_at")[:_BATCH]
    return sum(_remove(run) for run in kept)


def end(run: ReportRun, *, actor: Any) -> bool:
    """Stop a run that is under way, or remove its file; False when there is nothing to end. Raises ReportRefused."""
    if not can_end_run(actor, run):
        raise ReportRefused(_("Only who asked for a report stops it or removes its file."))
    words = _("Stopped by %(person)s.") % {"person": actor}
    stopped = ReportRun.objects.open().filter(pk=run.pk)
    if stopped.update(state=State.FAILED, error=words, finished_at=timezone.now()):
        # Nobody takes it any more, so that nobody else would remove what a worker has left behind. One that still
        # writes removes its own.
        tries = ReportRun.objects.values_list("tries", flat=True).get(pk=run.pk)
        _clear(_names(run.pk, range(1, tries + 1)))
        return True
    done = ReportRun.objects.filter(pk=run.pk, state=State.DONE).first()
    return done is not None and _remove(done)


def note_download(run: ReportRun, *, actor: Any) -> ReportDownload:
    """Write down that somebody takes the file away."""
    return ReportDownload.objects.create(run=run, person=actor)


def _take(run_pk: int, now: datetime) -> ReportRun | None:
    """The run for this worker alone, under a lease; None when it waits for nobody or has been tried too often."""
    rows = ReportRun.objects.select_related("asked_by", "region")
    seen = rows.to_take(now).filter(pk=run_pk).first()
    if seen is None:
        return None
    if seen.tries >= MOST_TRIES:
        with translation.override(seen.language):
            _fail(seen, _given_up(seen))
        return None
    return rows.get(pk=run_pk) if _claim(seen, now) else None


def _claim(seen: ReportRun, now: datetime) -> bool:
    # Test and write in one statement: of two workers that saw the same try, one raises it.
    free = ReportRun.objects.to_take(now).filter(pk=seen.pk, tries=seen.tries)
    taken = free.update(
        state=State.RUNNING,
        tries=F("tries") + 1,
        lease_until=now + LEASE,
        started_at=now,
        places=[],
        rows_done=0,
        rows_expected=None,
    )
    return taken == 1


def _write(run: ReportRun) -> None:
    """Read and write all rows, then attach the file."""
    asked = question_of(run)
    expected = asked.rows.count()
    if expected > MOST_ROWS:
        words = _(
            "The report would have %(count)d rows, and at most %(most)d fit. Choose a place or more filters."
        )
        raise ReportRefused(words % {"count": expected, "most": MOST_ROWS})
    _go_on(run, rows_expected=expected, places=list(asked.places))
    with tempfile.TemporaryFile() as raw:
        out = io.TextIOWrapper(raw, encoding="utf-8", newline="", write_through=True)
        written = _write_rows(run, asked, out)
        out.flush()
        size = raw.tell()
        raw.seek(0)
        _attach(run, File(raw), rows=written, size=size)
        out.detach()


def _write_rows(run: ReportRun, asked: Question, out: io.TextIOWrapper) -> int:
    file, written = ReportFile(out, asked.kind.headings), 0
    for rows in asked.chunks(CHUNK):
        file.write(asked.kind.cells(rows))
        written += len(rows)
        _go_on(run, rows_done=written)
    return written


def _attach(run: ReportRun, content: "File[bytes]", *, rows: int, size: int) -> None:
    """Put the whole file into the storage, then name it on the row; one that is not named is removed again."""
    storage, now = report_storage(), timezone.now()
    _clear(_names(run.pk, range(1, run.tries)))
    name = storage.save(_name(run.pk, run.tries), content)
    done = _held(run).update(
        state=State.DONE,
        file=name,
        row_count=rows,
        rows_done=rows,
        size=size,
        finished_at=now,
        expires_at=now + timedelta(days=settings.REPORT_KEEP_DAYS),
    )
    if not done:
        storage.delete(name)
        raise LeaseLost


def _go_on(run: ReportRun, **progress: Any) -> None:
    """Say how far it is and hold it longer. Raises LeaseLost."""
    if not _held(run).update(lease_until=timezone.now() + LEASE, **progress):
        raise LeaseLost


def _held(run: ReportRun) -> Any:
    """The row, as long as it is with the worker of this try."""
    return ReportRun.objects.filter(pk=run.pk, state=State.RUNNING, tries=run.tries)


def _fail(run: ReportRun, words: str) -> None:
    failed = ReportRun.objects.open().filter(pk=run.pk, tries=run.tries)
    if failed.update(state=State.FAILED, error=words, finished_at=timezone.now()):
        _clear(_names(run.pk, range(1, run.tries + 1)))


def _given_up(run: ReportRun) -> str:
    words = ngettext(
        "It could not be made, though it was tried %(count)d time. Narrow it, for example to one place, and run it again; "
        "if that does not help, tell the operator the number of this run: %(number)s.",
        "It could not be made, though it was tried %(count)d times. Narrow it, for example to one place, and run it again; "
        "if that does not help, tell the operator the number of this run: %(number)s.",
        run.tries,
    )
    return words % {"count": run.tries, "number": run.pk}


def _remove(run: ReportRun) -> bool:
    """Take the file away. First the file: should the row not be reached, the next one finds it and does both again."""
    report_storage().delete(run.file)
    done = ReportRun.objects.filter(pk=run.pk, state=State.DONE)
    return done.update(state=State.EXPIRED, file="") == 1


def _clear(names: Iterable[str]) -> None:
    """Remove what workers left behind that were killed between storing a file and naming it."""
    for name in names:
        report_storage().delete(name)


def _names(run_pk: int, tries: Iterable[int]) -> list[str]:
    return [_name(run_pk, each) for each in tries]


def _name(run_pk: int, tried: int) -> str:
    return f"reports/{run_pk}-{tried}.csv"
