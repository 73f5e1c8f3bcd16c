"""Changes of places as staff enter them: carried out at once, or at the beginning of their day."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.lib.dates import TIME_ZONES, today_in
from regions.models.changes import RegionChange
from regions.models.places import Region


class EnteredChangeQuerySet(models.QuerySet["EnteredChange"]):
    """Reads of entered changes."""

    def waiting(self) -> Self:
        """Those whose day is to come, or has come and was not seen to yet."""
        return self.filter(state=EnteredChange.State.WAITING)

    def due(self) -> Self:
        """Those whose day has begun in their country, in the order of the days."""
        come = Q(pk__in=())
        for country in TIME_ZONES:
            come |= Q(country=country, on__lte=today_in(country))
        return self.waiting().filter(come).order_by("on", "pk")

    def failed(self) -> Self:
        """Those that could not be carried out when their day came; somebody must look at them."""
        return self.filter(state=EnteredChange.State.FAILED)


class EnteredChange(models.Model):
    """What one form asks for; when it is carried out, RegionChange holds what happened.

    place: what it happens to, None for one that is to be created. other: the place above it for created and moved, the place of
    which it becomes part for merged. code: the new one, or "" where it stays; name, local_name: of renamed and created.
    pieces: for split, in order: {"code", "name", "local_name"}; a name only for a place that is new. goes_on: whether the
    place that is split stays with a part of its land. country: code of the country whose day counts.
    refusal: why it could not be carried out on its day. form_key: random, of the form; sent twice it makes one.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for its day")
        DONE = "done", _("carried out")
        WITHDRAWN = "withdrawn", _("withdrawn")
        FAILED = "failed", _("could not be carried out")

    kind = models.CharField(_("what happens"), max_length=10, choices=RegionChange.Kind.choices)
    on = models.DateField(_("in force from"))
    country = models.CharField(_("country"), max_length=2)
    place = models.ForeignKey(
        Region, verbose_name=_("place"), on_delete=models.PROTECT, related_name="+", null=True
    )
    other = models.ForeignKey(
        Region, verbose_name=_("other place"), on_delete=models.PROTECT, related_name="+", null=True
    )
    code = models.CharField(_("new code"), max_length=40, blank=True)
    name = models.CharField(_("new name"), max_length=80, blank=True)
    local_name = models.CharField(_("name in the local script"), max_length=80, blank=True)
    pieces = models.JSONField(_("places that have its land"), default=list, blank=True)
    goes_on = models.BooleanField(_("goes on with a part of its land"), default=False)
    source = models.CharField(_("source"), max_length=400)
    note = models.CharField(_("remark"), max_length=255, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    refusal = models.CharField(_("why not"), max_length=400, blank=True)
    form_key = models.CharField(max_length=40, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("entered by"), on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(_("entered"), auto_now_add=True)
    ended_at = models.DateTimeField(_("carried out or withdrawn"), null=True, blank=True)

    objects = EnteredChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change entered by staff")
        verbose_name_plural = _("changes entered by staff")
        ordering = ["-entered_at", "-pk"]
        permissions = [("change_register", "Changes the register of places")]
        constraints = [
            models.UniqueConstraint(name="entered_change_form_once", fields=["entered_by", "form_key"]),
            models.UniqueConstraint(
                name="entered_change_waits_once",
                fields=["kind", "on", "place"],
                condition=Q(state="waiting"),
            ),
            models.UniqueConstraint(
                name="entered_change_code_once",
                fields=["code"],
                condition=Q(state="waiting") & ~Q(code=""),
            ),
            models.CheckConstraint(
                name="entered_change_has_its_places",
                condition=Q(kind="created", other__isnull=False)
                | Q(kind__in=("moved", "merged"), place__isnull=False, other__isnull=False)
                | Q(kind__in=("renamed", "split", "abolished"), place__isnull=False, other__isnull=True),
            ),
            models.CheckConstraint(
                name="entered_change_says_why_not", condition=Q(state="failed") | Q(refusal="")
            ),
            models.CheckConstraint(name="entered_change_has_source", condition=~Q(source="")),
        ]
        indexes = [
            models.Index(name="entered_change_open", fields=["on"], condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.on}: {self.get_kind_display()}"

    @property
    def subject(self) -> str:
        """Name of the place it is about."""
        return self.place.name if self.place else self.name

    @property
    def reason(self) -> str:
        """What the audit says of why."""
        return "; ".join(words for words in (self.source, self.note) if words)
