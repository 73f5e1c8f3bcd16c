"""Which listings home and the pages of countries show: turns of places, and what the office adds or leaves out."""

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Product
from programme.models.publications import office_today
from regions.models import Region


class FeaturedTurn(models.Model):
    """The turn of a place on a day (of UTC). scope: code of a country for its page, empty for home.

    A place has one turn in a round; a day has one set of positions.
    """

    scope = models.CharField(_("page"), max_length=2, blank=True)
    day = models.DateField(_("day"))
    position = models.PositiveSmallIntegerField(_("position"))
    round = models.PositiveIntegerField(_("round"))
    region = models.ForeignKey(Region, verbose_name=_("place"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("turn of a place")
        verbose_name_plural = _("turns of places")
        default_permissions = ("view",)
        ordering = ["-day", "scope", "position"]
        constraints = [
            models.UniqueConstraint(name="featured_turn_one_set_a_day", fields=["scope", "day", "position"]),
            models.UniqueConstraint(name="featured_turn_once_a_round", fields=["scope", "round", "region"]),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.region}"


class FeaturedListing(models.Model):
    """A listing for a turn. rank: 0 is shown; the others stand in when it cannot be bought any more."""

    turn = models.ForeignKey(FeaturedTurn, on_delete=models.CASCADE, related_name="listings")
    listing = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="turns")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("listing of a turn")
        verbose_name_plural = _("listings of turns")
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="featured_listing_rank", fields=["turn", "rank"])]

    def __str__(self) -> str:
        return str(self.listing)


class FeaturedChoiceQuerySet(models.QuerySet["FeaturedChoice"]):
    """Reads of what the office decided."""

    def today(self, kind: "FeaturedChoice.Kind") -> Self:
        """What holds on this day of the office."""
        day = office_today()
        ends = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        return self.filter(ends, kind=kind, starts_on__lte=day)


class FeaturedChoice(models.Model):
    """The office shows a listing before the turns, or leaves it out of them. Both days included; none: until it is ended."""

    class Kind(models.TextChoices):
        PIN = "pin", _("shown first")
        LEAVE_OUT = "leave_out", _("left out")

    listing = models.ForeignKey(
        Product, verbose_name=_("listing"), on_delete=models.PROTECT, related_name="featured_choices"
    )
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    starts_on = models.DateField(_("first day"), default=office_today)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    objects = FeaturedChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("listing shown first or left out")
        verbose_name_plural = _("listings shown first or left out")
        default_permissions = ("add", "change", "view")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="featured_choice_days",
                condition=Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
            ),
            # Whoever is shown first is so for a time, or the turns of others would never come.
            models.CheckConstraint(
                name="featured_choice_pin_ends", condition=~Q(kind="pin") | Q(ends_on__isnull=False)
            ),
            models.CheckConstraint(name="featured_choice_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.listing}"

    def clean(self) -> None:
        """Say in words what the constraints would refuse."""
        super().clean()
        if self.kind == self.Kind.PIN and self.ends_on is None:
            raise ValidationError({"ends_on": _("Write until when it is shown first.")})
        if self.ends_on and self.starts_on and self.starts_on > self.ends_on:
            raise ValidationError({"ends_on": _("The last day lies before the first day.")})
