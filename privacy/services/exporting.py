"""Files of one's data: asked for, made by the worker, fetched by the person alone, removed in time.

A worker may only write to a file's row with the number of its try. Whoever takes it after the lease is over has a higher
one, so that a worker which comes back late changes nothing and leaves no file.
"""

import logging
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone, translation

from marketplace.lib.queue import enqueue
from orders.models import ReturnPhoto
from people.models import User
from people.services import limits
from privacy.documents.archives import archive
from privacy.errors import TooManyExports
from privacy.models import DataExport, LeftFile
from privacy.register import TOLD
from privacy.selectors.holdings import holdings

logger = logging.getLogger(__name__)

State = DataExport.State
MOST_TRIES = 3
LEASE = timedelta(minutes=5)
EXPORT_BY_PERSON = limits.Limit("export-person", 3, timedelta(days=1))
_BATCH = 100


def private_storage() -> Storage:
    """Where the files lie; no address leads there."""
    return storages["private"]


def ask(person: User, *, language: str) -> DataExport:
    """The file that is being made for a person, or a new one; pressed twice it is one. Raises TooManyExports."""
    there = DataExport.objects.open().filter(person=person).first()
    if there is not None:
        return there
    if not limits.take(EXPORT_BY_PERSON, str(person.pk)):
        raise TooManyExports
    try:
        with transaction.atomic():
            row = DataExport.objects.create(person=person, language=language)
            enqueue("privacy.make_export", export_pk=row.pk)
    except IntegrityError:
        # Asked for at the same moment: the other one is as good, and this try does not count.
        limits.give_back(EXPORT_BY_PERSON, str(person.pk))
        return DataExport.objects.open().get(person=person)
    return row


def make(export_pk: int) -> bool:
    """Make one file; True when it is done by this call. Safe to repeat and beside itself."""
    row = _take(export_pk, timezone.now())
    if row is None:
        return False
    try:
        with translation.override(row.language):
            return _write(row)
    except Exception:
        # The outer edge: the sweeper tries again, and says so on the row in the end.
        logger.exception("file of a person's data not made", extra={"export": export_pk, "try": row.tries})
        _held(row).update(lease_until=timezone.now())
        return False


def make_waiting() -> int:
    """Make what waits: files whose task was lost, and those of workers that were killed; returns how many are done."""
    waiting = DataExport.objects.to_take(timezone.now()).order_by("pk")
    return sum(make(pk) for pk in list(waiting.values_list("pk", flat=True)[:5]))


def remove_old(now: datetime) -> int:
    """Forget files that were kept long enough, at most a batch, and take away what nothing names; how many were forgotten."""
    rows = list(DataExport.objects.to_remove(now).order_by("expires_at")[:_BATCH])
    for row in rows:
        with transaction.atomic():
            if DataExport.objects.to_remove(now).filter(pk=row.pk).update(state=State.REMOVED, file=""):
                leave([row.file])
    clear_left()
    return len(rows)


def leave(names: list[str]) -> None:
    """Note files that must go, in the caller's transaction; privacy.clear_left takes them away after it."""
    now = timezone.now()
    notes = [LeftFile(name=name, due_at=now) for name in names if name]
    LeftFile.objects.bulk_create(notes, ignore_conflicts=True)
    enqueue("privacy.clear_left")


def clear_left() -> int:
    """Take away files that were noted. First the file: killed before the row goes, the next run does both again."""
    done = 0
    for row in list(LeftFile.objects.filter(due_at__lte=timezone.now()).order_by("pk")[:_BATCH]):
        private_storage().delete(row.name)
        done += LeftFile.objects.filter(pk=row.pk).delete()[0]
    return done


def _take(export_pk: int, now: datetime) -> DataExport | None:
    """The row for this worker alone, under a lease; None when it waits for nobody or has been tried too often."""
    rows = DataExport.objects.select_related("person")
    seen = rows.to_take(now).filter(pk=export_pk).first()
    if seen is None:
        return None
    # Test and write in one statement: of two workers that saw the same try, one raises it.
    same = DataExport.objects.to_take(now).filter(pk=seen.pk, tries=seen.tries)
    if seen.tries >= MOST_TRIES:
        same.update(state=State.FAILED, finished_at=now)
        return None
    if not same.update(state=State.RUNNING, tries=F("tries") + 1, lease_until=now + LEASE):
        return None
    return rows.get(pk=export_pk)


def _write(row: DataExport) -> bool:
    now, storage = timezone.now(), private_storage()
    sections = holdings(row.person)
    content = archive(sections, made_at=now, language=row.language, pictures=_pictures(row.person))
    # Noted before it is written: whatever happens in between, a file that no row names is taken away.
    name = f"exports/{row.pk}-{secrets.token_hex(16)}.zip"
    note = LeftFile.objects.create(name=name, due_at=now + 2 * LEASE)
    storage.save(name, ContentFile(content))
    fetched_until = now + timedelta(days=settings.EXPORT_KEEP_DAYS)
    finished = {"state": State.DONE, "file": name, "size": len(content), "finished_at": now}
    with transaction.atomic():
        if _held(row).update(**finished, expires_at=fetched_until):
            note.delete()
            return True
    return False


def _pictures(person: User) -> dict[str, bytes]:
    """The photos that a buyer sent with returns, by their names in the zip; what is gone is left out."""
    told = next(each for each in TOLD if each.model is ReturnPhoto)
    found = {}
    for photo in told.rows(person):
        try:
            with private_storage().open(photo.name) as file:
                found[f"photos/return-{photo.pk}.webp"] = file.read()
        except FileNotFoundError:
            continue
    return found


def _held(row: DataExport) -> QuerySet[DataExport]:
    """The row, as long as it is with the worker of this try and its person has an account."""
    return DataExport.objects.filter(pk=row.pk, state=State.RUNNING, tries=row.tries)
