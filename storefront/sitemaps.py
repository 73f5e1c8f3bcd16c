"""What search engines are told of: each public page, in each language, in parts that do not grow."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import F
from django.urls import reverse
from oscar.core.loading import get_model

from catalogue.models import Product
from programme.models import Collection, Story
from regions.models import Region
from vendors.models import Partner

Category = get_model("catalogue", "Category")

# Listings of one part go by their keys, so that a part holds the same ones tomorrow and costs the same in a large shop.
BLOCK = 5000
LISTINGS = "listings-"


class _Pages(Sitemap):
    """One part; each page in every language, with its sisters."""

    i18n = True
    alternates = True
    x_default = True
    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        """Ours, whatever name the request came by."""
        return urlsplit(settings.SITE_URL).netloc


class _Fixed(_Pages):
    def items(self) -> Sequence[str]:
        """Names of pages of which there is one."""
        return [
            "home",
            "place-list",
            "listing-list",
            "vendor-list",
            "story-list",
            "collection-list",
            "how-it-works",
            "impact",
            "sell",
        ]

    def location(self, item: str) -> str:
        """The address of the page."""
        return reverse(item)


class _Places(_Pages):
    def items(self) -> Iterable[Region]:
        """Places of today; former ones lead to them."""
        return Region.objects.standing().order_by("path")

    def location(self, item: Region) -> str:
        """The page of the place."""
        return reverse("place-detail", args=[item.code])


class _Categories(_Pages):
    def items(self) -> Iterable[Any]:
        """Kinds of goods, those above them public too."""
        return Category.objects.browsable().order_by("path")

    def location(self, item: Any) -> str:
        """The list of that kind."""
        return reverse("category-detail", args=[item.slug])


class _Groups(_Pages):
    def items(self) -> Iterable[Partner]:
        """Groups in the shop."""
        return Partner.objects.public().order_by("pk")


class _Collections(_Pages):
    def items(self) -> Iterable[Collection]:
        """Collections of today."""
        return Collection.objects.running().order_by("pk")


class _Stories(_Pages):
    def items(self) -> Iterable[Story]:
        """Stories that were published and not taken back."""
        return Story.objects.published().order_by("pk")


class _Listings(_Pages):
    def __init__(self, block: int) -> None:
        self.block = block

    def items(self) -> Iterable[Product]:
        """Listings on sale of one block of keys."""
        return listings_of_block(self.block)

    def lastmod(self, item: Product) -> datetime:
        """When it was changed."""
        return item.date_updated


_PARTS: Mapping[str, type[_Pages]] = {
    "pages": _Fixed,
    "places": _Places,
    "categories": _Categories,
    "groups": _Groups,
    "collections": _Collections,
    "stories": _Stories,
}


def listings_of_block(block: int) -> Any:
    """Whole listings on sale whose keys lie in a block, by key."""
    within = Product.objects.live().whole().filter(pk__gte=block * BLOCK, pk__lt=(block + 1) * BLOCK)
    return within.filter(price_from__isnull=False).order_by("pk")


def blocks() -> Sequence[int]:
    """Blocks that hold anything on sale; one query."""
    rows = Product.objects.live().whole().filter(price_from__isnull=False).order_by()
    return sorted(rows.annotate(block=F("pk") / BLOCK).values_list("block", flat=True).distinct())


def parts() -> Sequence[str]:
    """Names of all parts."""
    return [*_PARTS, *(f"{LISTINGS}{block}" for block in blocks())]


def part(name: str) -> "Sitemap[Any] | None":
    """The part of this name; None when there is none of it."""
    if name in _PARTS:
        return _PARTS[name]()
    number = name.removeprefix(LISTINGS)
    if name == number or not number.isascii() or not number.isdecimal() or len(number) > 9:
        return None
    return _Listings(int(number))
