"""Photos of stories: taken in, put in order, taken away."""

import logging
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib.photos import (
    CleanPicture,
    clean_picture,
    rendition_name,
    store_picture,
    write_renditions,
)
from marketplace.lib.queue import enqueue
from marketplace.lib.stored_photos import RENDITION_WIDTHS
from marketplace.lib.uploads import digest_of
from marketplace.lib.words import plain_words
from programme.errors import CurationError
from programme.models import Story, StoryPhoto
from programme.policies import can_edit

FOLDER = "stories"
MOST_PHOTOS = 6
BATCH = 100
# What was uploaded a moment ago has its own task under way.
GRACE = timedelta(minutes=2)
logger = logging.getLogger(__name__)


def add_photo(story: Story, upload: "UploadedFile[Any]", *, alt_text: str, actor: Any) -> StoryPhoto:
    """Add a photo as the last one; the same file sent twice is added once. Renditions follow by the worker.

    Raises PictureRefused, and CurationError for too many, words that are missing, or somebody who may not change the story;
    then nothing is stored.
    """
    words = plain_words(alt_text)[:200]
    if not words:
        raise CurationError(_("Write what the photo shows, for those who do not see it."))
    digest = digest_of(upload)
    picture = clean_picture(upload)
    name = store_picture(picture, folder=FOLDER)
    try:
        photo, is_new = _write(story, picture, name=name, digest=digest, alt_text=words, actor=actor)
    except Exception:
        default_storage.delete(name)
        raise
    if not is_new:
        default_storage.delete(name)
    return photo


@transaction.atomic
def remove_photo(story: Story, photo_pk: int, *, actor: Any) -> bool:
    """Take a photo away, its files after the commit; False when it is gone. Raises CurationError as add_photo does."""
    locked = _lock(story, actor)
    photo = StoryPhoto.objects.filter(story=locked, pk=photo_pk).first()
    if photo is None:
        return False
    photo.delete()
    names = [photo.original, *(rendition_name(photo.original, width) for width in RENDITION_WIDTHS)]
    if photo.original.startswith(f"{FOLDER}/"):
        transaction.on_commit(partial(_delete, names))
    return True


@transaction.atomic
def show_first(story: Story, photo_pk: int, *, actor: Any) -> bool:
    """Put a photo before all others; False when it stands there or is gone. Raises CurationError as add_photo does."""
    locked = _lock(story, actor)
    rows = StoryPhoto.objects.filter(story=locked)
    order = list(rows.values_list("pk", flat=True))
    if photo_pk not in order[1:]:
        return False
    for place, pk in enumerate([photo_pk, *(each for each in order if each != photo_pk)]):
        rows.filter(pk=pk).update(display_order=place)
    return True


def make_renditions(photo_pk: int) -> bool:
    """Write the renditions of a photo and mark it; False when they exist or the photo is gone.

    Safe to run twice and beside itself. Raises OSError when the original cannot be read.
    """
    waiting = StoryPhoto.objects.filter(pk=photo_pk, has_renditions=False)
    photo = waiting.first()
    if photo is None:
        return False
    write_renditions(photo.original, RENDITION_WIDTHS)
    return waiting.update(has_renditions=True) == 1


def make_missing_renditions() -> int:
    """Make up for tasks that were lost, at most one batch; returns how many photos got their renditions."""
    waiting = StoryPhoto.objects.filter(has_renditions=False, created_at__lte=timezone.now() - GRACE)
    return sum(_made(pk) for pk in list(waiting.order_by("pk").values_list("pk", flat=True)[:BATCH]))


def _made(photo_pk: int) -> bool:
    try:
        return make_renditions(photo_pk)
    except OSError:
        # One lost file must not keep the others waiting.
        logger.warning("renditions not made", extra={"photo": photo_pk}, exc_info=True)
        return False


def _delete(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _lock(story: Story, actor: Any) -> Story:
    locked = Story.objects.select_for_update(of=("self",)).select_related("region").get(pk=story.pk)
    if not can_edit(actor, locked):
        raise CurationError(_("This story is changed by those who decide about it."))
    return locked


@transaction.atomic
def _write(
    story: Story, picture: CleanPicture, *, name: str, digest: str, alt_text: str, actor: Any
) -> tuple[StoryPhoto, bool]:
    locked = _lock(story, actor)
    rows = StoryPhoto.objects.filter(story=locked)
    last: int | None = rows.aggregate(last=Max("display_order"))["last"]
    photo, is_new = StoryPhoto.objects.get_or_create(
        story=locked,
        digest=digest,
        defaults={
            "original": name,
            "alt_text": alt_text,
            "width": picture.width,
            "height": picture.height,
            "display_order": 0 if last is None else last + 1,
        },
    )
    if rows.count() > MOST_PHOTOS:
        raise CurationError(
            _("A story shows at most %(count)d photos. Remove one first.") % {"count": MOST_PHOTOS}
        )
    if is_new:
        enqueue("programme.make_renditions", photo_pk=photo.pk)
    return photo, is_new
