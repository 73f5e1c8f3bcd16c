"""What a search leads to beside listings: places, groups, kinds of goods, and products that are known though nobody sells them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import Case, CharField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Replace

from catalogue.selectors.kinds import Kinds
from catalogue.selectors.typed_words import Asked
from regions.models import GeographicalIndication, IdentifiedProduct, Region, RegionAlias
from vendors.models import Partner

MOST = 3
# Rows of (what it is, place in the order of these, its name, name and code of a place).
Rows = QuerySet[Any, Any]
_PLACE, _GROUP, _PRODUCT, _PROTECTED = range(4)
_FIRST = Value(0)
_EXACT, _BEGUN, _LATER_WORD, _WITHIN, _PART = 0, 10, 20, 30, 100


@dataclass(frozen=True)
class Named:
    """A place, with the name of the one above it, or a group, with that of its own place; above may be empty."""

    name: str
    above: str
    code: str


@dataclass(frozen=True)
class Known:
    """A product of a place, or a protected name; place, code: where it comes from, may be empty."""

    name: str
    place: str
    code: str


@dataclass(frozen=True)
class Offered:
    """At most MOST of each, twice as many known; categories are rows of Oscar's Category."""

    places: Sequence[Named] = ()
    groups: Sequence[Named] = ()
    categories: Sequence[Any] = ()
    known: Sequence[Known] = ()


def offered(asked: Asked, kinds: Kinds, *, with_unsold: bool) -> Offered:
    """What of these the words name; nothing where nothing was typed. One query, and that of the kinds.

    with_unsold: what is known by these words though nobody sells it, too.
    """
    if not asked:
        return Offered()
    parts = [*_places(asked), _groups(asked), *(_unsold(asked) if with_unsold else [])]
    found: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    rows: list[tuple[int, int, str, str, str]] = sorted(parts[0].union(*parts[1:], all=True))
    for what, _rank, name, place, code in rows:
        found[what].append((name, place, code))
    known = [Known(*row) for row in (*found[_PRODUCT], *found[_PROTECTED])]
    return Offered(
        list(dict.fromkeys(Named(*row) for row in found[_PLACE]))[:MOST],
        [Named(*row) for row in found[_GROUP]],
        kinds.named(asked)[:MOST],
        list({row.name: row for row in known}.values()),
    )


def _groups(asked: Asked) -> Rows:
    """Groups in the shop whose name says all the words."""
    rows = Partner.objects.public()
    for term in asked.terms:
        said = Q()
        for form in term.forms:
            said |= Q(bare__icontains=form.replace("'", "").replace("\u2019", ""))
        rows = rows.annotate(bare=Replace(Replace("name", Value("'")), Value("\u2019"))).filter(said)
    return _rows(rows.order_by("name", "pk")[:MOST], _GROUP, place="home_region__name", code="code")


def _places(asked: Asked) -> list[Rows]:
    """Places whose name holds the words, the likest and largest first, and what parts of the words name."""
    found = [_rows(_holding(asked.text)[:MOST], _PLACE, rank=F("rank"), place="parent__name", code="code")]
    for number, place in enumerate(sorted(asked.places)[:MOST], start=1):
        term = asked.terms[place]
        named = Region.objects.standing().filter(name__iexact=(term.own or term.forms)[0])
        largest = named.order_by("depth", "path")[:1]
        found.append(_rows(largest, _PLACE, rank=Value(_PART * number), place="parent__name", code="code"))
    return found


def _holding(words: str) -> QuerySet[Region]:
    others = RegionAlias.objects.order_by()
    exact, begun, held = (
        Q(pk__in=others.filter(**{f"alias__{how}": words}).values("region"))
        for how in ("iexact", "istartswith", "icontains")
    )
    is_code = Q(code=words.upper())
    how_like = Case(
        When(exact | Q(name__iexact=words) | Q(local_name=words) | is_code, then=Value(_EXACT)),
        When(begun | Q(name__istartswith=words), then=Value(_BEGUN)),
        When(Q(name__icontains=f" {words}"), then=Value(_LATER_WORD)),
        default=Value(_WITHIN),
        output_field=IntegerField(),
    )
    named = Q(name__icontains=words) | Q(local_name__icontains=words) | is_code | held
    rows = Region.objects.standing().filter(named).annotate(rank=how_like + F("depth"))
    return rows.order_by("rank", "path")


def _unsold(asked: Asked) -> Iterable[Rows]:
    """Products that places are known for, and protected names, that say the words."""
    said, text = asked.said(), SearchVector("name", config="simple")
    products = IdentifiedProduct.objects.standing().annotate(text=text).filter(text=said)
    yield _rows(products.order_by("name", "pk")[:MOST], _PRODUCT, place="region__name", code="region__code")
    origin = Region.objects.filter(geographical_indications=OuterRef("pk")).order_by("path")
    protected = GeographicalIndication.objects.annotate(text=text).filter(text=said)
    placed = protected.annotate(
        place=Subquery(origin.values("name")[:1]), place_code=Subquery(origin.values("code")[:1])
    )
    yield _rows(placed.order_by("name", "pk")[:MOST], _PROTECTED, place="place", code="place_code")


def _rows(rows: QuerySet[Any], what: int, *, place: str, code: str, rank: Any = _FIRST) -> Rows:
    texts = {
        f"said_{name}": Coalesce(Cast(F(field), CharField()), Value(""), output_field=CharField())
        for name, field in (("name", "name"), ("place", place), ("code", code))
    }
    number = Value(what, output_field=IntegerField())
    return rows.annotate(what=number, order=rank, **texts).values_list("what", "order", *texts)
