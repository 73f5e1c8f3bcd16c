"""What happened to places: renamed, moved, split, merged, created, abolished, each on its day."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from regions.models.places import Region


class RegionChangeQuerySet(models.QuerySet["RegionChange"]):
    """Reads of changes."""

    def about(self, region: Region) -> Self:
        """Changes into and out of a place, the latest first, with the places that they name."""
        rows = self.filter(Q(place=region) | Q(successor=region))
        return rows.select_related("place", "successor", "parent_before").order_by("-on", "pk")

    def waiting(self) -> Self:
        """Those that staff entered and the files of reference data do not hold yet."""
        return self.filter(is_listed=False)


class RegionChange(models.Model):
    """One change of the register on one day; a split or a merger has a row for each pair of places.

    place: what it happened to. successor: for a split a place that has a part of the land now, which is the place itself
    where it goes on; for a merger the place that has all of it; None for the other kinds, in which the place itself goes on
    or ends without one. code_before, name_before, parent_before: what was true until then, where it changed.
    is_listed: whether the files of reference data hold it; entered_by: who entered it, None when it came with the files.
    """

    class Kind(models.TextChoices):
        RENAMED = "renamed", _("renamed")
        MOVED = "moved", _("moved under another place")
        SPLIT = "split", _("split")
        MERGED = "merged", _("became part of another place")
        CREATED = "created", _("created")
        ABOLISHED = "abolished", _("abolished")

    kind = models.CharField(_("what happened"), max_length=10, choices=Kind.choices)
    on = models.DateField(_("in force since"))
    place = models.ForeignKey(
        Region, verbose_name=_("place"), on_delete=models.PROTECT, related_name="changes"
    )
    successor = models.ForeignKey(
        Region,
        verbose_name=_("place that has its land now"),
        on_delete=models.PROTECT,
        related_name="changes_into",
        null=True,
        blank=True,
    )
    code_before = models.CharField(_("code until then"), max_length=40, blank=True, db_index=True)
    name_before = models.CharField(_("name until then"), max_length=80, blank=True)
    parent_before = models.ForeignKey(
        Region,
        verbose_name=_("part of, until then"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    source = models.CharField(_("source"), max_length=400)
    note = models.CharField(_("remark"), max_length=255, blank=True)
    is_listed = models.BooleanField(_("in the reference data"), default=False, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("entered by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    entered_at = models.DateTimeField(_("entered at"), auto_now_add=True)

    objects = RegionChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a place")
        verbose_name_plural = _("changes of places")
        ordering = ["-on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="region_change_once",
                fields=["kind", "on", "place", "successor"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="region_change_names_successor",
                condition=Q(kind__in=("split", "merged"), successor__isnull=False)
                | (~Q(kind__in=("split", "merged")) & Q(successor__isnull=True)),
            ),
            models.CheckConstraint(
                name="region_change_merger_is_with_another",
                condition=~Q(kind="merged") | ~Q(successor=F("place")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.on}: {self.get_kind_display()}"
