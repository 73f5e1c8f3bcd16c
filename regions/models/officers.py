"""Where officers of the programme work."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from regions.models.places import Region


class RegionRole(models.Model):
    """A person of the staff works in this place and all that lies below it; without any, in no place at all.

    may_decide: about groups and listings there; otherwise the person reads, lists on behalf of groups and verifies.
    Whoever has the right work_everywhere needs no role.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="region_roles",
        limit_choices_to={"is_staff": True},
    )
    region = models.ForeignKey(
        Region, verbose_name=_("place"), on_delete=models.PROTECT, related_name="region_roles"
    )
    may_decide = models.BooleanField(_("decides"), default=False)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("officer's place")
        verbose_name_plural = _("officers' places")
        permissions = [("work_everywhere", "Works in every place")]
        constraints = [models.UniqueConstraint(name="region_role_once", fields=["person", "region"])]

    def __str__(self) -> str:
        return f"{self.person}: {self.region}"
