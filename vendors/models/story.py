"""What shoppers see of a group besides its words: photos, and the people who make the goods."""

from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vendors.models.vendor import Partner

RENDITION_WIDTHS = (320, 640, 1280)


class GroupPhoto(models.Model):
    """A photo of the group: the upload re-encoded, and renditions of 320, 640 and 1280 px beside it.

    original: name in the storage. width, height: pixels of the re-encoded original. The one of the lowest
    display_order is shown large.
    """

    vendor = models.ForeignKey(
        Partner, verbose_name=_("group"), on_delete=models.CASCADE, related_name="photos"
    )
    original = models.CharField(_("file"), max_length=120)
    digest = models.CharField(_("fingerprint of the upload"), max_length=64, editable=False)
    alt_text = models.CharField(_("what the photo shows"), max_length=200, blank=True)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    has_renditions = models.BooleanField(_("renditions made"), default=False, editable=False)
    display_order = models.PositiveSmallIntegerField(_("order"), default=0)
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    class Meta:
        app_label = "partner"
        verbose_name = _("photo of a group")
        verbose_name_plural = _("photos of groups")
        ordering = ["display_order", "pk"]
        constraints = [
            # The same form sent twice adds its photos once.
            models.UniqueConstraint(name="group_photo_once", fields=["vendor", "digest"]),
        ]

    def __str__(self) -> str:
        return self.alt_text or self.original

    def rendition_name(self, width: int) -> str:
        """Storage name of a rendition; the original's own before the worker has made them."""
        if not self.has_renditions:
            return self.original
        path = PurePosixPath(self.original)
        return str(path.with_name(f"{path.stem}-{width}.webp"))

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


class GroupPerson(models.Model):
    """Somebody who makes the goods, as the group shows her or him. Shown only with consent, said by a member.

    portrait: name in the storage, empty without one; square, at most 480 px.
    """

    vendor = models.ForeignKey(
        Partner, verbose_name=_("group"), on_delete=models.CASCADE, related_name="people"
    )
    name = models.CharField(_("name"), max_length=80)
    work = models.CharField(_("what she or he does"), max_length=120, blank=True)
    portrait = models.CharField(_("portrait"), max_length=120, blank=True)
    consented_at = models.DateTimeField(_("agreed to be shown"), null=True, blank=True)
    consent_noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who noted it"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    form_key = models.CharField(max_length=40, editable=False)
    display_order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        app_label = "partner"
        verbose_name = _("person of a story")
        verbose_name_plural = _("people of stories")
        ordering = ["display_order", "pk"]
        constraints = [
            models.UniqueConstraint(name="group_person_once", fields=["vendor", "form_key"]),
            models.CheckConstraint(name="group_person_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def portrait_url(self) -> str:
        """Address of the portrait; empty without one."""
        return default_storage.url(self.portrait) if self.portrait else ""
