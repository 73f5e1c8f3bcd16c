"""Collections as the public sees them, and as the office does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from catalogue.models import Product, ProductImage
from catalogue.selectors.listings import ListingCard, Picture, card_rows, cards, picture_of
from programme.domain.words import Words
from programme.models import Collection, CollectionListing
from regions.policies import reach_of

MOST_FOUND = 20


@dataclass(frozen=True)
class CollectionCard:
    """A collection in a list. listings: keys of what is on sale of it, in order; picture: of the first that has one."""

    url: str
    kind: str
    title: Words
    words: Words
    place: str
    place_code: str
    starts_on: date
    ends_on: date
    listings: Sequence[int]
    is_example: bool
    picture: Picture | None = None


@dataclass(frozen=True)
class Chosen:
    """A listing of a collection as the office sees it. absent: why shoppers do not see it there; empty when they do."""

    listing: Product
    place: int
    absent: str


def collection_cards(collections: QuerySet[Collection]) -> list[CollectionCard]:
    """Cards of collections, without pictures; one query. What can be seen on sale is named, sold out or not."""
    on_sale = (
        CollectionListing.objects.filter(
            collection=OuterRef("pk"),
            listing__state=Product.State.LIVE,
            listing__vendor__state="approved",
            listing__price_from__isnull=False,
        )
        .order_by("position", "pk")
        .values("listing")
    )
    rows = collections.select_related("region").annotate(on_sale=ArraySubquery(on_sale))
    return [_card(row, row.on_sale) for row in rows]


def with_pictures(found: Sequence[CollectionCard]) -> list[CollectionCard]:
    """The same cards with the photo of the first listing of each that has one; one query."""
    wanted = {pk for card in found for pk in card.listings}
    photos: dict[int, ProductImage] = {}
    # The last one of a listing that is seen here is its first.
    for photo in ProductImage.objects.filter(product__in=wanted).order_by("-display_order", "-pk"):
        photos[photo.product_id] = photo
    return [
        replace(card, picture=next((picture_of(photos[pk]) for pk in card.listings if pk in photos), None))
        for card in found
    ]


def buyable(collection: Collection) -> list[ListingCard]:
    """Cards of what can be bought of a collection now, in its order; two queries."""
    live = Product.objects.live().whole().filter(collections__collection=collection)
    rows = card_rows(live.annotate(place=F("collections__position"))).order_by("place", "pk")
    return [card for card in cards(rows) if card.is_available]


def chosen(collection: Collection) -> list[Chosen]:
    """All listings of a collection in order, each with the reason why it is absent from the page; three queries."""
    listings = Product.objects.filter(collections__collection=collection)
    rows = listings.annotate(place=F("collections__position")).select_related("region", "vendor__home_region")
    bought = {card.pk: card for card in buyable(collection)}
    ordered = list(rows.order_by("place", "pk"))
    return [Chosen(row, number, _absent(row, row.pk in bought)) for number, row in enumerate(ordered)]


def findable(collection: Collection, words: str, user: Any) -> list[Product]:
    """Listings on sale that may be put into a collection: title, group or place holds the words; one query.

    Only what this person may see, and of the collection's place; those that stand in it already are left out.
    """
    words = words.replace("\0", "").strip()[:60]
    if not words:
        return []
    live = Product.objects.live().whole().filter(reach_of(user).rows("region__path"))
    if collection.region:
        live = live.filter(region__path__startswith=collection.region.path)
    named = Q(title__icontains=words) | Q(search_words__icontains=words)
    there = CollectionListing.objects.filter(collection=collection).values("listing")
    rows = live.filter(named).exclude(pk__in=there).select_related("region", "vendor")
    return list(rows.order_by("-published_at", "-pk")[:MOST_FOUND])


def _card(row: Collection, on_sale: Sequence[int]) -> CollectionCard:
    return CollectionCard(
        row.get_absolute_url(),
        str(row.get_kind_display()),
        row.said("title"),
        row.said("words"),
        row.region.name if row.region else "",
        row.region.code if row.region else "",
        row.starts_on,
        row.ends_on,
        on_sale,
        row.is_example,
    )


def _absent(row: Product, is_bought: bool) -> str:
    if is_bought:
        return ""
    if row.state != Product.State.LIVE:
        return str(row.get_state_display())
    if row.vendor.state != "approved":
        return _("its group is not approved")
    if row.vendor.is_closed_on(row.vendor.today):
        return _("its group is closed")
    return _("sold out") if row.price_from is not None else _("without a price")
