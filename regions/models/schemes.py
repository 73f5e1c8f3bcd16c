"""Schemes and the products that they name for places."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from marketplace.lib.dates import today_in
from regions.days import today_from, today_until, today_within
from regions.models.places import LEVELS_BY_COUNTRY, Region


class Scheme(models.Model):
    """A programme that names the products of places, such as OGOP; one row also for what no programme names.

    A place of the proposing level proposes a product, the one of the recommending level above it recommends, the centre
    of the country approves. Where the recommending level is empty, proposals go to the centre at once.
    short_name: what people call it; product_word: what a product is called that it has named.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    country = models.ForeignKey(
        Region,
        verbose_name=_("country"),
        on_delete=models.PROTECT,
        related_name="schemes",
        limit_choices_to={"level": "country"},
    )
    short_name = models.CharField(_("short name"), max_length=30)
    product_word = models.CharField(_("what it calls a product"), max_length=60)
    is_programme = models.BooleanField(
        _("is a programme"),
        default=True,
        help_text=_("Products are proposed to it and approved by it; otherwise it is only a list."),
    )
    proposing_level = models.CharField(_("level that proposes"), max_length=12, choices=Region.Level.choices)
    recommending_level = models.CharField(
        _("level that recommends"), max_length=12, choices=Region.Level.choices, blank=True
    )

    class Meta:
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        ordering = ["country", "code"]
        constraints = [
            models.CheckConstraint(
                name="scheme_levels_differ", condition=~Q(proposing_level=F("recommending_level"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def levels(self) -> Sequence[Region.Level]:
        """Levels whose places it names products for, the smallest first: who proposes, who recommends."""
        return [Region.Level(level) for level in (self.proposing_level, self.recommending_level) if level]

    @property
    def approving_level(self) -> Region.Level:
        """The centre approves."""
        return Region.Level.COUNTRY

    def clean(self) -> None:
        """Who recommends lies above who proposes, in the country of the scheme."""
        super().clean()
        levels = LEVELS_BY_COUNTRY.get(self.country.code, ()) if self.country_id else ()
        faults: dict[str, Any] = {}  # words translated late
        for name in ("proposing_level", "recommending_level"):
            if getattr(self, name) and getattr(self, name) not in levels:
                faults[name] = _("This country has no places of that level.")
        if not faults and self.recommending_level and self.proposing_level:
            depths = Region.DEPTHS
            if depths[self.recommending_level] >= depths[self.proposing_level]:
                faults["recommending_level"] = _("Choose a level above the one that proposes, or none.")
        if faults:
            raise ValidationError(faults)


class IdentifiedProductQuerySet(models.QuerySet["IdentifiedProduct"]):
    """Reads of identified products."""

    def kept(self) -> Self:
        """Whenever they stand: without those that were left behind, because the place after theirs has the same."""
        return self.exclude(listed_for=F("region"))

    def standing(self) -> Self:
        """Those of them that are their place's product on this day of its own country; no query of its own.

        The day is asked of the clock each time, so that nobody has to touch a row when one begins or ends.
        """
        return self.kept().filter(today_within("named_on", "ended_on", path="region__path"))

    def begun(self) -> Self:
        """Those whose first day has come, whatever became of them; as standing."""
        return self.kept().filter(Q(named_on__isnull=True) | today_from("named_on", path="region__path"))

    def ended(self) -> Self:
        """Those that were named earlier; as standing."""
        return self.kept().filter(today_from("ended_on", path="region__path"))

    def coming(self) -> Self:
        """Those whose first day is still to come; as standing."""
        return self.kept().filter(today_until("named_on", path="region__path"))

    def without_end(self) -> Self:
        """Those that have no last day yet, also where the first is still to come: each name once for a place."""
        return self.kept().filter(ended_on__isnull=True)


class IdentifiedProduct(models.Model):
    """A product that a scheme names for a place. When the source names no place, the place is the country.

    listed_for: the place for which the list names it, where the land has another one since; the own place on a row that
    stayed behind, because the other place has the same product.
    named_on: first day on which it is the place's, None where the source says none; ended_on: first day on which it is
    not any more; both in the country's own days. replaced_by: what is named from that day on in its stead. nomination: by
    which it was named, None for what came with a list.
    edition: the list, as its newest edition that names it calls itself, empty for what came with none; listed_since: the
    edition that named it first. left_list: whether the newest edition that was loaded does not name it any more.
    """

    scheme = models.ForeignKey(
        Scheme, verbose_name=_("scheme"), on_delete=models.PROTECT, related_name="identified_products"
    )
    region = models.ForeignKey(
        Region, verbose_name=_("place"), on_delete=models.PROTECT, related_name="identified_products"
    )
    listed_for = models.ForeignKey(
        Region,
        verbose_name=_("named for"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    name = models.CharField(_("product"), max_length=160)
    category = models.CharField(_("category"), max_length=60)
    sector = models.CharField(_("sector in the source"), max_length=60, blank=True)
    rank = models.CharField(_("rank in the list"), max_length=20, blank=True)
    year_of_source = models.PositiveSmallIntegerField(_("year of the source"), null=True, blank=True)
    note = models.CharField(_("remark"), max_length=255, blank=True)
    source = models.CharField(_("source"), max_length=400)
    edition = models.CharField(_("edition of the list"), max_length=120, blank=True, editable=False)
    listed_since = models.CharField(_("in the list since"), max_length=120, blank=True, editable=False)
    left_list = models.BooleanField(_("no longer in the list"), default=False, editable=False)
    named_on = models.DateField(_("named from"), null=True, blank=True)
    ended_on = models.DateField(_("first day without it"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        verbose_name=_("replaced by"),
        on_delete=models.PROTECT,
        related_name="replaced",
        null=True,
        blank=True,
        editable=False,
    )
    nomination = models.OneToOneField(
        "regions.Nomination",
        verbose_name=_("nomination"),
        on_delete=models.PROTECT,
        related_name="product",
        null=True,
        blank=True,
        editable=False,
    )

    objects = IdentifiedProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("identified product")
        verbose_name_plural = _("identified products")
        ordering = ["region", "name"]
        constraints = [
            # What has ended may be named again.
            models.UniqueConstraint(
                F("scheme"),
                F("region"),
                Lower("name"),
                name="identified_product_once",
                # One that stayed behind names nothing any more.
                condition=Q(ended_on__isnull=True)
                & (Q(listed_for__isnull=True) | ~Q(listed_for=F("region"))),
                violation_error_message=_("This scheme names this product for the place already."),
            ),
            models.CheckConstraint(
                name="identified_product_days_in_order",
                condition=Q(named_on__isnull=True) | Q(ended_on__isnull=True) | Q(named_on__lt=F("ended_on")),
            ),
            models.CheckConstraint(
                name="identified_product_replaced_has_ended",
                condition=Q(replaced_by__isnull=True) | (Q(ended_on__isnull=False) & ~Q(replaced_by=F("pk"))),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_ended(self) -> bool:
        """Whether its place has it no longer; as is_standing."""
        return self.ended_on is not None and self.ended_on <= today_in(self.region.country_code)

    @property
    def last_day(self) -> date | None:
        """The last day on which it is the place's; None where no end is known."""
        return self.ended_on and self.ended_on - timedelta(days=1)

    @property
    def is_standing(self) -> bool:
        """Whether it is its place's product today, as the query set says it. Read with its region; no query."""
        today = today_in(self.region.country_code)
        has_begun = self.named_on is None or self.named_on <= today
        goes_on = self.ended_on is None or today < self.ended_on
        return has_begun and goes_on and self.listed_for_id != self.region_id
