"""Places and groups that people follow, and the message about what is new there."""

from typing import Any, Self

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vendors.models import Partner

_SIGNER = signing.Signer(salt="catalogue.follow-news")


class FollowQuerySet(models.QuerySet["Follow"]):
    """Reads of what is followed."""

    def visible_to(self, user: Any) -> Self:
        """The person's own, and nobody else's."""
        return self.filter(person=user) if user.is_authenticated and user.is_active else self.none()


class Follow(models.Model):
    """A person follows a place with all that lies in it, or a group; one of the two."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.CASCADE, related_name="follows"
    )
    region = models.ForeignKey(
        "regions.Region",
        verbose_name=_("place"),
        on_delete=models.CASCADE,
        related_name="follows",
        null=True,
        blank=True,
    )
    vendor = models.ForeignKey(
        Partner,
        verbose_name=_("group"),
        on_delete=models.CASCADE,
        related_name="follows",
        null=True,
        blank=True,
    )
    created_at = models.DateTimeField(_("followed since"), auto_now_add=True)

    objects = FollowQuerySet.as_manager()

    class Meta:
        app_label = "catalogue"
        verbose_name = _("followed place or group")
        verbose_name_plural = _("followed places and groups")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="follow_of_place_or_group",
                condition=Q(region__isnull=False, vendor=None) | Q(region=None, vendor__isnull=False),
            ),
            models.UniqueConstraint(name="follow_place_once", fields=["person", "region"]),
            models.UniqueConstraint(name="follow_group_once", fields=["person", "vendor"]),
        ]

    def __str__(self) -> str:
        return str(self.region or self.vendor)


class FollowNews(models.Model):
    """Whether somebody who follows wants the weekly message, and until when she or he was told of what is new."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="follow_news",
    )
    is_wanted = models.BooleanField(_("wants the message"), default=True)
    told_until = models.DateTimeField(_("told until"))

    class Meta:
        app_label = "catalogue"
        verbose_name = _("message about what is followed")
        verbose_name_plural = _("messages about what is followed")
        indexes = [
            models.Index(name="follow_news_due", fields=["told_until"], condition=Q(is_wanted=True)),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def token(self) -> str:
        """What names this in the link that switches it off; nobody else can make it."""
        return _SIGNER.sign(str(self.pk))


def follow_news_of(token: str) -> FollowNews | None:
    """The row that a link names; None for a link that is not ours, and where the person is gone."""
    try:
        pk = int(_SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return FollowNews.objects.filter(pk=pk).first()
