"""What may narrow a list of listings further, and how many would remain."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Sum, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce, Substr
from django.utils import timezone
from oscar.core.loading import get_model

from catalogue.domain.seasons import seasons_with
from catalogue.models import ListingTally, Product
from catalogue.selectors.categories import CategoryRow
from catalogue.selectors.claims import ASKED, claimed
from catalogue.selectors.expressions import ExistsForEach
from catalogue.selectors.kinds import Kinds
from catalogue.selectors.licences import is_unlicensed, without_unlicensed
from marketplace.lib.countries import country_name
from regions.models import Region
from vendors.models import Partner, StockRecord

Category = get_model("catalogue", "Category")

# Rows of (what is counted, its key, how many).
Counts = QuerySet[Any, tuple[str, str, int]]
# Whoever has a thousand to choose from narrows by something else first; more is said as “1000+”.
MOST_COUNTED = 1_000
_WITH_PLACES = """
WITH matching (id) AS MATERIALIZED ({matching})
SELECT counted.what, counted.key, counted.found, third.path, third.name, second.path, second.name, country.path, country.name
FROM ({counts}) AS counted
LEFT JOIN {places} own ON own.id = CASE counted.what WHEN 'place' THEN counted.key::bigint END
LEFT JOIN {places} third ON third.id = own.id AND own.depth = 2
LEFT JOIN {places} parent ON parent.id = own.parent_id
LEFT JOIN {places} second ON second.id = CASE own.depth WHEN 1 THEN own.id WHEN 2 THEN parent.id END
LEFT JOIN {places} country ON country.id = CASE own.depth WHEN 0 THEN own.id WHEN 1 THEN parent.id ELSE parent.parent_id END
"""
_TEXT = TextField()


@dataclass(frozen=True)
class Narrower:
    """One way to narrow a list: value for the query string, words, how many would remain; depth: of the tree, 0 on top.

    count: 0 of what leads up again, which is not counted.
    """

    value: str
    words: str
    count: int
    depth: int = 0


@dataclass(frozen=True)
class Sums:
    """Numbers that are kept. rows: of the places and kinds of group asked for; root: path of the root asked for, or empty."""

    rows: QuerySet[ListingTally]
    root: str


@dataclass(frozen=True)
class Narrowers:
    """All ways to narrow a list that leave something; total: how many rows it has. roots: all kinds of the first level, uncounted.

    places: of the first levels; where one below the country is chosen the way down to it, itself and the places in it.
    categories: kinds of the first level; where one is chosen the way down to it, itself and the kinds right below it.
    in_stock, in_season and certificates are counted up to MOST_COUNTED.
    """

    total: int
    places: Sequence[Narrower]
    categories: Sequence[CategoryRow]
    kinds: Sequence[Narrower]
    in_stock: int
    in_season: int
    certificates: Mapping[str, int]
    roots: Sequence[CategoryRow]


def narrowers(
    rows: QuerySet[Product],
    kinds: Kinds,
    *,
    sums: Sums | None = None,
    place: Region | None = None,
    category: str = "",
) -> Narrowers:
    """How these rows divide by place, kind of goods, kind of group, stock, season and certificate.

    sums: the kept ones of the same rows, where there are; else each row is counted. One query, and that of the kinds.
    place, category: what was chosen already, the kind by its slug; they are divided further, into gewogs or districts, and
    into the kinds below, of which there are no sums.
    """
    chosen = kinds.called(category) if category else None
    bare = rows.order_by()
    if sums is None:
        bare = Product.objects.filter(pk__in=RawSQL("SELECT id FROM matching", ())).order_by()
    counts = [
        *(_counted(bare) if sums is None else _summed(sums)),
        *(_within(bare, chosen) if chosen is not None and not chosen.is_leaf() else ()),
        _some("season", in_season(bare)),
        *_ready_and_proven(bare),
    ]
    found: dict[str, dict[str, int]] = defaultdict(dict)
    places: Counter[tuple[str, str]] = Counter()
    for what, key, number, *above in _with_places(counts[0].union(*counts[1:], all=True), rows):
        if number > 0:
            found[what][key] = number
        for path, name in zip(above[::2], above[1::2], strict=True):
            if path is not None:
                places[path, name] += number
    roots = {root.path: CategoryRow(root.said("name"), root.slug) for root in kinds.roots}
    total = sum(found["kind"].values())
    return Narrowers(
        total=total,
        places=_places(places, chosen=place),
        categories=_categories(found["root"], roots)
        if chosen is None
        else _way_down(found["within"], chosen, kinds, total=total),
        kinds=_kinds(found["kind"]),
        in_stock=found["stock"].get("", 0),
        in_season=found["season"].get("", 0),
        certificates={asked: found[f"claim {asked}"].get("", 0) for asked in ASKED},
        roots=list(roots.values()),
    )


def ready_and_proven(rows: QuerySet[Product]) -> tuple[int, Mapping[str, int]]:
    """How many of these rows are ready to send, and how many each of ASKED covers, up to MOST_COUNTED; one query."""
    first, *others = _ready_and_proven(rows.order_by())
    found = {what: number for what, _key, number in first.union(*others, all=True)}
    return found.get("stock", 0), {asked: found.get(f"claim {asked}", 0) for asked in ASKED}


def sums_of(place: Region | None, root: str = "", kind: str = "") -> Sums:
    """The kept sums of all that is on sale in a place and below, of a root of the category tree and a kind of group."""
    rows = ListingTally.objects.order_by()
    if place is not None:
        rows = rows.filter(region__path__startswith=place.path)
    return Sums(rows.filter(kind=kind) if kind else rows, root)


def with_units(rows: QuerySet[Product]) -> QuerySet[Product]:
    """Those of which at least one unit can be bought now, in any size; not food without a licence."""
    free = StockRecord.objects.filter(num_in_stock__gt=F("num_allocated"), product__state=Product.State.LIVE)
    units = free.values(owner=Coalesce("product__parent_id", "product_id"))
    return without_unlicensed(rows.filter(pk__in=units))


def is_ready() -> Q:
    """The same as with_units, each listing asked for itself: where the first of many are looked for, not all of them."""
    free = StockRecord.objects.filter(num_in_stock__gt=F("num_allocated"))
    own, sizes = free.filter(product=OuterRef("pk")), free.filter(product__parent=OuterRef("pk"))
    live = sizes.filter(product__state=Product.State.LIVE)
    return (Q(ExistsForEach(own)) | Q(ExistsForEach(live))) & ~is_unlicensed()


def in_season(rows: QuerySet[Product]) -> QuerySet[Product]:
    """Those that are harvested or made in this month; not what there is all year."""
    return rows.filter(season__in=seasons_with(timezone.localdate().month))


def _counted(bare: QuerySet[Product]) -> list[Counts]:
    # Not exclude(categories=None): that asks once more for each listing.
    rooted = bare.filter(categories__isnull=False)
    root = Substr("categories__path", 1, Category.steplen)
    return [
        _counts(bare, "place", F("region"), Count("pk")),
        _counts(bare, "kind", F("vendor__kind"), Count("pk")),
        _counts(rooted, "root", root, Count("pk", distinct=True)),
    ]


def _summed(sums: Sums) -> list[Counts]:
    whole = sums.rows.filter(root=sums.root)
    # What else stands in a chosen kind of goods is not known, nor asked.
    rooted = whole if sums.root else sums.rows.exclude(root="")
    return [
        _counts(whole, "place", F("region"), Sum("change")),
        _counts(whole, "kind", F("kind"), Sum("change")),
        _counts(rooted, "root", F("root"), Sum("change")),
    ]


def _within(bare: QuerySet[Product], chosen: Any) -> list[Counts]:
    below = Category.objects.filter(path__startswith=chosen.path, depth__gt=chosen.depth)
    linked = Product.categories.through.objects.filter(category__in=below, product__in=bare.values("pk"))
    kind = Substr("category__path", 1, Category.steplen * (chosen.depth + 1))
    return [_counts(linked.order_by(), "within", kind, Count("product", distinct=True))]


def _ready_and_proven(bare: QuerySet[Product]) -> list[Counts]:
    return [
        _some("stock", bare.filter(is_ready())),
        *(_some(f"claim {asked}", claimed(bare, asked)) for asked in ASKED),
    ]


def _some(what: str, rows: QuerySet[Product]) -> Counts:
    some = Product.objects.filter(pk__in=rows.values("pk")[:MOST_COUNTED]).order_by()
    return _counts(some, what, Value(""), Count("pk"))


def _counts(rows: QuerySet[Any], what: str, key: Any, number: Any) -> Counts:
    marked = rows.annotate(what=Value(what, output_field=_TEXT), key=Cast(key, _TEXT))
    return marked.values("what", "key").annotate(found=number).values_list("what", "key", "found")


def _with_places(counts: Counts, rows: QuerySet[Product]) -> Sequence[tuple[Any, ...]]:
    """Rows of counts, those of places with path and name of the dzongkhag or state and of the country; one query.

    counts: of rows, or of the listings in "matching", which are these rows, looked for once for all counts. The places are
    joined to the sums: there are a thousand of them, and may be a million listings.
    """
    try:
        matching, wanted = rows.order_by().values("pk").query.sql_with_params()
        counted, values = counts.query.sql_with_params()
    except EmptyResultSet:
        return []
    named = _WITH_PLACES.format(matching=matching, counts=counted, places=Region._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(named, (*wanted, *values))
        found: Sequence[tuple[Any, ...]] = cursor.fetchall()
    return found


def _categories(found: Mapping[str, int], roots: Mapping[str, CategoryRow]) -> list[CategoryRow]:
    rows = [replace(row, listings=found[path]) for path, row in roots.items() if path in found]
    return sorted(rows, key=lambda row: (-row.listings, row.name))


def _way_down(found: Mapping[str, int], chosen: Any, kinds: Kinds, *, total: int) -> list[CategoryRow]:
    """Kinds above the chosen one, uncounted; itself; those right below it that leave something, most listings first."""
    below = [
        CategoryRow(row.said("name"), row.slug, found[row.path], row.depth - 1)
        for row in kinds.rows
        if row.path in found
    ]
    return [
        *(CategoryRow(row.said("name"), row.slug, 0, row.depth - 1) for row in kinds.above(chosen)),
        CategoryRow(chosen.said("name"), chosen.slug, total, chosen.depth - 1),
        *sorted(below, key=lambda row: (-row.listings, row.name)),
    ]


def _places(found: Mapping[tuple[str, str], int], *, chosen: Region | None) -> list[Narrower]:
    """Places that leave something. Those above the chosen one lead up to more than was counted, so no number is said."""
    is_deep = chosen is not None and chosen.depth > 0
    rows = []
    for path, name in sorted(found):
        *above, code = path.rstrip("/").split("/")
        if found[path, name] > 0 and (is_deep or len(above) < 2):
            leads_up = chosen is not None and path != chosen.path and chosen.path.startswith(path)
            shown = name if above else country_name(code, name)
            rows.append(Narrower(code, shown, 0 if leads_up else found[path, name], len(above)))
    return rows


def _kinds(found: Mapping[str, int]) -> list[Narrower]:
    words = dict(Partner.Kind.choices)
    rows = [Narrower(kind, str(words[kind]), number) for kind, number in found.items()]
    return sorted(rows, key=lambda row: (-row.count, row.words))
