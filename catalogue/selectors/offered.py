"""What a search leads to beside listings: places, groups, kinds of goods, and products that are known though nobody sells them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Replace

from catalogue.selectors.kinds import kinds_named
from catalogue.selectors.typed_words import Asked, asked_for
from regions.models import GeographicalIndication, IdentifiedProduct, Region
from regions.selectors.places import suggest
from vendors.models import Partner

MOST = 3


@dataclass(frozen=True)
class Known:
    """A product of a place, or a protected name; place: where it comes from, or None; is_protected: a name of the register."""

    name: str
    place: Region | None
    is_protected: bool


@dataclass(frozen=True)
class Offered:
    """At most MOST of each, by name; categories are rows of Oscar's Category."""

    places: Sequence[Region] = ()
    groups: Sequence[Partner] = ()
    categories: Sequence[Any] = ()
    known: Sequence[Known] = ()


def offered(words: str) -> Offered:
    """What of these kinds the words name; nothing where nothing was typed. At most nine short queries."""
    asked = asked_for(words)
    if not asked:
        return Offered()
    return Offered(
        _places(asked),
        list(groups_named(asked)[:MOST]),
        kinds_named(asked)[:MOST],
        _known(asked),
    )


def groups_named(asked: Asked) -> QuerySet[Partner]:
    """Groups in the shop whose name says all the words, read with their place."""
    rows = Partner.objects.public()
    for term in asked.terms:
        said = Q()
        for form in term.forms:
            said |= Q(bare__icontains=form.replace("'", "").replace("\u2019", ""))
        rows = rows.annotate(bare=Replace(Replace("name", Value("'")), Value("\u2019"))).filter(said)
    return rows.select_related("home_region__parent").order_by("name")


def _places(asked: Asked) -> list[Region]:
    """Places that the words name, the largest first, or whose name holds them; what is only spelt alike would be in the way."""
    found = [
        row.region for row in suggest(asked.text, limit=MOST) if _holds(row.region, row.alias, asked.text)
    ]
    for place in sorted(asked.places):
        for name in asked.terms[place].own[:1] if asked.terms[place].own else asked.terms[place].forms[:1]:
            found += [row.region for row in suggest(name, limit=1) if _holds(row.region, row.alias, name)]
    return list(dict.fromkeys(found))[:MOST]


def _holds(place: Region, alias: str, words: str) -> bool:
    return words.casefold() in f"{place.display_name} {place.local_name} {place.code} {alias}".casefold()


def _known(asked: Asked) -> list[Known]:
    """Products that places are known for and protected names that say the words; two queries."""
    said = asked.said()
    named = SearchVector("name", config="simple")
    products = (
        IdentifiedProduct.objects.standing()
        .annotate(text=named)
        .filter(text=said)
        .select_related("region__parent")
    )
    protected = GeographicalIndication.objects.annotate(text=named).filter(text=said)
    found = [
        Known(row.name, row.region, is_protected=False) for row in products.order_by("name", "pk")[:MOST]
    ]
    found += [
        Known(row.name, next(iter(row.regions.all()), None), is_protected=True)
        for row in protected.prefetch_related("regions").order_by("name", "pk")[:MOST]
    ]
    return list({known.name: known for known in found}.values())[: 2 * MOST]
