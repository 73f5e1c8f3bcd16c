"""What pages of the office have in common: a place, words in several languages, and whether the public sees them."""

from datetime import date
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.lib.dates import TIME_ZONES, today_in
from marketplace.lib.states import Moves
from programme.domain.words import FIRST, LANGUAGES, Words, words_in
from regions.days import today_between
from regions.models import Region

Row = TypeVar("Row", bound="Publication")


def office_today() -> date:
    """The day where the office is; it counts for what belongs to no country."""
    return timezone.localdate(timezone=settings.PROGRAMME_TIME_ZONE)


class PublicationQuerySet(models.QuerySet[Row]):
    """Reads of what the office publishes."""

    def published(self) -> Self:
        """What is neither a draft nor taken back, whatever the day."""
        return self.filter(state=Publication.State.PUBLISHED)

    def running(self) -> Self:
        """Published, and today is one of its days: those of its place's country, else of the office. No query of its own."""
        return self.published().filter(
            today_between("starts_on", "ends_on", path="region__path", elsewhere=office_today())
        )


class Publication(models.Model):
    """A page or notice of the office. region: the place it is about; none for the whole programme.

    Words stand in one column for each language: title, title_hi, title_dz. English is always there, for the others it
    stands in. published_at: the first time.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("taken back")

    MOVES: ClassVar[Moves] = {
        State.DRAFT: frozenset({State.PUBLISHED}),
        State.PUBLISHED: frozenset({State.WITHDRAWN}),
        State.WITHDRAWN: frozenset({State.PUBLISHED}),
    }

    region = models.ForeignKey(
        Region,
        verbose_name=_("place"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
    )
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    is_example = models.BooleanField(_("example"), default=False, editable=False)

    class Meta:
        abstract = True

    def said(self, field: str) -> Words:
        """The words of a field in the active language, else in English."""
        return words_in(self.in_all(field), get_language())

    def in_all(self, field: str) -> dict[str, str]:
        """The words of a field by language; empty where they are missing."""
        return {each: getattr(self, field if each == FIRST else f"{field}_{each}") for each in LANGUAGES}

    @property
    def is_published(self) -> bool:
        """Whether the public may see it, on its days."""
        return self.state == self.State.PUBLISHED

    @property
    def today(self) -> date:
        """The day that counts for it. The place must have been read."""
        country = self.region.country_code if self.region else ""
        return today_in(country) if country in TIME_ZONES else office_today()


def days_in_order(name: str) -> models.CheckConstraint:
    """A constraint: the last day does not lie before the first."""
    return models.CheckConstraint(name=name, condition=Q(starts_on__lte=F("ends_on")))


def published_at_some_time(name: str) -> models.CheckConstraint:
    """A constraint: what the public may see was published at a time."""
    return models.CheckConstraint(name=name, condition=~Q(state="published") | Q(published_at__isnull=False))


def clean_days(row: Any) -> dict[str, Any]:
    """What is wrong with the days of a form's row, by field."""
    if row.starts_on and row.ends_on and row.starts_on > row.ends_on:
        return {"ends_on": _("The last day lies before the first day.")}
    return {}
