"""What tables of photos have in common: a picture of our own making, and smaller ones beside it."""

from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.lib.photos import rendition_name

RENDITION_WIDTHS = (320, 640, 1280)


class StoredPhoto(models.Model):
    """A photo: the upload re-encoded, and renditions of 320, 640 and 1280 px beside it.

    original: name in the storage. width, height: pixels of the re-encoded original. The one of the lowest
    display_order is shown large.
    """

    original = models.CharField(_("file"), max_length=120)
    digest = models.CharField(_("fingerprint of the upload"), max_length=64, editable=False)
    alt_text = models.CharField(_("what the photo shows"), max_length=200, blank=True)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    has_renditions = models.BooleanField(_("renditions made"), default=False, editable=False)
    display_order = models.PositiveSmallIntegerField(_("order"), default=0)
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["display_order", "pk"]

    def __str__(self) -> str:
        return self.alt_text or self.original

    def rendition_name(self, width: int) -> str:
        """Storage name of a rendition; the original's own before the worker has made them."""
        return rendition_name(self.original, width) if self.has_renditions else self.original

    def rendition_url(self, width: int) -> str:
        """Address of a rendition of 320, 640 or 1280 px."""
        return default_storage.url(self.rendition_name(width))

    # The names that components/picture.html and components/gallery.html read.

    @property
    def url(self) -> str:
        """Address of the middle rendition."""
        return self.rendition_url(640)

    @property
    def alt(self) -> str:
        """What it shows."""
        return self.alt_text

    @property
    def small(self) -> str:
        """Address of the smallest rendition."""
        return self.rendition_url(320)

    @property
    def large(self) -> str:
        """Address of the largest rendition."""
        return self.rendition_url(1280)

    @property
    def srcset(self) -> str:
        """All renditions with their widths; empty before the worker has made them."""
        if not self.has_renditions:
            return ""
        return ", ".join(f"{self.rendition_url(width)} {width}w" for width in RENDITION_WIDTHS)
