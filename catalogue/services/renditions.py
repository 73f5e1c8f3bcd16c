"""Smaller copies of photos, so that a phone on a bad line loads what it can show."""

import logging
from datetime import timedelta

from django.utils import timezone

from catalogue.models import PHOTO_WIDTHS, ProductImage
from marketplace.lib.photos import write_renditions

logger = logging.getLogger(__name__)

BATCH = 100
# What was uploaded a moment ago has its own task under way.
GRACE = timedelta(minutes=2)


def make_renditions(photo_pk: int) -> bool:
    """Write the renditions of a photo and mark it; False when they exist or the photo is gone.

    Safe to run twice and beside itself: the same bytes go to the same names, and the mark comes last.
    Raises OSError when the original cannot be read.
    """
    photo = ProductImage.objects.filter(pk=photo_pk, has_renditions=False).first()
    if photo is None:
        return False
    write_renditions(str(photo.original.name), PHOTO_WIDTHS)
    marked: int = ProductImage.objects.filter(pk=photo_pk, has_renditions=False).update(has_renditions=True)
    return marked == 1


def make_missing_renditions() -> int:
    """Make up for tasks that were lost, at most one batch; returns how many photos got their renditions."""
    waiting = ProductImage.objects.filter(has_renditions=False, date_created__lte=timezone.now() - GRACE)
    return sum(_made(pk) for pk in list(waiting.order_by("pk").values_list("pk", flat=True)[:BATCH]))


def _made(photo_pk: int) -> bool:
    try:
        return make_renditions(photo_pk)
    except OSError:
        # One lost file must not keep the others waiting.
        logger.warning("renditions not made", extra={"photo": photo_pk}, exc_info=True)
        return False
