"""Announcements: a few words on top of the pages of those whom they concern, on certain days."""

from textwrap import shorten

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.lib.states import StateEvent
from programme.models.publications import (
    Publication,
    PublicationQuerySet,
    clean_days,
    days_in_order,
    published_at_some_time,
)


class AnnouncementQuerySet(PublicationQuerySet["Announcement"]):
    """Reads of announcements."""


class Announcement(Publication):
    """What the office has to say. starts_on, ends_on: both included, days of the place's country, else of the office.

    With a place it is for members of the groups there and below, or for the staff who work there; never for everybody.
    """

    class Audience(models.TextChoices):
        EVERYBODY = "everybody", _("everybody")
        MEMBERS = "members", _("members of groups")
        STAFF = "staff", _("staff")

    class Level(models.TextChoices):
        INFORMATION = "info", _("information")
        WARNING = "warn", _("warning")

    audience = models.CharField(_("for"), max_length=10, choices=Audience.choices)
    level = models.CharField(_("level"), max_length=4, choices=Level.choices, default=Level.INFORMATION)
    words = models.CharField(_("words (English)"), max_length=280)
    words_hi = models.CharField(_("words (Hindi)"), max_length=280, blank=True)
    words_dz = models.CharField(_("words (Dzongkha)"), max_length=280, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    is_dismissible = models.BooleanField(
        _("can be put away"), default=True, help_text=_("By each reader, for the own browser.")
    )

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-starts_on", "-pk"]
        permissions = [("publish_announcement", "Can publish announcements and take them back")]
        default_permissions = ("add", "change", "view")
        constraints = [
            days_in_order("announcement_days_in_order"),
            published_at_some_time("announcement_published_at"),
            models.CheckConstraint(
                name="announcement_for_everybody_has_no_place",
                condition=~Q(audience="everybody") | Q(region__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="announcement_running", fields=["ends_on"], condition=Q(state="published")),
        ]

    def __str__(self) -> str:
        return shorten(self.words, 60, placeholder="…")

    def get_absolute_url(self) -> str:
        """Where everybody, or the staff, read it."""
        return reverse("home") if self.audience == self.Audience.EVERYBODY else reverse("admin:index")

    def clean(self) -> None:
        """Say in words what the constraints would refuse."""
        super().clean()
        faults = clean_days(self)
        if self.audience == self.Audience.EVERYBODY and self.region is not None:
            faults["audience"] = _(
                "With a place it is for the members or the staff there. Take the place out, or choose."
            )
        if faults:
            raise ValidationError(faults)


class AnnouncementEvent(StateEvent):
    """An announcement was published or taken back."""

    announcement = models.ForeignKey(
        Announcement, verbose_name=_("announcement"), on_delete=models.PROTECT, related_name="events"
    )

    class Meta(StateEvent.Meta):
        verbose_name = _("decision about an announcement")
        verbose_name_plural = _("decisions about announcements")
