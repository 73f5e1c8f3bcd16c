"""What a shopper may mean who has typed a few letters: listings, kinds of goods, groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import SearchRank
from django.db.models import F, Q
from oscar.core.loading import get_model

from catalogue.models import Product
from catalogue.selectors.typed_words import Asked, asked_for, nearly
from regions.domain.typed import cleaned
from vendors.models import Partner

Category = get_model("catalogue", "Category")

SHORTEST = 2
MOST_LISTINGS, MOST_CATEGORIES, MOST_GROUPS = 4, 2, 2
# Ranked are no more than these, so that "a" costs the same in a large shop as in a small one.
MOST_RANKED = 200


@dataclass(frozen=True)
class Suggested:
    """Rows to choose from. listings are read with place and group; instead: words looked for in place of the typed ones."""

    listings: Sequence[Product]
    categories: Sequence[Any]
    groups: Sequence[Partner]
    instead: str = ""

    def __bool__(self) -> bool:
        """Whether there is anything to choose from."""
        return bool(self.listings or self.categories or self.groups)


def suggestions(words: str) -> Suggested:
    """What the words may begin; nothing for fewer than SHORTEST letters. At most ten short queries, whatever there is."""
    typed = cleaned(words)
    if len(typed) < SHORTEST:
        return Suggested([], [], [])
    asked = asked_for(typed)
    listings, instead = _listings(asked), ""
    if not listings and (better := nearly(asked, is_unfinished=True)):
        listings, instead = _listings(better), better.text
    elsewhere = [f"translations__{code}__name" for code, _name in settings.LANGUAGES]
    named = reduce(or_, (_begun(field, typed) for field in ("name", *elsewhere)))
    categories = Category.objects.browsable().filter(named).order_by("depth", "path")
    groups = (
        Partner.objects.public()
        .filter(_begun("name", typed))
        .select_related("home_region__parent")
        .order_by("name")
    )
    return Suggested(
        listings,
        list(categories[:MOST_CATEGORIES]),
        list(groups[:MOST_GROUPS]),
        instead if listings else "",
    )


def _begun(field: str, typed: str) -> Q:
    """Texts of which a word begins so; syllables of Dzongkha end with a sign of their own."""
    begun = Q(**{f"{field}__istartswith": typed})
    return begun | Q(**{f"{field}__icontains": f" {typed}"}) | Q(**{f"{field}__icontains": f"་{typed}"})


def _listings(asked: Asked) -> Sequence[Product]:
    if not asked:
        return []
    said = asked.said(is_unfinished=True)
    rows = Product.objects.live().whole().filter(price_from__isnull=False, search_vector=said)
    some = rows.order_by().values("pk")[:MOST_RANKED]
    ranked = Product.objects.filter(pk__in=some).annotate(rank=SearchRank(F("search_vector"), said))
    return list(
        ranked.select_related("region__parent", "vendor").order_by("-rank", "-published_at", "-pk")[
            :MOST_LISTINGS
        ]
    )
