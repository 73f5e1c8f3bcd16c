"""Uploads of photos: hostile until decoded, measured and written anew by us."""

import uuid
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

from catalogue.errors import ListingLocked, PhotoRefused
from catalogue.models import PHOTO_WIDTHS, Product, ProductImage
from catalogue.services.listings import EDITABLE_STATES
from marketplace.lib.queue import enqueue

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PHOTOS = 8
SHORTEST_EDGE = 100
LONGEST_EDGE = 2560
QUALITY = 86
_PAPER = (255, 255, 255)


def add_photo(listing: Product, upload: "UploadedFile[Any]", *, alt_text: str = "") -> ProductImage:
    """Take a photo into a draft, returned or withdrawn listing as its last one; renditions follow by the worker.

    Stored is a WebP of our own making: turned upright, sRGB, at most 2560 px, without metadata (a phone writes
    where it was taken). Raises PhotoRefused, ListingLocked; then nothing is stored.
    """
    _check_room(listing)
    image = _decoded(upload)
    name = default_storage.save(_random_name(), ContentFile(_encoded(image)))
    try:
        with transaction.atomic():
            photo = _write_row(listing, name=name, size=image.size, alt_text=alt_text)
            enqueue("catalogue.make_renditions", photo_pk=photo.pk)
    except Exception:
        default_storage.delete(name)
        raise
    return photo


def remove_photo(photo: ProductImage) -> None:
    """Take a photo and its files away; raises ListingLocked for a listing under review or on sale."""
    _check_state(photo.product)
    names = [str(photo.original.name)]
    if photo.has_renditions:
        names += [photo.rendition_name(width) for width in PHOTO_WIDTHS]
    photo.delete()
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


def _decoded(upload: "UploadedFile[Any]") -> Image.Image:
    """The picture of an upload, upright and in sRGB; what it is called and said to be does not count."""
    if not upload.size:
        raise PhotoRefused(_("The file is empty. Choose the photo again."))
    if upload.size > settings.PHOTO_MAX_BYTES:
        limit = settings.PHOTO_MAX_BYTES // (1024 * 1024)
        raise PhotoRefused(
            _("The photo is larger than %(limit)d MB. Choose a smaller one.") % {"limit": limit}
        )
    upload.seek(0)
    try:
        with Image.open(BytesIO(upload.read()), formats=FORMATS) as opened:
            _check_measures(opened)
            opened.load()
            return _as_srgb(ImageOps.exif_transpose(opened))
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except PhotoRefused:
        raise
    # Pillow's readers raise all of these for what is not, or only half, a picture.
    except (OSError, SyntaxError, ValueError, EOFError, ArithmeticError, LookupError, TypeError):
        raise PhotoRefused(
            _("This file cannot be read as a photo. Take it again, or save it as JPEG, PNG or WebP.")
        ) from None


def _check_measures(image: Image.Image) -> None:
    """Look at what the header says before any pixel is unpacked."""
    width, height = image.size
    if width * height > settings.PHOTO_MAX_PIXELS:
        raise _too_many_pixels()
    if min(width, height) < SHORTEST_EDGE:
        raise PhotoRefused(
            _("The photo is too small. Each side needs at least %(edge)d pixels.") % {"edge": SHORTEST_EDGE}
        )
    # A JPEG with several pictures inside (MPO) is what some phones make of a still photo.
    if image.format in ("PNG", "WEBP") and getattr(image, "is_animated", False):
        raise PhotoRefused(_("The picture moves. Choose a still photo."))


def _too_many_pixels() -> PhotoRefused:
    millions = settings.PHOTO_MAX_PIXELS // 1_000_000
    return PhotoRefused(
        _("The photo has more than %(millions)d million pixels. Choose a smaller one.")
        % {"millions": millions}
    )


def _as_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        image = Image.new("RGB", clear.size, _PAPER)
        image.paste(clear, mask=clear.getchannel("A"))
    if profile and image.mode in ("RGB", "CMYK"):
        image = _without_profile(image, profile)
    plain = image.convert("RGB")
    plain.thumbnail((LONGEST_EDGE, LONGEST_EDGE), Image.Resampling.LANCZOS)
    return plain


def _without_profile(image: Image.Image, profile: bytes) -> Image.Image:
    """Colours as the camera meant them, in sRGB; a profile that makes no sense is ignored."""
    try:
        meant = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, meant, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image


def _encoded(image: Image.Image) -> bytes:
    # A new picture made of the pixels alone: nothing of the file that came in is left.
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    out = BytesIO()
    clean.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()


def _lock(listing: Product) -> Product:
    locked: Product = Product.objects.select_for_update(of=("self",), no_key=True).get(pk=listing.pk)
    return locked


def _random_name() -> str:
    token = uuid.uuid4().hex
    return f"photos/{token[:2]}/{token}.webp"


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
