"""Photos of listings: taken in, ordered and taken away."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from catalogue.errors import ListingLocked, PhotoRefused
from catalogue.models import PHOTO_WIDTHS, Product, ProductImage
from catalogue.services.arranging import PhotoEdit, arranged
from catalogue.services.listings import EDITABLE_STATES
from marketplace.lib.photos import CleanPicture, PictureRefused, clean_picture, rendition_name, store_picture
from marketplace.lib.queue import enqueue

FOLDER = "photos"
MOST_PHOTOS = 8


def add_photo(listing: Product, upload: "UploadedFile[Any]", *, alt_text: str = "") -> ProductImage:
    """Take a photo into a draft, returned or withdrawn listing as its last one; renditions follow by the worker.

    Stored is a WebP of our own making (marketplace.lib.photos). Raises PhotoRefused, ListingLocked; then nothing is
    stored.
    """
    _check_room(listing)
    picture = cleaned(upload)
    name = store_picture(picture, folder=FOLDER)
    try:
        with transaction.atomic():
            photo = _write_row(listing, name=name, size=picture.size, alt_text=alt_text)
            enqueue("catalogue.make_renditions", photo_pk=photo.pk)
    except Exception:
        default_storage.delete(name)
        raise
    return photo


def cleaned(upload: "UploadedFile[Any]") -> CleanPicture:
    """The upload as a picture of our own making. Raises PhotoRefused."""
    try:
        return clean_picture(upload)
    except PictureRefused as refused:
        raise PhotoRefused(refused.message) from None


def remove_photo(photo: ProductImage) -> None:
    """Take a photo and its files away; raises ListingLocked for a listing under review or on sale."""
    _check_state(photo.product)
    names = files_of(photo)
    photo.delete()
    _delete(names)


@transaction.atomic
def arrange_photos(listing: Product, edit: PhotoEdit) -> bool:
    """Order, describe or take away photos of a draft, returned or withdrawn listing; whether anything changed.

    Raises ListingLocked. Files of a photo that goes are deleted after the commit.
    """
    locked = _lock(listing)
    _check_state(locked)
    rows = {str(photo.pk): photo for photo in locked.images.order_by("display_order", "pk")}
    before = [{"photo": photo.pk, "alt": photo.alt_text} for photo in rows.values()]
    after = arranged(before, edit)
    if after == before:
        return False
    kept = [str(entry["photo"]) for entry in after]
    for key, photo in rows.items():
        if key not in kept:
            transaction.on_commit(partial(_delete, files_of(photo)))
            photo.delete()
    for place, entry in enumerate(after):
        rows_of_photo = ProductImage.objects.filter(pk=entry["photo"])
        rows_of_photo.update(display_order=place, alt_text=entry["alt"])
    return True


def files_of(photo: ProductImage) -> list[str]:
    """Storage names of a photo and its renditions."""
    original = str(photo.original.name)
    return [original, *(rendition_name(original, width) for width in PHOTO_WIDTHS)]


def _delete(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _check_state(listing: Product) -> None:
    if listing.state not in EDITABLE_STATES:
        raise ListingLocked


def _check_room(listing: Product) -> None:
    _check_state(listing)
    if listing.images.count() >= MOST_PHOTOS:
        raise PhotoRefused(
            _("A listing shows at most %(count)d photos. Remove one first.") % {"count": MOST_PHOTOS}
        )


def _lock(listing: Product) -> Product:
    locked: Product = Product.objects.select_for_update(of=("self",), no_key=True).get(pk=listing.pk)
    return locked


def _write_row(listing: Product, *, name: str, size: tuple[int, int], alt_text: str) -> ProductImage:
    # Asked again under the lock: a moderator or a second upload may have been quicker.
    locked = _lock(listing)
    _check_room(locked)
    last: int | None = locked.images.aggregate(last=Max("display_order"))["last"]
    photo: ProductImage = ProductImage.objects.create(
        product=locked,
        original=name,
        alt_text=alt_text.strip()[:200],
        width=size[0],
        height=size[1],
        display_order=0 if last is None else last + 1,
    )
    return photo
