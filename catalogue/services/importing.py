"""Files with listings: taken in, looked through without changing anything, then taken over or given up.

The worker finds a file by its state and rows by theirs; each row is one transaction together with its outcome. So a
worker that is killed leaves nothing half done, and the next one goes on where it stopped.
"""

import logging
import time
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F

from catalogue.imports.families import place_rows
from catalogue.imports.reading import ParsedFile, parse
from catalogue.models import ImportJob, ImportJobEvent, ImportRow
from catalogue.selectors.import_names import Known, known_names
from catalogue.selectors.import_plans import plan_rows
from catalogue.services.importing_rows import take_over
from marketplace.lib.locks import is_busy
from marketplace.lib.queue import enqueue
from marketplace.lib.states import move
from vendors.models import Partner

logger = logging.getLogger(__name__)

State = ImportJob.State
Plan = ImportRow.Plan
BATCH = 500
RUN_SECONDS = 40
# A further size needs the listing that the first one makes.
_HEADS_FIRST = (F("head").asc(nulls_first=True), "number")
_RUN = "catalogue.run_import"


def take_in(vendor: Partner, content: bytes, *, name: str, token: str, actor: Any) -> ImportJob:
    """Keep a file and have it looked through; the same form sent again gives the file that it made before.

    content: the bytes as uploaded. token: random, one per form shown. Raises FileRefused, and keeps nothing.
    """
    found = ImportJob.objects.filter(vendor=vendor, token=token).first()
    if found is not None:
        return found
    parsed = parse(content)
    try:
        with transaction.atomic():
            return _keep(vendor, parsed, name=name, token=token, actor=actor)
    except IntegrityError:
        return ImportJob.objects.get(vendor=vendor, token=token)


@transaction.atomic
def begin(job: ImportJob, actor: Any) -> bool:
    """Have the good rows taken over; False when that was said before. Raises IllegalTransition."""
    is_new = _move(lock_job(job.pk), State.IMPORTING, actor=actor)
    if is_new:
        enqueue(_RUN, job_pk=job.pk)
    return is_new


@transaction.atomic
def stop(job: ImportJob, actor: Any) -> bool:
    """Give a file up before anything was changed; False when it was before. Raises IllegalTransition."""
    return _move(lock_job(job.pk), State.STOPPED, actor=actor)


def run(job_pk: int) -> None:
    """Go on with a file for at most RUN_SECONDS; what is left is asked for again. Safe beside itself."""
    job = ImportJob.objects.select_related("vendor", "made_by").filter(pk=job_pk).first()
    if job is None:
        return
    ends = time.monotonic() + RUN_SECONDS
    known = known_names()
    if job.state == State.CHECKING:
        while time.monotonic() < ends and _check_batch(job, known):
            pass
    elif job.state == State.IMPORTING:
        _take_over_rows(job, known, ends=ends)
    if ImportJob.objects.under_way().filter(pk=job_pk).exists() and time.monotonic() >= ends:
        enqueue(_RUN, job_pk=job_pk)


def run_all() -> int:
    """Go on with files whose task was lost; returns how many there were."""
    waiting = list(ImportJob.objects.under_way().values_list("pk", flat=True)[:10])
    for pk in waiting:
        try:
            run(pk)
        except Exception:
            # The outer edge: one file must not hold up the others.
            logger.exception("import not finished", extra={"job": pk})
    return len(waiting)


def lock_job(pk: int) -> ImportJob:
    """The row of a file, held by the caller's transaction."""
    found: ImportJob = ImportJob.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    return found


def _keep(vendor: Partner, parsed: ParsedFile, *, name: str, token: str, actor: Any) -> ImportJob:
    job = ImportJob.objects.create(
        vendor=vendor,
        made_by=actor,
        token=token,
        file_name=name[-60:].replace("\x00", ""),
        columns=parsed.columns,
    )
    ImportJobEvent.objects.create(job=job, to_state=job.state, actor=actor)
    rows = [
        ImportRow(job=job, number=each.row.number, cells=each.row.cells, head=each.head, faults=each.faults)
        for each in place_rows(parsed.rows, width=len(parsed.columns))
    ]
    ImportRow.objects.bulk_create(rows, batch_size=1000)
    enqueue(_RUN, job_pk=job.pk)
    return job


@transaction.atomic
def _check_batch(job: ImportJob, known: Known) -> bool:
    """Look at the next rows; False when there are none left, or another worker looks at this file."""
    rows_of_job = ImportJob.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    locked = rows_of_job.filter(pk=job.pk, state=State.CHECKING).first()
    if locked is None:
        return False
    rows = list(ImportRow.objects.filter(job=job, plan="").order_by(*_HEADS_FIRST)[:BATCH])
    for row, planned in zip(rows, plan_rows(job.vendor, rows, known), strict=True):
        row.plan, row.faults = planned.plan, planned.faults
        row.seen_stock = planned.record.num_in_stock if planned.record else None
    ImportRow.objects.bulk_update(rows, ["plan", "faults", "seen_stock"])
    if len(rows) == BATCH:
        return True
    _move(locked, State.CHECKED)
    return False


def _take_over_rows(job: ImportJob, known: Known, *, ends: float) -> None:
    waiting = ImportRow.objects.filter(job=job, is_done=False, plan__in=(Plan.NEW, Plan.CHANGED))
    for pk in list(waiting.order_by(*_HEADS_FIRST).values_list("pk", flat=True)):
        if time.monotonic() >= ends:
            return
        try:
            take_over(job, pk, known)
        except OperationalError as error:
            if not is_busy(error):
                raise
            # Somebody holds the listing: the row waits for the next run.
            logger.warning("import row waits", extra={"job": job.pk, "row": pk})
    with transaction.atomic():
        locked = lock_job(job.pk)
        if not waiting.exists():
            _move(locked, State.DONE)


def _move(locked: ImportJob, target: State, *, actor: Any = None) -> bool:
    return move(locked, target, moves=ImportJob.MOVES, event=ImportJobEvent, subject_field="job", actor=actor)
