"""Finding listings: what a shopper asked for, the rows that match, and what may narrow them further."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.contrib.postgres.search import SearchRank, TrigramWordSimilarity
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from catalogue.models import Product
from catalogue.selectors.categories import CategoryRow, category_counts
from catalogue.selectors.claims import ASKED, claim_counts, claimed, named_by_claim
from catalogue.selectors.licences import without_unlicensed
from catalogue.selectors.places import paths_above
from catalogue.selectors.typed_words import LIKENESS, MAX_LETTERS, asked_for, nearly
from regions.models import Region
from vendors.models import Partner, StockRecord

Category = get_model("catalogue", "Category")

SORTS = ("best", "newest", "cheap", "dear")


@dataclass(frozen=True)
class Wish:
    """What is asked for; empty values narrow nothing. Prices in the shop's currency, both ends included.

    place: rows from there and below. category: slug. known: key of an identified product. kind: of the group. certificate:
    a key of catalogue.selectors.claims.ASKED.
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
    sort: str = "best"


@dataclass(frozen=True)
class Narrower:
    """One way to narrow a list: value for the query string, words, how many would remain; is_below: part of the last."""

    value: str
    words: str
    count: int
    is_below: bool = False


@dataclass(frozen=True)
class Narrowers:
    """All ways to narrow a list that leave something."""

    places: Sequence[Narrower]
    categories: Sequence[CategoryRow]
    kinds: Sequence[Narrower]
    in_stock: int
    certificates: Mapping[str, int]


@dataclass(frozen=True)
class Found:
    """Whole live listings that match, in the order asked for. instead: words that were looked for in place of the typed ones."""

    rows: QuerySet[Product]
    instead: str = ""


def find(wish: Wish) -> Found:
    """Listings that say all words, or other words for the same goods; else those that say what was nearly written.

    What nothing says even so is compared with titles, letter by letter. At most six queries before the rows are read.
    """
    words = wish.words.replace("\0", " ").strip()[:MAX_LETTERS]
    wish = replace(wish, words=words)
    rows = _narrowed(wish)
    if not words:
        return Found(rows.order_by(*_order(wish)))
    saying = _saying(rows, words)
    if saying.exists():
        return Found(saying.order_by(*_order(wish)))
    instead = nearly(words)
    if instead:
        saying = _saying(rows, instead)
        if saying.exists():
            return Found(saying.order_by(*_order(wish)), instead)
    alike = rows.annotate(rank=TrigramWordSimilarity(words, "title")).filter(
        Q(rank__gte=LIKENESS) | Q(title__icontains=words)
    )
    return Found(alike.order_by(*_order(wish)))


def _saying(rows: QuerySet[Product], words: str) -> QuerySet[Product]:
    """Rows whose own words match, or of which a certificate claims a name that does; at most two queries of its own."""
    asked = asked_for(words)
    if asked is None:
        return rows.none()
    named = named_by_claim(rows, words)
    own = Q(search_vector=asked)
    return rows.filter(own | Q(pk__in=named) if named else own).annotate(
        rank=SearchRank(F("search_vector"), asked)
    )


def narrowers(rows: QuerySet[Product]) -> Narrowers:
    """How these rows divide by country and dzongkhag or state, kind of goods, kind of group, stock and certificate; ten queries."""
    bare = rows.order_by()
    return Narrowers(
        places=_places(bare),
        categories=category_counts(bare),
        kinds=_kinds(bare),
        in_stock=with_units(bare).count(),
        certificates=claim_counts(bare),
    )


def with_units(rows: QuerySet[Product]) -> QuerySet[Product]:
    """Those of which at least one unit can be bought now, in any size; not food without a licence."""
    free = StockRecord.objects.filter(num_in_stock__gt=F("num_allocated"), product__state=Product.State.LIVE)
    units = free.values(owner=Coalesce("product__parent_id", "product_id"))
    return without_unlicensed(rows.filter(pk__in=units))


def _narrowed(wish: Wish) -> QuerySet[Product]:
    rows = Product.objects.live().whole().filter(price_from__isnull=False)
    if wish.place is not None:
        rows = rows.filter(region__path__startswith=wish.place.path)
    if wish.category:
        roots = Category.objects.filter(slug=wish.category, is_public=True).values_list("path", flat=True)
        within = Q(pk__in=[])
        for path in roots:
            within |= Q(categories__path__startswith=path)
        rows = rows.filter(pk__in=Product.objects.filter(within).values("pk"))
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
    return with_units(rows) if wish.in_stock else rows


def _order(wish: Wish) -> list[str]:
    if wish.sort == "cheap":
        return ["price_from", "pk"]
    if wish.sort == "dear":
        return ["-price_from", "pk"]
    newest = ["-published_at", "-pk"]
    return ["-rank", *newest] if wish.words and wish.sort == "best" else newest


def _places(bare: QuerySet[Product]) -> list[Narrower]:
    per_place = bare.values("region__path").annotate(found=Count("pk")).values_list("region__path", "found")
    total: Counter[str] = Counter()
    for path, found in per_place:
        for above in paths_above(path)[:2]:
            total[above] += found
    places = Region.objects.filter(path__in=total).order_by("path")
    return [Narrower(place.code, place.name, total[place.path], place.depth > 0) for place in places]


def _kinds(bare: QuerySet[Product]) -> list[Narrower]:
    found = bare.values("vendor__kind").annotate(found=Count("pk")).values_list("vendor__kind", "found")
    words = dict(Partner.Kind.choices)
    rows = [Narrower(kind, str(words[kind]), count) for kind, count in found]
    return sorted(rows, key=lambda row: (-row.count, row.words))
