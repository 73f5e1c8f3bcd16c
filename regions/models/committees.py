"""Meetings of the committee of a scheme, and their minutes."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from regions.models.schemes import Scheme


class CommitteeMeeting(models.Model):
    """A meeting that decides about nominations to a scheme; what it decided are the events that name it.

    form_key: random, of the form that wrote it down.
    """

    scheme = models.ForeignKey(
        Scheme, verbose_name=_("scheme"), on_delete=models.PROTECT, related_name="meetings"
    )
    held_on = models.DateField(_("held on"))
    title = models.CharField(_("title"), max_length=120)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written down by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    form_key = models.CharField(max_length=40, unique=True, editable=False)
    created_at = models.DateTimeField(_("written down at"), auto_now_add=True)

    class Meta:
        verbose_name = _("meeting of a committee")
        verbose_name_plural = _("meetings of committees")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(F("scheme"), F("held_on"), Lower("title"), name="committee_meeting_once"),
            models.CheckConstraint(name="committee_meeting_has_title", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return f"{self.held_on}: {self.title}"


class MeetingMinutes(models.Model):
    """The minutes of a meeting as they were written once; the highest version counts, none is edited or deleted."""

    meeting = models.ForeignKey(
        CommitteeMeeting, verbose_name=_("meeting"), on_delete=models.PROTECT, related_name="minutes"
    )
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("minutes"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="+"
    )
    form_key = models.CharField(max_length=40, unique=True, editable=False)
    created_at = models.DateTimeField(_("written at"), auto_now_add=True)

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        ordering = ["meeting", "-version"]
        constraints = [
            models.UniqueConstraint(name="meeting_minutes_version_once", fields=["meeting", "version"]),
            models.CheckConstraint(
                name="meeting_minutes_say_something", condition=Q(version__gte=1) & ~Q(text="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} ({self.version})"
