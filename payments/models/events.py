"""Messages of the providers."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ProviderEventQuerySet(models.QuerySet["ProviderEvent"]):
    """Reads of provider events."""

    def due(self, now: datetime) -> Self:
        """Events not yet handled whose next try has come, oldest first."""
        return self.filter(state=ProviderEvent.State.RECEIVED, next_try_at__lte=now).order_by(
            "next_try_at", "pk"
        )


class ProviderEvent(models.Model):
    """One message of a provider, stored before it is handled; a hint to look, never the truth itself.

    payload: the body without card and bank data. account: connected account, empty for the platform.
    reference: of our attempt, as the message's metadata names it.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        HANDLED = "handled", _("handled")
        IGNORED = "ignored", _("not for us")
        DEAD = "dead", _("given up")

    provider = models.CharField(_("provider"), max_length=20)
    account = models.CharField(_("account"), max_length=100, blank=True)
    event_id = models.CharField(_("event"), max_length=100)
    kind = models.CharField(_("type"), max_length=100)
    object_id = models.CharField(_("object"), max_length=100, blank=True)
    api_version = models.CharField(_("API version"), max_length=40, blank=True)
    reference = models.CharField(_("our reference"), max_length=64, blank=True)
    is_live = models.BooleanField(_("live"), default=False)
    occurred_at = models.DateTimeField(_("occurred at"))
    payload = models.JSONField(_("message"), default=dict)
    headers = models.JSONField(_("headers"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RECEIVED)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try at"))
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    handled_at = models.DateTimeField(_("handled at"), null=True, blank=True)

    objects = ProviderEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("provider event")
        verbose_name_plural = _("provider events")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="provider_event_once", fields=["provider", "account", "event_id"]),
        ]
        indexes = [
            models.Index(name="provider_event_due", fields=["next_try_at"], condition=Q(state="received")),
        ]

    def __str__(self) -> str:
        return self.event_id


class RefusedMessages(models.Model):
    """How many messages of a day were refused: not signed by the provider, or not an event. Nothing of them is kept."""

    provider = models.CharField(_("provider"), max_length=20)
    day = models.DateField(_("day"))
    why = models.CharField(_("why"), max_length=40)
    count = models.PositiveIntegerField(_("messages"), default=0)
    last_at = models.DateTimeField(_("last at"), auto_now_add=True)

    class Meta:
        verbose_name = _("refused messages")
        verbose_name_plural = _("refused messages")
        ordering = ["-day", "why"]
        constraints = [
            models.UniqueConstraint(name="refused_messages_once", fields=["provider", "day", "why"]),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.why}"
