"""Files of all that is held about a person."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DataExportQuerySet(models.QuerySet["DataExport"]):
    """Reads of files."""

    def visible_to(self, user: Any) -> Self:
        """The own ones, and nobody else's, whatever rights somebody has."""
        return self.filter(person=user) if user.is_authenticated and user.is_active else self.none()

    def open(self) -> Self:
        """Those that are still to be made."""
        return self.filter(state__in=DataExport.OPEN)

    def to_take(self, now: datetime) -> Self:
        """What a worker may take: waiting, or left behind by a worker whose lease is over."""
        left = Q(state=DataExport.State.RUNNING, lease_until__lte=now)
        return self.filter(Q(state=DataExport.State.WAITING) | left)

    def to_fetch(self, now: datetime) -> Self:
        """Those that can be fetched."""
        return self.filter(state=DataExport.State.DONE, expires_at__gt=now)

    def to_remove(self, now: datetime) -> Self:
        """Those that were kept long enough."""
        return self.filter(state=DataExport.State.DONE, expires_at__lte=now)


class DataExport(models.Model):
    """One file that a person has asked for; at most one of a person is being made.

    tries: grows each time a worker takes it, and is what a worker shows to write anything. file: its name in the private
    storage, only while done; it holds a random part, and no address leads there. size: in bytes. language: of headings.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for the worker")
        RUNNING = "running", _("is being made")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        REMOVED = "removed", _("removed")

    OPEN = (State.WAITING, State.RUNNING)

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.CASCADE, related_name="+"
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    language = models.CharField(_("language"), max_length=8, default="en")
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    file = models.CharField(_("file"), max_length=120, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("done at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("can be fetched until"), null=True, blank=True)

    objects = DataExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of one's data")
        verbose_name_plural = _("files of one's data")
        default_permissions = ()
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="export_one_open_per_person",
                fields=["person"],
                condition=Q(state__in=("waiting", "running")),
            ),
            models.CheckConstraint(
                name="export_done_has_file",
                condition=(Q(state="done", expires_at__isnull=False) & ~Q(file=""))
                | (~Q(state="done") & Q(file="")),
            ),
            models.CheckConstraint(
                name="export_running_is_leased",
                condition=~Q(state="running") | Q(lease_until__isnull=False, tries__gt=0),
            ),
        ]
        indexes = [
            models.Index(name="export_to_make", fields=["id"], condition=Q(state__in=("waiting", "running"))),
            models.Index(name="export_to_remove", fields=["expires_at"], condition=Q(state="done")),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
