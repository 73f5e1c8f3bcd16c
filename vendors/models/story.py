"""What shoppers see of a group besides its words: photos, and the people who make the goods."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.lib.stored_photos import StoredPhoto
from vendors.models.vendor import Partner


class GroupPhoto(StoredPhoto):
    """A photo of the group. waits: nobody has read it yet, so shoppers do not see it."""

    vendor = models.ForeignKey(
        Partner, verbose_name=_("group"), on_delete=models.CASCADE, related_name="photos"
    )
    waits = models.BooleanField(_("waits until somebody has looked at it"), default=False, editable=False)

    class Meta(StoredPhoto.Meta):
        app_label = "partner"
        verbose_name = _("photo of a group")
        verbose_name_plural = _("photos of groups")
        constraints = [
            # The same form sent twice adds its photos once.
            models.UniqueConstraint(name="group_photo_once", fields=["vendor", "digest"]),
        ]


class GroupPerson(models.Model):
    """Somebody who makes the goods, as the group shows her or him. Shown only with consent, said by a member.

    portrait: name in the storage, empty without one; square, at most 480 px. waits: nobody has read this yet; shoppers
    see what is in shown meanwhile (name, work, portrait), or nothing where that is empty.
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
    waits = models.BooleanField(_("waits until somebody has read it"), default=False, editable=False)
    shown = models.JSONField(_("shown meanwhile"), null=True, blank=True, editable=False)

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
    def as_shown(self) -> dict[str, str] | None:
        """Name, work and portrait as shoppers see them; None where they see nothing of this person."""
        if self.consented_at is None:
            return None
        if self.waits:
            return self.shown
        return {"name": self.name, "work": self.work, "portrait": self.portrait}

    @property
    def files(self) -> set[str]:
        """Portraits of this person in the storage, that which is shown meanwhile too."""
        return {name for name in (self.portrait, (self.shown or {}).get("portrait")) if name}

    @property
    def portrait_url(self) -> str:
        """Address of the portrait; empty without one."""
        return default_storage.url(self.portrait) if self.portrait else ""
