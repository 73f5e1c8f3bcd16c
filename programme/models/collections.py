"""Collections: goods chosen for a festival, for presents, for a season or from a place, shown on certain days."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalogue.models import Product
from marketplace.lib.former_slugs import FormerSlug
from marketplace.lib.states import StateEvent
from programme.models.publications import (
    Publication,
    PublicationQuerySet,
    clean_days,
    days_in_order,
    published_at_some_time,
)


class CollectionQuerySet(PublicationQuerySet["Collection"]):
    """Reads of collections."""

    def in_order(self) -> Self:
        """What ends first comes first, for it can be bought for the shortest time."""
        return self.order_by("ends_on", "pk")


class Collection(Publication):
    """Goods that the office has chosen. starts_on, ends_on: both included, days of the place's country.

    With a place, all its goods come from there or from below. What cannot be bought is left out when it is shown.
    """

    class Kind(models.TextChoices):
        FESTIVAL = "festival", _("for a festival")
        GIFT = "gift", _("presents")
        SEASON = "season", _("of the season")
        PLACE = "place", _("of a place")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    title = models.CharField(_("title (English)"), max_length=80)
    title_hi = models.CharField(_("title (Hindi)"), max_length=80, blank=True)
    title_dz = models.CharField(_("title (Dzongkha)"), max_length=80, blank=True)
    words = models.TextField(_("words (English)"), max_length=600, blank=True)
    words_hi = models.TextField(_("words (Hindi)"), max_length=600, blank=True)
    words_dz = models.TextField(_("words (Dzongkha)"), max_length=600, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        ordering = ["-starts_on", "-pk"]
        permissions = [("publish_collection", "Can publish collections and take them back")]
        default_permissions = ("add", "change", "view")
        constraints = [
            days_in_order("collection_days_in_order"),
            published_at_some_time("collection_published_at"),
            models.CheckConstraint(
                name="collection_of_a_place_names_it", condition=~Q(kind="place") | Q(region__isnull=False)
            ),
        ]
        indexes = [
            models.Index(name="collection_running", fields=["ends_on", "id"], condition=Q(state="published")),
            models.Index(name="collection_newest", fields=["-starts_on", "-id"]),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The public page."""
        return reverse("collection-detail", args=[self.slug])

    def clean(self) -> None:
        """Say in words what the constraints would refuse."""
        super().clean()
        faults = clean_days(self)
        if self.kind == self.Kind.PLACE and self.region is None:
            faults["region"] = _("Choose the place that it is of.")
        if faults:
            raise ValidationError(faults)


class FormerCollectionSlug(FormerSlug):
    """A word under which a collection was found before."""

    page = models.ForeignKey(
        Collection, verbose_name=_("collection"), on_delete=models.CASCADE, related_name="former_slugs"
    )

    class Meta(FormerSlug.Meta):
        verbose_name = _("address of before of a collection")
        verbose_name_plural = _("addresses of before of collections")


class CollectionEvent(StateEvent):
    """A collection was published or taken back."""

    collection = models.ForeignKey(
        Collection, verbose_name=_("collection"), on_delete=models.PROTECT, related_name="events"
    )

    class Meta(StateEvent.Meta):
        verbose_name = _("decision about a collection")
        verbose_name_plural = _("decisions about collections")


class CollectionListing(models.Model):
    """A listing in a collection; the lowest position comes first."""

    collection = models.ForeignKey(
        Collection, verbose_name=_("collection"), on_delete=models.CASCADE, related_name="chosen"
    )
    listing = models.ForeignKey(
        Product, verbose_name=_("listing"), on_delete=models.CASCADE, related_name="collections"
    )
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("listing of a collection")
        verbose_name_plural = _("listings of collections")
        default_permissions = ()
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(name="collection_listing_once", fields=["collection", "listing"]),
        ]

    def __str__(self) -> str:
        return str(self.listing)
