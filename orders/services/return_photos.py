"""Photos of returns: cleaned, kept in the private storage, dropped again where nothing came of them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from marketplace.lib.photos import CleanPicture, PictureRefused, clean_picture, store_picture
from orders.errors import TooManyPhotos
from orders.models import Return, ReturnPhoto

MOST_PHOTOS = 4
PHOTO_FOLDER = "returns"
# Name in the storage, and what it shows.
KeptPhoto = tuple[str, CleanPicture]


def photo_storage() -> Storage:
    """Where photos of returns lie: no address leads there."""
    return storages["private"]


@contextmanager
def kept_photos(photos: "Sequence[UploadedFile[Any]]") -> Iterator[list[KeptPhoto]]:
    """Uploads as photos that are stored by now, and dropped again where the block fails.

    It stands outside the transaction, because a file is not rolled back. Raises TooManyPhotos, and PictureRefused, which
    names the file; then nothing is kept.
    """
    if len(photos) > MOST_PHOTOS:
        raise TooManyPhotos(MOST_PHOTOS)
    pictures = [_clean(upload) for upload in photos]
    kept: list[KeptPhoto] = []
    try:
        for picture in pictures:
            kept.append((store_picture(picture, folder=PHOTO_FOLDER, storage=photo_storage()), picture))  # noqa: PERF401 - what was stored before a failure must be known
        yield kept
    except Exception:
        drop_photos(kept)
        raise


def drop_photos(kept: Sequence[KeptPhoto]) -> None:
    """Delete stored photos that no row names."""
    storage = photo_storage()
    for name, _picture in kept:
        storage.delete(name)


def add_photos(case: Return, kept: Sequence[KeptPhoto], *, by_group: bool) -> None:
    """Rows of stored photos of a return."""
    ReturnPhoto.objects.bulk_create(
        ReturnPhoto(case=case, name=name, width=picture.width, height=picture.height, by_group=by_group)
        for name, picture in kept
    )


def _clean(upload: "UploadedFile[Any]") -> CleanPicture:
    try:
        return clean_picture(upload)
    except PictureRefused as refused:
        said = {"file": upload.name or "", "why": str(refused.message)}
        raise PictureRefused(_("%(file)s: %(why)s") % said) from None
