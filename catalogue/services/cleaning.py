"""What is kept for a while only: rows of files with listings, and photos of changes that were refused or given up."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from catalogue.models import ImportJob, ListingChange, ProposedPhoto
from catalogue.services.changes import delete_private

BATCH = 500
# Steps after which nothing happens any more unless a person asks for it; one under way is never touched.
_RESTING = (ImportJob.State.CHECKED, ImportJob.State.DONE, ImportJob.State.STOPPED)
_ENDED = (ListingChange.State.REJECTED, ListingChange.State.WITHDRAWN)


def clear_imports() -> int:
    """Delete files whose last step is older than IMPORT_KEEP_DAYS, with their rows; returns how many, at most a batch.

    What was taken over stays: listings and movements of stock do not need them. Safe to repeat and beside itself.
    """
    keys = list(_old_imports().order_by("pk").values_list("pk", flat=True)[:BATCH])
    return sum(_clear_import(pk) for pk in keys)


def clear_photos() -> int:
    """Delete photos of changes refused or given up longer than REFUSED_PHOTO_KEEP_DAYS ago; returns how many, at most a batch.

    Such a change never moves again, so nobody waits for its files. They go before their row: a run that is killed
    between leaves a row by which the next one finds them. Safe to repeat and beside itself.
    """
    ended = (
        ListingChange.objects.filter(state__in=_ENDED)
        .annotate(last=Max("events__created_at"))
        .filter(last__lt=timezone.now() - timedelta(days=settings.REFUSED_PHOTO_KEEP_DAYS))
    )
    photos = ProposedPhoto.objects.filter(change__in=ended.values("pk")).order_by("pk")[:BATCH]
    cleared = 0
    for photo in list(photos):
        delete_private([photo.file])
        deleted, _rows = ProposedPhoto.objects.filter(pk=photo.pk).delete()
        cleared += deleted
    return cleared


def _old_imports() -> QuerySet[ImportJob]:
    return (
        ImportJob.objects.filter(state__in=_RESTING)
        .annotate(last=Max("events__created_at"))
        .filter(last__lt=timezone.now() - timedelta(days=settings.IMPORT_KEEP_DAYS))
    )


@transaction.atomic
def _clear_import(pk: int) -> bool:
    # Somebody may have just said that it is to be taken over: its state is asked again under the lock.
    rows = ImportJob.objects.select_for_update(of=("self",), skip_locked=True)
    held = rows.filter(pk=pk, state__in=_RESTING).first()
    if held is None:
        return False
    held.delete()
    return True
