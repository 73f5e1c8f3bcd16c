"""The card of a page by the address of its picture: what nobody may see has none."""

from collections.abc import Callable, Mapping

from catalogue.models import Product
from marketplace.lib.former_slugs import by_slug
from programme.models import Collection, Story
from regions.models import Region
from storefront.sharing.cards import (
    Card,
    collection_card,
    group_card,
    home_card,
    listing_card,
    place_card,
    story_card,
)
from vendors.models import Partner


def card_of(kind: str, name: str) -> Card | None:
    """The card of a page in the language of this request; None when the public sees no such page."""
    find = _FINDERS.get(kind)
    return find(name) if find else None


def _home(name: str) -> Card | None:
    card = home_card()
    return card if name == card.name else None


def _place(name: str) -> Card | None:
    region = Region.objects.select_related("parent").filter(code=name).first()
    return place_card(region) if region else None


def _group(name: str) -> Card | None:
    group = Partner.objects.public().select_related("home_region__parent").filter(code=name).first()
    return group_card(group, group.photos.filter(waits=False).first()) if group else None


def _listing(name: str) -> Card | None:
    if not name.isascii() or not name.isdecimal() or len(name) > 18:
        return None
    rows = Product.objects.live().whole().select_related("region__parent", "vendor")
    listing = rows.filter(pk=int(name)).first()
    if listing is None:
        return None
    photo = listing.images.order_by("display_order", "pk").first()
    return listing_card(
        listing.said("title"), pk=listing.pk, region=listing.region, group=listing.vendor.name, photo=photo
    )


def _story(name: str) -> Card | None:
    story = by_slug(Story.objects.published().select_related("region__parent"), name)
    return story_card(story, story.photos.first()) if story else None


def _collection(name: str) -> Card | None:
    collection = by_slug(Collection.objects.running().select_related("region__parent"), name)
    return collection_card(collection) if collection else None


_FINDERS: Mapping[str, Callable[[str], Card | None]] = {
    "home": _home,
    "place": _place,
    "group": _group,
    "listing": _listing,
    "story": _story,
    "collection": _collection,
}
