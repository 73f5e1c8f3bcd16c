"""Listings (Oscar's Product), their photos and the decisions about them."""

from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any, ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from oscar.apps.catalogue.abstract_models import AbstractProduct, AbstractProductImage
from oscar.apps.catalogue.managers import ProductQuerySet as OscarProductQuerySet

from marketplace.lib.states import Moves, StateEvent
from marketplace.lib.translated import Said, Translated, language_field, marks_field, translations_field
from regions.policies import reach_of
from vendors.models import Membership, Partner

PHOTO_WIDTHS = (320, 640, 1280)
# What a unit is taken to weigh until its group has weighed it: its content and a box, or half a kilogram.
PACKING_GRAMS = 100
UNKNOWN_GRAMS = 500


class ListingQuerySet(OscarProductQuerySet):
    """Reads of listings; a size of a listing is a child row and follows its parent."""

    def live(self) -> Self:
        """What shoppers may see and buy: approved listings of approved groups, sizes included."""
        return self.filter(state=Product.State.LIVE, vendor__state=Partner.State.APPROVED)

    def whole(self) -> Self:
        """Listings without their sizes."""
        return self.exclude(structure=Product.CHILD)

    def visible_to(self, user: Any) -> Self:
        """Listings this person may work on: those of the own groups, and for staff of the groups of their places."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = Q(vendor__in=Membership.objects.filter(user=user).values("vendor"))
        if user.is_staff and user.has_perm("catalogue.view_product"):
            return self.filter(own | reach_of(user).rows("vendor__home_region__path"))
        return self.filter(own)


class Product(AbstractProduct, Translated):
    """A listing: one group's offer of a product of a place. Sizes are child products with their own stock record.

    state decides; Oscar's is_public only mirrors it. net_quantity is in net_unit. price_from, in price_currency,
    is the lowest price of the sizes, kept by catalogue.services.prices. search_words holds the names of place and
    group, and what stands in other languages, because a generated column sees only its own row. weight_grams: of one unit as it is sent, packing included;
    null while nobody has said it. is_removed: a size that was sold and is offered no more; it stays for the orders' sake and
    does not follow its listing's state. returned_as: snapshot of catalogue.selectors.snapshots, of what a moderator has
    seen last. is_perishable: said of the whole listing, and counts for its sizes. season:
    first and last month of harvest, as catalogue.domain.seasons writes them; empty for what there is all year.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("waiting for review")
        RETURNED = "returned", _("changes asked for")
        LIVE = "live", _("on sale")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Unit(models.TextChoices):
        GRAM = "g", _("g")
        MILLILITRE = "ml", _("ml")
        PIECE = "piece", _("piece")

    TRANSLATED = ("title", "description")
    MOVES: ClassVar[Moves] = {
        State.DRAFT: frozenset({State.SUBMITTED, State.WITHDRAWN}),
        State.SUBMITTED: frozenset({State.LIVE, State.RETURNED, State.REJECTED, State.DRAFT}),
        State.RETURNED: frozenset({State.SUBMITTED, State.WITHDRAWN}),
        State.LIVE: frozenset({State.WITHDRAWN, State.RETURNED}),
        State.REJECTED: frozenset(),
        State.WITHDRAWN: frozenset({State.SUBMITTED}),
    }

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    is_public = models.BooleanField(_("is public"), default=False, db_index=True, editable=False)
    vendor = models.ForeignKey(
        Partner, verbose_name=_("group"), on_delete=models.PROTECT, related_name="listings"
    )
    region = models.ForeignKey(
        "regions.Region", verbose_name=_("place of origin"), on_delete=models.PROTECT, related_name="listings"
    )
    identified_product = models.ForeignKey(
        "regions.IdentifiedProduct",
        verbose_name=_("product the place is known for"),
        on_delete=models.PROTECT,
        related_name="listings",
        null=True,
        blank=True,
    )
    size_label = models.CharField(_("size"), max_length=40, blank=True)
    net_quantity = models.DecimalField(
        _("net quantity"), max_digits=10, decimal_places=3, null=True, blank=True
    )
    net_unit = models.CharField(_("unit"), max_length=6, choices=Unit.choices, blank=True)
    ingredients = models.CharField(_("ingredients or material"), max_length=255, blank=True)
    storage = models.CharField(_("how to keep it"), max_length=255, blank=True)
    lot_rule = models.CharField(_("how lots are marked"), max_length=160, blank=True)
    weight_grams = models.PositiveIntegerField(_("weight with packing, in grams"), null=True, blank=True)
    is_perishable = models.BooleanField(_("spoils within days"), default=False)
    season = models.CharField(_("season"), max_length=5, blank=True, db_default="")
    is_removed = models.BooleanField(_("size taken out"), default=False, editable=False)
    price_from = models.DecimalField(
        _("price from"), max_digits=12, decimal_places=2, null=True, editable=False
    )
    price_currency = models.CharField(_("currency"), max_length=3, blank=True, editable=False)
    rating_count = models.PositiveIntegerField(_("published reviews"), default=0, editable=False)
    noted_fields = models.JSONField(
        _("fields that the office names"), default=list, blank=True, editable=False
    )
    returned_as = models.JSONField(_("as it stood when changes were asked for"), null=True, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("on sale since"), null=True, blank=True, editable=False)
    is_example = models.BooleanField(_("example"), default=False)
    words_language = language_field()
    translations = translations_field()
    translation_marks = marks_field()
    search_words = models.TextField(_("names of place and group"), blank=True, editable=False)
    search_vector = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="simple")
        + SearchVector("search_words", weight="B", config="simple")
        + SearchVector("description", weight="D", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    objects = ListingQuerySet.as_manager()

    class Meta(AbstractProduct.Meta):
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        permissions = [("review_product", "Can decide about listings")]
        constraints = [
            models.CheckConstraint(
                name="listing_public_only_while_live",
                condition=Q(is_public=True, state="live") | (Q(is_public=False) & ~Q(state="live")),
            ),
            models.CheckConstraint(
                name="listing_live_has_date", condition=~Q(state="live") | Q(published_at__isnull=False)
            ),
            models.CheckConstraint(
                name="listing_season_has_months",
                condition=Q(season="") | Q(season__regex=r"^([1-9]|1[0-2])-([1-9]|1[0-2])$"),
            ),
            models.CheckConstraint(
                name="listing_weighs_something",
                condition=Q(weight_grams__isnull=True) | Q(weight_grams__gt=0),
            ),
            models.CheckConstraint(
                name="listing_removed_size_is_not_sold",
                condition=Q(is_removed=False) | Q(structure="child", state="withdrawn", is_public=False),
            ),
            models.CheckConstraint(
                name="listing_size_has_parent",
                condition=Q(structure="child", parent__isnull=False)
                | (~Q(structure="child") & Q(parent__isnull=True)),
            ),
        ]
        indexes = [
            GinIndex(name="listing_search", fields=["search_vector"]),
            models.Index(
                name="listing_newest",
                fields=["-published_at", "-id"],
                condition=Q(state="live") & ~Q(structure="child"),
            ),
            models.Index(
                name="listing_by_place",
                fields=["region", "-published_at"],
                condition=Q(state="live") & ~Q(structure="child"),
            ),
            models.Index(
                name="listing_by_price",
                fields=["price_from", "id"],
                condition=Q(state="live") & ~Q(structure="child"),
            ),
            models.Index(
                name="listing_queue",
                fields=["submitted_at", "id"],
                condition=Q(state="submitted") & ~Q(structure="child"),
            ),
        ]

    def get_absolute_url(self) -> str:
        """The public page of the listing; a size leads to its parent's."""
        if self.is_child:
            return self.parent.get_absolute_url()
        return reverse("listing-detail", kwargs={"slug": self.slug, "pk": self.pk})

    def called(self, language: str | None = None) -> Said:
        """The name of the listing in a language, the page's when None, where it is known; a size is called as its listing."""
        named = self.parent if self.is_child else self
        found: Said = named.said("title", language)
        return found

    @property
    def is_live(self) -> bool:
        """Whether shoppers may see it; reads the group as well."""
        return self.state == self.State.LIVE and self.vendor.state == Partner.State.APPROVED

    @property
    def spoils(self) -> bool:
        """Whether it must arrive within days; a size spoils as its listing does. The parent must have been read."""
        return self.is_perishable or bool(self.is_child and self.parent.is_perishable)

    @property
    def sent_grams(self) -> int:
        """Weight of one unit as it is sent; where nobody has said it, what its content suggests, never 0.

        A size without a weight of its own is not given its parent's, which may be that of another size.
        """
        if self.weight_grams:
            return self.weight_grams
        if self.net_quantity and self.net_unit in (self.Unit.GRAM, self.Unit.MILLILITRE):
            return int(self.net_quantity) + PACKING_GRAMS
        return UNKNOWN_GRAMS

    def unit_price(self, price: Decimal) -> tuple[Decimal, str] | None:
        """Price per 100 g, 100 ml or piece, and that unit's words; None when the content is not known."""
        if not self.net_quantity or not self.net_unit:
            return None
        if self.net_unit == self.Unit.PIECE:
            return (price / self.net_quantity, str(_("piece"))) if self.net_quantity > 1 else None
        return price * 100 / self.net_quantity, f"100 {self.get_net_unit_display()}"


class ListingEvent(StateEvent):
    """A decision about a listing."""

    listing = models.ForeignKey(
        Product, verbose_name=_("listing"), on_delete=models.PROTECT, related_name="events"
    )

    class Meta(StateEvent.Meta):
        app_label = "catalogue"
        verbose_name = _("decision about a listing")
        verbose_name_plural = _("decisions about listings")
        indexes = [models.Index(name="listing_event_newest", fields=["created_at"])]


class ProductImage(AbstractProductImage):
    """A photo: the upload re-encoded, and renditions of 320, 640 and 1280 px beside it, made by the worker.

    width and height in pixels of the re-encoded original. A rendition lies at the original's path with the
    width added: photos/ab12.webp has photos/ab12-640.webp.
    """

    alt_text = models.CharField(_("what the photo shows"), max_length=200, blank=True)
    width = models.PositiveIntegerField(_("width"), default=0, editable=False)
    height = models.PositiveIntegerField(_("height"), default=0, editable=False)
    has_renditions = models.BooleanField(_("renditions made"), default=False, editable=False)

    class Meta(AbstractProductImage.Meta):
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def rendition_name(self, width: int) -> str:
        """Storage name of a rendition; the original's own before the worker has made them."""
        if not self.has_renditions:
            return str(self.original.name)
        original = PurePosixPath(str(self.original.name))
        return str(original.with_name(f"{original.stem}-{width}.webp"))

    def rendition_url(self, width: int) -> str:
        """Address of a rendition of 320, 640 or 1280 px."""
        return default_storage.url(self.rendition_name(width))


class ListingChangeQuerySet(models.QuerySet["ListingChange"]):
    """Reads of proposed changes."""

    def open(self) -> Self:
        """Those that may still become the listing: not sent yet, waiting for a moderator, or returned."""
        return self.filter(state__in=ListingChange.OPEN)

    def visible_to(self, user: Any) -> Self:
        """Changes of listings of the own groups, and for staff of the groups of their places."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = Q(listing__vendor__in=Membership.objects.filter(user=user).values("vendor"))
        if user.is_staff and user.has_perm("catalogue.view_listingchange"):
            return self.filter(own | reach_of(user).rows("listing__vendor__home_region__path"))
        return self.filter(own)


class ListingChange(models.Model):
    """What a group wants to change of a listing on sale, as data, while the listing sells as it is.

    proposed: field -> value wanted, only fields that differ; base: the same fields as they stood when it was
    proposed. The shapes are those of catalogue.selectors.snapshots. version counts how often it was proposed.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("not sent yet")
        SUBMITTED = "submitted", _("waiting for review")
        RETURNED = "returned", _("changes asked for")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    OPEN = (State.DRAFT, State.SUBMITTED, State.RETURNED)
    MOVES: ClassVar[Moves] = {
        State.DRAFT: frozenset({State.SUBMITTED, State.WITHDRAWN}),
        State.SUBMITTED: frozenset({State.APPROVED, State.RETURNED, State.REJECTED, State.WITHDRAWN}),
        State.RETURNED: frozenset({State.SUBMITTED, State.WITHDRAWN}),
        State.APPROVED: frozenset(),
        State.REJECTED: frozenset(),
        State.WITHDRAWN: frozenset(),
    }

    listing = models.ForeignKey(
        Product, verbose_name=_("listing"), on_delete=models.PROTECT, related_name="changes"
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    proposed = models.JSONField(_("proposed"), default=dict)
    base = models.JSONField(_("before"), default=dict)
    version = models.PositiveIntegerField(_("version"), default=1)
    noted_fields = models.JSONField(_("fields that the office names"), default=list, blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    created_at = models.DateTimeField(_("first proposed at"), auto_now_add=True)

    objects = ListingChangeQuerySet.as_manager()

    class Meta:
        app_label = "catalogue"
        verbose_name = _("change of a listing")
        verbose_name_plural = _("changes of listings")
        ordering = ["submitted_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="listing_change_one_open",
                fields=["listing"],
                condition=Q(state__in=("draft", "submitted", "returned")),
            ),
        ]
        indexes = [
            models.Index(
                name="listing_change_queue", fields=["submitted_at", "id"], condition=Q(state="submitted")
            ),
        ]

    def __str__(self) -> str:
        return str(self.listing)


class ListingChangeEvent(StateEvent):
    """A step of a proposed change."""

    change = models.ForeignKey(
        ListingChange, verbose_name=_("change"), on_delete=models.PROTECT, related_name="events"
    )

    class Meta(StateEvent.Meta):
        app_label = "catalogue"
        verbose_name = _("decision about a change")
        verbose_name_plural = _("decisions about changes")
        indexes = [models.Index(name="change_event_newest", fields=["created_at"])]


class ProposedPhoto(models.Model):
    """A photo that waits with its change. Its file lies in the private storage, where no address leads.

    digest: of the stored bytes, so that a form sent twice adds its photo once.
    """

    change = models.ForeignKey(
        ListingChange, verbose_name=_("change"), on_delete=models.CASCADE, related_name="photos"
    )
    file = models.CharField(_("file"), max_length=255)
    digest = models.CharField(_("digest"), max_length=64)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))

    class Meta:
        app_label = "catalogue"
        verbose_name = _("proposed photo")
        verbose_name_plural = _("proposed photos")
        constraints = [
            models.UniqueConstraint(name="proposed_photo_once", fields=["change", "digest"]),
        ]

    def __str__(self) -> str:
        return self.file
