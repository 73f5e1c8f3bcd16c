"""Finding listings: what a shopper asked for, and the rows that match."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Value

from catalogue.models import Product
from catalogue.selectors.claims import ASKED, claimed, named_by_claim
from catalogue.selectors.facets import Sums, in_season, is_ready, sums_of, with_units
from catalogue.selectors.kinds import Kinds, in_kinds
from catalogue.selectors.ranking import InOrder, Reading, first_of
from catalogue.selectors.typed_words import Asked, asked_for, fewer, nearly
from regions.models import Region
from vendors.models import Partner

SORTS = ("best", "newest", "cheap", "dear")


@dataclass(frozen=True)
class Wish:
    """What is asked for; empty values narrow nothing. Prices in the shop's currency, both ends included.

    place: rows from there and below. category: slug. known: key of an identified product. kind: of the group. certificate:
    a key of catalogue.selectors.claims.ASKED. in_season: harvested or made in this month.
    """

    words: str = ""
    place: Region | None = None
    category: str = ""
    kind: str = ""
    known: int | None = None
    vendor: Partner | None = None
    certificate: str = ""
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    in_stock: bool = False
    in_season: bool = False
    sort: str = "best"


@dataclass(frozen=True)
class Meaning:
    """What words may mean. asked: what must be said, None where paths of kinds of goods are meant.

    instead: words that are looked for in place of the typed ones; only: of these, those that are said where nothing says all.
    """

    asked: Asked | None
    instead: str = ""
    only: str = ""
    paths: Sequence[str] = ()


@dataclass(frozen=True)
class Found:
    """Whole live listings that match: rows in no order, keys in the order asked for.

    asked: what was understood; meanings: what it may mean; instead, only: those of the one that answered.
    sums: kept numbers of the same rows, where there are.
    """

    rows: QuerySet[Product]
    keys: InOrder
    asked: Asked
    meanings: Sequence[Meaning] = ()
    instead: str = ""
    only: str = ""
    sums: Sums | None = None


def find(wish: Wish, kinds: Kinds | None = None) -> Found:
    """Listings that say all words, or other words for the same; else what was nearly written; else what says some of them.

    kinds: as read for the same page, if they were. At most four queries, whatever is typed and however much is on sale.
    """
    kinds = kinds or Kinds()
    rows = some = _narrowed(wish, kinds)
    if wish.in_stock:
        some = _narrowed(replace(wish, in_stock=False), kinds).filter(is_ready())
    asked = asked_for(wish.words)
    if not asked and not asked.text:
        first = first_of([Reading(some)], sort=wish.sort)
        in_order = InOrder(rows, first, asked=None, sort=wish.sort)
        return Found(rows, in_order, asked, sums=_sums(wish, kinds))
    meanings = list(_meanings(asked, kinds))
    readings = [_reading(some, meaning) for meaning in meanings]
    found = first_of(readings, sort=wish.sort) if readings else []
    if not found:
        nothing = InOrder(rows.none(), [], asked=None, sort=wish.sort)
        return Found(rows.none(), nothing, asked, meanings)
    meaning = meanings[found[0].reading]
    reading = _reading(rows, meaning)
    matching = reading.matching({row.key for row in found if row.part})
    in_order = InOrder(matching, found, asked=reading.asked, sort=wish.sort)
    return Found(matching, in_order, asked, meanings, meaning.instead, meaning.only)


def how_many(wishes: Sequence[Wish], meanings: Sequence[Meaning], kinds: Kinds) -> list[int]:
    """How many listings find() would find for each of these wishes, in their order; one query.

    meanings: of the words that wishes with words say, as find() has found them out.
    """
    counts: list[Any] = []
    for number, wish in enumerate(wishes):
        rows = _narrowed(wish, kinds)
        readings = [_reading(rows, meaning) for meaning in meanings] if wish.words else [Reading(rows)]
        for place, reading in enumerate(readings):
            counts += [_counted(part, wish=number, reading=place) for part in reading.parts()]
    found: dict[int, Counter[int]] = {number: Counter() for number in range(len(wishes))}
    for number, place, count in counts[0].union(*counts[1:], all=True) if counts else []:
        found[number][place] += count
    return [found[number][min(found[number], default=0)] for number in range(len(wishes))]


def _counted(rows: QuerySet[Product], **marks: int) -> Any:
    marked = rows.order_by().annotate(**{name: Value(number) for name, number in marks.items()})
    return marked.values(*marks).annotate(found=Count("pk")).values_list(*marks, "found")


def _meanings(asked: Asked, kinds: Kinds) -> Iterator[Meaning]:
    """What may be meant, the likeliest first, kinds of goods of that name last; one query where a word is put right."""
    if not asked:
        return
    yield Meaning(asked)
    better = nearly(asked)
    instead = better.text if better else ""
    if better:
        yield Meaning(better, instead)
    for part in fewer(better or asked):
        yield Meaning(part, instead, part.text)
    if named := kinds.named(asked):
        yield Meaning(None, paths=[kind.path for kind in named])


def _reading(rows: QuerySet[Product], meaning: Meaning) -> Reading:
    """Rows whose own words match, and others of which a certificate claims a name that does."""
    asked = meaning.asked
    if asked is None:
        return Reading(rows.filter(pk__in=in_kinds(meaning.paths)))
    denied = asked.denied()
    left = rows.exclude(search_vector=denied) if denied is not None else rows
    names, certificates = asked.protected(), asked.known.numbered
    claimed = None
    if names or certificates:
        silent = left.exclude(search_vector=asked.said())
        claimed = named_by_claim(silent, names=names, certificates=certificates)
    return Reading(left, asked, claimed)


def _sums(wish: Wish, kinds: Kinds) -> Sums | None:
    """The kept sums of what is asked for, where it is a place, one root of the kinds of goods and a kind of group at most."""
    summed = Wish(place=wish.place, category=wish.category, kind=wish.kind, sort=wish.sort)
    chosen = kinds.called(wish.category) if wish.category else None
    is_root = chosen is not None and chosen.depth == 1
    if wish != summed or (wish.category and not is_root):
        return None
    return sums_of(wish.place, chosen.path if chosen else "", wish.kind)


def _narrowed(wish: Wish, kinds: Kinds) -> QuerySet[Product]:
    rows = Product.objects.live().whole().filter(price_from__isnull=False)
    if wish.place is not None:
        rows = rows.filter(region__path__startswith=wish.place.path)
    if wish.category:
        chosen = kinds.called(wish.category)
        rows = rows.filter(pk__in=in_kinds([chosen.path] if chosen else []))
    if wish.kind:
        rows = rows.filter(vendor__kind=wish.kind)
    if wish.known is not None:
        rows = rows.filter(identified_product=wish.known)
    if wish.vendor is not None:
        rows = rows.filter(vendor=wish.vendor)
    if wish.certificate in ASKED:
        rows = claimed(rows, wish.certificate)
    if wish.price_min is not None:
        rows = rows.filter(price_from__gte=wish.price_min)
    if wish.price_max is not None:
        rows = rows.filter(price_from__lte=wish.price_max)
    if wish.in_season:
        rows = in_season(rows)
    return with_units(rows) if wish.in_stock else rows
