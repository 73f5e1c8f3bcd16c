"""Kinds of goods, as menus and filters show them."""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery, Sum
from oscar.core.loading import get_model

from catalogue.models import ListingTally
from marketplace.lib.translated import Said
from regions.models import Region

Category = get_model("catalogue", "Category")


@dataclass(frozen=True)
class CategoryRow:
    """A kind of goods with the number of live listings in it and below it (0 where nobody counted); depth: 0 on top."""

    name: Said
    slug: str
    listings: int = 0
    depth: int = 0


def top_categories() -> list[CategoryRow]:
    """Public kinds of the first level, in the order of the tree; one query."""
    rows = Category.objects.filter(depth=1, is_public=True).order_by("path")
    return [CategoryRow(row.said("name"), row.slug) for row in rows]


def category_counts(place: Region) -> list[CategoryRow]:
    """Kinds of the first level among what is on sale in a place and below it, most listings first; one query of sums."""
    sums = (
        ListingTally.objects.filter(root=OuterRef("path"), region__path__startswith=place.path)
        .order_by()
        .values("root")
        .annotate(found=Sum("change"))
        .values("found")
    )
    roots = (
        Category.objects.filter(depth=1, is_public=True).annotate(found=Subquery(sums)).filter(found__gt=0)
    )
    rows = [CategoryRow(row.said("name"), row.slug, row.found) for row in roots]
    return sorted(rows, key=lambda row: (-row.listings, row.name))
