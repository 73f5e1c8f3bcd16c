"""What a group in the shop wants to show of itself, and what became of that."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.lib.states import Moves, StateEvent
from vendors.models.vendor import Partner


class GroupChangeQuerySet(models.QuerySet["GroupChange"]):
    """Reads of changes."""

    def open(self) -> Self:
        """Those that may still be shown: waiting for a moderator, or returned."""
        return self.filter(state__in=GroupChange.OPEN)


class GroupChange(models.Model):
    """New words, photos and people of a group's page, until somebody has read them; the old ones are shown meanwhile.

    proposed: field -> text wanted, only fields that differ: "summary", "story", and "alt:12" for what the photo 12 shows;
    base: the same fields as they stood then. New photos and people are rows of their own that wait (`waits`). version
    counts every change of any of these. submitted_at: since when it waits, or has waited.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for review")
        RETURNED = "returned", _("changes asked for")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    OPEN = (State.WAITING, State.RETURNED)
    MOVES: ClassVar[Moves] = {
        State.WAITING: frozenset({State.APPROVED, State.RETURNED, State.REJECTED, State.WITHDRAWN}),
        State.RETURNED: frozenset({State.WAITING, State.WITHDRAWN}),
        State.APPROVED: frozenset(),
        State.REJECTED: frozenset(),
        State.WITHDRAWN: frozenset(),
    }

    vendor = models.ForeignKey(
        Partner, verbose_name=_("group"), on_delete=models.PROTECT, related_name="changes"
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    proposed = models.JSONField(_("proposed"), default=dict)
    base = models.JSONField(_("before"), default=dict)
    version = models.PositiveIntegerField(_("version"), default=1)
    submitted_at = models.DateTimeField(_("submitted at"))

    objects = GroupChangeQuerySet.as_manager()

    class Meta:
        app_label = "partner"
        default_permissions = ("view",)
        verbose_name = _("change of a group page")
        verbose_name_plural = _("changes of group pages")
        ordering = ["submitted_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="group_change_one_open",
                fields=["vendor"],
                condition=Q(state__in=("waiting", "returned")),
            ),
        ]
        indexes = [
            models.Index(
                name="group_change_queue", fields=["submitted_at", "id"], condition=Q(state="waiting")
            ),
        ]

    def __str__(self) -> str:
        return str(self.vendor)


class GroupChangeEvent(StateEvent):
    """A step of such a change."""

    change = models.ForeignKey(
        GroupChange, verbose_name=_("change"), on_delete=models.PROTECT, related_name="events"
    )

    class Meta(StateEvent.Meta):
        app_label = "partner"
        default_permissions = ()
        verbose_name = _("decision about a group page")
        verbose_name_plural = _("decisions about group pages")
        indexes = [models.Index(name="group_change_event_newest", fields=["created_at"])]
