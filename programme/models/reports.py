"""Reports of the office: what is asked for, kept under a name, and the files that the worker makes of it."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programme.domain.report_rights import RIGHTS
from regions.policies import reach_of


def kinds_for(user: Any) -> list[str]:
    """Codes of the kinds of report that this person may run: by the right to see such rows in the admin."""
    if not (user.is_authenticated and user.is_active and user.is_staff):
        return []
    if not user.has_perm("programme.view_savedreport"):
        return []
    return [code for code, right in RIGHTS.items() if user.has_perm(right)]


class SavedReportQuerySet(models.QuerySet["SavedReport"]):
    """Reads of saved reports."""

    def visible_to(self, user: Any) -> Self:
        """The own ones, and what is shared about places of this person or about none; of kinds that she or he may run."""
        kinds = kinds_for(user)
        if not kinds:
            return self.none()
        shared = Q(is_shared=True) & (Q(region=None) | reach_of(user).rows("region__path"))
        return self.filter(Q(owner=user) | shared, kind__in=kinds)


class SavedReport(models.Model):
    """A question that is asked again and again.

    kind: key of programme.reports.KINDS. region: rows of this place and below; None for all places of whoever runs it, which
    only somebody who works everywhere shares. filters: as the form of the kind sends them, field -> words, empty ones left
    out. form_key: random, of the form that made it.
    """

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=20)
    region = models.ForeignKey(
        "regions.Region",
        verbose_name=_("place"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    filters = models.JSONField(_("filters"), default=dict, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="+"
    )
    is_shared = models.BooleanField(_("shared"), default=False)
    form_key = models.CharField(max_length=40, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = SavedReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved report")
        verbose_name_plural = _("saved reports")
        default_permissions = ("view",)
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(name="saved_report_once_per_form", fields=["owner", "form_key"]),
        ]
        indexes = [models.Index(name="saved_report_shared", fields=["kind"], condition=Q(is_shared=True))]

    def __str__(self) -> str:
        return self.name


class ReportRunQuerySet(models.QuerySet["ReportRun"]):
    """Reads of runs."""

    def visible_to(self, user: Any) -> Self:
        """The own ones, and those of shared reports about places of this person; of kinds that she or he may run."""
        kinds = kinds_for(user)
        if not kinds:
            return self.none()
        shared = Q(report__is_shared=True) & reach_of(user).rows("region__path")
        return self.filter(Q(asked_by=user) | shared, kind__in=kinds)

    def open(self) -> Self:
        """Those that are not at their end."""
        return self.filter(state__in=ReportRun.OPEN)

    def to_take(self, now: datetime) -> Self:
        """What a worker may take: queued, or left behind by a worker whose lease is over."""
        left = Q(state=ReportRun.State.RUNNING, lease_until__lte=now)
        return self.filter(Q(state=ReportRun.State.QUEUED) | left)

    def to_expire(self, now: datetime) -> Self:
        """Files that were kept long enough."""
        return self.filter(state=ReportRun.State.DONE, expires_at__lte=now)


class ReportRun(models.Model):
    """One making of a report: what was asked for is copied, so that a report changed later does not reach back.

    places: paths that the rows were limited to when they were read, [""] for everywhere. tries: grows each time a worker
    takes it, and is what a worker shows to write anything: after its lease another one holds a higher number. rows_done of
    rows_expected (None before they are counted). file: name in the private storage, only while done. language: of headings
    and words. form_key: random, of the form that asked.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waits for the worker")
        RUNNING = "running", _("is being made")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        EXPIRED = "expired", _("file removed")

    OPEN = (State.QUEUED, State.RUNNING)

    report = models.ForeignKey(
        SavedReport,
        verbose_name=_("report"),
        on_delete=models.SET_NULL,
        related_name="runs",
        null=True,
        blank=True,
    )
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=20)
    region = models.ForeignKey(
        "regions.Region",
        verbose_name=_("place"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    filters = models.JSONField(_("filters"), default=dict, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+"
    )
    form_key = models.CharField(max_length=40, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.QUEUED)
    places = models.JSONField(_("places"), default=list, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    rows_done = models.PositiveIntegerField(_("rows written"), default=0)
    rows_expected = models.PositiveIntegerField(_("rows expected"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    file = models.CharField(_("file"), max_length=100, blank=True)
    row_count = models.PositiveIntegerField(_("rows"), null=True, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), null=True, blank=True)
    error = models.TextField(_("why it failed"), blank=True)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)

    objects = ReportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run of a report")
        verbose_name_plural = _("runs of reports")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(name="report_run_once_per_form", fields=["asked_by", "form_key"]),
            models.CheckConstraint(
                name="report_run_done_has_file",
                condition=(
                    Q(
                        state="done",
                        finished_at__isnull=False,
                        expires_at__isnull=False,
                        row_count__isnull=False,
                        size__isnull=False,
                    )
                    & ~Q(file="")
                )
                | (~Q(state="done") & Q(file="")),
            ),
            models.CheckConstraint(
                name="report_run_failed_says_why",
                condition=~Q(state="failed") | (~Q(error="") & Q(finished_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="report_run_is_leased",
                condition=~Q(state="running") | Q(lease_until__isnull=False, tries__gt=0),
            ),
        ]
        indexes = [
            models.Index(name="report_run_newest", fields=["-asked_at", "-id"]),
            models.Index(name="report_run_of_person", fields=["asked_by", "-asked_at"]),
            models.Index(name="report_run_open", fields=["id"], condition=Q(state__in=("queued", "running"))),
            models.Index(name="report_run_kept", fields=["expires_at"], condition=Q(state="done")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether it is not at its end."""
        return self.state in self.OPEN

    @property
    def percent(self) -> int:
        """How much of it is written, 0 to 100; rows that came since they were counted do not pass it."""
        if not self.rows_expected:
            return 0
        return min(100, self.rows_done * 100 // self.rows_expected)


class ReportDownload(models.Model):
    """Somebody has taken the file of a run away; appended, never edited."""

    run = models.ForeignKey(
        ReportRun, verbose_name=_("run"), on_delete=models.PROTECT, related_name="downloads"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("download of a report")
        verbose_name_plural = _("downloads of reports")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.run_id}: {self.person}"
