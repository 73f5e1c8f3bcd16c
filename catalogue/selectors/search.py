"""Finding listings: what a shopper asked for, and the rows that match."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet
from oscar.core.loading import get_model

from catalogue.models import Product
from catalogue.selectors.claims import ASKED, claimed, named_by_claim
from catalogue.selectors.facets import Sums, in_season, sums_of, with_units
from catalogue.selectors.kinds import in_kinds, kinds_named
from catalogue.selectors.ranking import InOrder
from catalogue.selectors.typed_words import Asked, asked_for, fewer, nearly
from regions.models import Region
from vendors.models import Partner

Category = get_model("catalogue", "Category")

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
class Found:
    """Whole live listings that match: rows in no order, keys in the order asked for.

    instead: words that were looked for in place of the typed ones; only: of these, those that are said where nothing says all.
    sums: kept numbers of the same rows, where there are.
    """

    rows: QuerySet[Product]
    keys: InOrder
    instead: str = ""
    only: str = ""
    sums: Sums | None = None


def find(wish: Wish) -> Found:
    """Listings that say all words, or other words for the same; else what was nearly written; else what says some of them.

    At most sixteen short queries before the rows are read, whatever is typed and however much is on sale.
    """
    paths = _paths(wish)
    rows = _narrowed(wish, paths)
    asked = asked_for(wish.words)
    if not asked and not asked.text:
        return Found(rows, InOrder(rows, asked=None, sort=wish.sort), sums=_sums(wish, paths))
    for wanted, instead, only in _readings(asked):
        saying = _saying(rows, wanted)
        if saying.exists():
            return Found(saying, InOrder(saying, asked=wanted, sort=wish.sort), instead, only)
    alike = _of_kinds(rows, asked)
    return Found(alike, InOrder(alike, asked=None, sort=wish.sort))


def _readings(asked: Asked) -> Iterator[tuple[Asked, str, str]]:
    """What may be meant, the likeliest first: with the words looked for instead, and those of them that must be said."""
    if not asked:
        return
    yield asked, "", ""
    better = nearly(asked)
    instead = better.text if better else ""
    if better:
        yield better, instead, ""
    for part in fewer(better or asked):
        yield part, instead, part.text


def _saying(rows: QuerySet[Product], asked: Asked) -> QuerySet[Product]:
    """Rows whose own words match, or of which a certificate claims a name that does; at most two queries of its own."""
    named = named_by_claim(rows, asked.text)
    own = Q(search_vector=asked.said())
    found = rows.filter(own | Q(pk__in=named) if named else own)
    denied = asked.denied()
    return found.exclude(search_vector=denied) if denied is not None else found


def _of_kinds(rows: QuerySet[Product], asked: Asked) -> QuerySet[Product]:
    """Rows of the kinds of goods that the words name, where no listing says them itself; one query of its own."""
    kinds = kinds_named(asked)
    if not kinds:
        return rows.none()
    return rows.filter(pk__in=in_kinds([kind.path for kind in kinds]))


def _paths(wish: Wish) -> list[str]:
    """Where the chosen kind of goods begins in its tree; one query where one is chosen."""
    if not wish.category:
        return []
    return list(Category.objects.filter(slug=wish.category, is_public=True).values_list("path", flat=True))


def _sums(wish: Wish, paths: Sequence[str]) -> Sums | None:
    """The kept sums of what is asked for, where it is a place, one root of the kinds of goods and a kind of group at most."""
    summed = Wish(place=wish.place, category=wish.category, kind=wish.kind, sort=wish.sort)
    is_root = len(paths) == 1 and len(paths[0]) == Category.steplen
    if wish != summed or (wish.category and not is_root):
        return None
    return sums_of(wish.place, paths[0] if paths else "", wish.kind)


def _narrowed(wish: Wish, paths: Sequence[str]) -> QuerySet[Product]:
    rows = Product.objects.live().whole().filter(price_from__isnull=False)
    if wish.place is not None:
        rows = rows.filter(region__path__startswith=wish.place.path)
    if wish.category:
        rows = rows.filter(pk__in=in_kinds(paths))
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
