"""Smaller copies of photos, so that a phone on a bad line loads what it can show."""

import logging
from datetime import timedelta
from io import BytesIO
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from catalogue.models import PHOTO_WIDTHS, ProductImage

logger = logging.getLogger(__name__)

BATCH = 100
QUALITY = 80
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
    with default_storage.open(str(photo.original.name)) as file, Image.open(file) as original:
        picture = original.convert("RGB")
    for width in PHOTO_WIDTHS:
        _write(rendition_name(str(photo.original.name), width), scaled(picture, width))
    marked: int = ProductImage.objects.filter(pk=photo_pk, has_renditions=False).update(has_renditions=True)
    return marked == 1


def make_missing_renditions() -> int:
    """Make up for tasks that were lost, at most one batch; returns how many photos got their renditions."""
    waiting = ProductImage.objects.filter(has_renditions=False, date_created__lte=timezone.now() - GRACE)
    return sum(_made(pk) for pk in list(waiting.order_by("pk").values_list("pk", flat=True)[:BATCH]))


def rendition_name(original: str, width: int) -> str:
    """Storage name of a rendition: photos/ab12.webp has photos/ab12-640.webp."""
    path = PurePosixPath(original)
    return str(path.with_name(f"{path.stem}-{width}.webp"))


def scaled(picture: Image.Image, width: int) -> bytes:
    """A WebP of that width in pixels, or of the picture's own when that is smaller."""
    height = max(1, round(picture.height * width / picture.width))
    smaller = picture if picture.width <= width else picture.resize((width, height), Image.Resampling.LANCZOS)
    out = BytesIO()
    smaller.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()


def _made(photo_pk: int) -> bool:
    try:
        return make_renditions(photo_pk)
    except OSError:
        # One lost file must not keep the others waiting.
        logger.warning("renditions not made", extra={"photo": photo_pk}, exc_info=True)
        return False


def _write(name: str, content: bytes) -> None:
    if default_storage.exists(name):
        default_storage.delete(name)
    written = default_storage.save(name, ContentFile(content))
    if written != name:
        # A twin was quicker and wrote the same bytes.
        default_storage.delete(written)
