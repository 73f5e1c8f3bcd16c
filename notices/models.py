"""A notice is a row before it is a message, so that neither a broker nor a worker can lose it."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Reads of notices."""

    def due(self, now: datetime) -> Self:
        """Notices that should be sent by now, oldest first."""
        return self.filter(state=Notice.State.WAITING, send_after__lte=now).order_by("send_after", "pk")


class Notice(models.Model):
    """One message to one address about one event.

    key: unique words for event, recipient and channel; asking twice for the same notice changes nothing.
    context: values for the template, plain words only. Sending is repeated with growing pauses until it
    succeeds or max tries are spent; the message carries the key, so a provider can drop a repeat.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        SMS = "sms", _("SMS")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    key = models.CharField(_("key"), max_length=160, unique=True)
    kind = models.CharField(_("kind"), max_length=40)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    address = models.CharField(_("address"), max_length=254)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.SET_NULL,
        related_name="notices",
        null=True,
        blank=True,
    )
    language = models.CharField(_("language"), max_length=8, default="en")
    context = models.JSONField(_("values"), default=dict)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    send_after = models.DateTimeField(_("send after"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        app_label = "communication"
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.CheckConstraint(
                name="notice_sent_has_time",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(name="notice_has_address", condition=~Q(address="")),
        ]
        indexes = [
            models.Index(name="notice_waiting", fields=["send_after"], condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return self.key


from oscar.apps.communication.models import *  # noqa: E402, F403 - Oscar: a fork's own models come first
