"""Pictures that come from outside: hostile until decoded, measured and written anew by us."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
SHORTEST_EDGE = 100
LONGEST_EDGE = 2560
QUALITY = 86
RENDITION_QUALITY = 80
_PAPER = (255, 255, 255)


class PictureRefused(Exception):
    """The upload is no picture that we can show; message is for the person and says what to do."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class CleanPicture:
    """A WebP of our own making, and its width and height in pixels."""

    content: bytes
    width: int
    height: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height


def clean_picture(upload: "UploadedFile[Any]") -> CleanPicture:
    """Decode an upload and write its pixels anew: upright, sRGB, at most 2560 px, without metadata.

    A phone writes where a photo was taken; nothing of the file that came in is left. What it is called and said to be
    does not count: JPEG, PNG and WebP are known by their content. Raises PictureRefused; nothing is stored here.
    """
    image = _decoded(upload)
    return CleanPicture(_encoded(image), *image.size)


def store_picture(picture: CleanPicture, *, folder: str, storage: Storage | None = None) -> str:
    """Write a picture under a random name and return that name, such as "photos/ab/ab12.webp".

    Not inside a transaction: a file is not rolled back. Who stores it deletes it when its row cannot be written.
    """
    token = uuid.uuid4().hex
    name = f"{folder}/{token[:2]}/{token}.webp"
    return (storage or default_storage).save(name, ContentFile(picture.content))


def rendition_name(original: str, width: int) -> str:
    """Storage name of a rendition: photos/ab12.webp has photos/ab12-640.webp."""
    path = PurePosixPath(original)
    return str(path.with_name(f"{path.stem}-{width}.webp"))


def write_renditions(original: str, widths: Iterable[int], *, storage: Storage | None = None) -> None:
    """Write smaller copies of a stored picture beside it; safe to run twice and beside itself.

    Raises OSError when the original cannot be read.
    """
    store = storage or default_storage
    with store.open(original) as file, Image.open(file) as opened:
        picture = opened.convert("RGB")
    for width in widths:
        _write_over(store, rendition_name(original, width), scaled(picture, width))


def scaled(picture: Image.Image, width: int) -> bytes:
    """A WebP of that width in pixels, or of the picture's own when that is smaller."""
    height = max(1, round(picture.height * width / picture.width))
    smaller = picture if picture.width <= width else picture.resize((width, height), Image.Resampling.LANCZOS)
    out = BytesIO()
    smaller.save(out, "WEBP", quality=RENDITION_QUALITY, method=4)
    return out.getvalue()


def _write_over(store: Storage, name: str, content: bytes) -> None:
    if store.exists(name):
        store.delete(name)
    written = store.save(name, ContentFile(content))
    if written != name:
        # A twin was quicker and wrote the same bytes.
        store.delete(written)


def _decoded(upload: "UploadedFile[Any]") -> Image.Image:
    if not upload.size:
        raise PictureRefused(_("The file is empty. Choose the photo again."))
    if upload.size > settings.PHOTO_MAX_BYTES:
        limit = settings.PHOTO_MAX_BYTES // (1024 * 1024)
        raise PictureRefused(
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
    except PictureRefused:
        raise
    # Pillow's readers raise all of these for what is not, or only half, a picture.
    except (OSError, SyntaxError, ValueError, EOFError, ArithmeticError, LookupError, TypeError):
        raise PictureRefused(
            _("This file cannot be read as a photo. Take it again, or save it as JPEG, PNG or WebP.")
        ) from None


def _check_measures(image: Image.Image) -> None:
    """Look at what the header says before any pixel is unpacked."""
    width, height = image.size
    if width * height > settings.PHOTO_MAX_PIXELS:
        raise _too_many_pixels()
    if min(width, height) < SHORTEST_EDGE:
        raise PictureRefused(
            _("The photo is too small. Each side needs at least %(edge)d pixels.") % {"edge": SHORTEST_EDGE}
        )
    # A JPEG with several pictures inside (MPO) is what some phones make of a still photo.
    if image.format in ("PNG", "WEBP") and getattr(image, "is_animated", False):
        raise PictureRefused(_("The picture moves. Choose a still photo."))


def _too_many_pixels() -> PictureRefused:
    millions = settings.PHOTO_MAX_PIXELS // 1_000_000
    return PictureRefused(
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
