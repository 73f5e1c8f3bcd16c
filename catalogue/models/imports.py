"""Files with listings that a group hands in: looked through first, then taken over row by row, by the worker."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.lib.states import Moves, StateEvent
from vendors.models import Membership, Partner


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    """Reads of files that were handed in."""

    def visible_to(self, user: Any) -> Self:
        """Files of the groups this person is a member of; nobody else reads them, staff neither."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(vendor__in=Membership.objects.filter(user=user).values("vendor"))

    def under_way(self) -> Self:
        """Files that wait for the worker, oldest first."""
        return self.filter(state__in=(ImportJob.State.CHECKING, ImportJob.State.IMPORTING)).order_by("pk")


class ImportJob(models.Model):
    """One file. token: of the form that sent it, so that it is taken once; columns: its header, as written."""

    class State(models.TextChoices):
        CHECKING = "checking", _("is being looked through")
        CHECKED = "checked", _("looked through, nothing changed yet")
        IMPORTING = "importing", _("is being taken over")
        DONE = "done", _("taken over")
        STOPPED = "stopped", _("stopped, nothing changed")

    MOVES: ClassVar[Moves] = {
        State.CHECKING: frozenset({State.CHECKED, State.STOPPED}),
        State.CHECKED: frozenset({State.IMPORTING, State.STOPPED}),
        State.IMPORTING: frozenset({State.DONE}),
        State.DONE: frozenset(),
        State.STOPPED: frozenset(),
    }

    vendor = models.ForeignKey(
        Partner, verbose_name=_("group"), on_delete=models.CASCADE, related_name="import_jobs"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    token = models.CharField(_("form"), max_length=40)
    file_name = models.CharField(_("file"), max_length=120)
    columns = models.JSONField(_("columns"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.CHECKING)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        app_label = "catalogue"
        verbose_name = _("file with listings")
        verbose_name_plural = _("files with listings")
        constraints = [
            models.UniqueConstraint(name="import_job_once_per_form", fields=["vendor", "token"]),
        ]
        indexes = [
            models.Index(
                name="import_job_under_way",
                fields=["id"],
                condition=Q(state__in=("checking", "importing")),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportJobEvent(StateEvent):
    """A step of a file."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="events")

    class Meta(StateEvent.Meta):
        app_label = "catalogue"


class ImportRow(models.Model):
    """One row of a file. number: as a spreadsheet counts, the header being 1; cells: as written, by their column.

    plan: what the row is going to do, or has done; empty until it was looked at. faults: a list of {column, value, code}
    with the values of the code's words (catalogue.imports.faults). seen_stock: units in the store when the row was
    looked at, so that a sale made before the import is not overwritten. head: number of the row with the first size of the
    same listing, which is taken over before. is_done: its change is in the books.
    """

    class Plan(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        UNCHANGED = "unchanged", _("unchanged")
        FAULTY = "faulty", _("cannot be taken over")

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(_("cells"))
    plan = models.CharField(_("plan"), max_length=10, choices=Plan.choices, blank=True)
    faults = models.JSONField(_("faults"), default=list)
    head = models.PositiveIntegerField(_("row of the first size"), null=True)
    seen_stock = models.PositiveIntegerField(_("units seen"), null=True)
    is_done = models.BooleanField(_("done"), default=False)

    class Meta:
        app_label = "catalogue"
        verbose_name = _("row of a file")
        verbose_name_plural = _("rows of files")
        constraints = [
            models.UniqueConstraint(name="import_row_once", fields=["job", "number"]),
            models.CheckConstraint(
                name="import_row_done_was_planned", condition=Q(is_done=False) | ~Q(plan__in=("", "faulty"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.number}"
