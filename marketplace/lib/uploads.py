"""Papers and photos as they come in: hostile until decoded, measured and written anew by marketplace.lib.photos."""

import hashlib
from typing import Any

from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from marketplace.lib.photos import CleanPicture, PictureRefused, clean_picture

_LONGEST_HEAD = 1024


def private_storage() -> Storage:
    """Where papers lie: no address leads there."""
    return storages["private"]


def digest_of(upload: "UploadedFile[Any]") -> str:
    """Fingerprint of what came in, by which the same file sent twice is known."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def clean_upload(upload: "UploadedFile[Any]") -> CleanPicture:
    """The picture of an upload. Raises PictureRefused, which says of a PDF what to do instead."""
    upload.seek(0)
    head = upload.read(_LONGEST_HEAD)
    if b"%PDF-" in head:
        # Nothing here draws a PDF safely, and a PDF as it came is never kept.
        raise PictureRefused(
            _("This is a PDF. Lay the paper on a table and take a photo of each page, or save it as JPEG.")
        )
    return clean_picture(upload)
