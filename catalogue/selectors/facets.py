"""What may narrow a list of listings further, and how many would remain."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalogue.domain.seasons import seasons_with
from catalogue.models import Product
from catalogue.selectors.categories import CategoryRow, category_counts
from catalogue.selectors.claims import claim_counts
from catalogue.selectors.licences import without_unlicensed
from catalogue.selectors.places import paths_above
from regions.models import Region
from vendors.models import Partner, StockRecord


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
    in_season: int
    certificates: Mapping[str, int]


def narrowers(rows: QuerySet[Product]) -> Narrowers:
    """How these rows divide by country and dzongkhag or state, kind of goods, kind of group, stock, season and certificate."""
    bare = rows.order_by()
    return Narrowers(
        places=_places(bare),
        categories=category_counts(bare),
        kinds=_kinds(bare),
        in_stock=with_units(bare).count(),
        in_season=in_season(bare).count(),
        certificates=claim_counts(bare),
    )


def with_units(rows: QuerySet[Product]) -> QuerySet[Product]:
    """Those of which at least one unit can be bought now, in any size; not food without a licence."""
    free = StockRecord.objects.filter(num_in_stock__gt=F("num_allocated"), product__state=Product.State.LIVE)
    units = free.values(owner=Coalesce("product__parent_id", "product_id"))
    return without_unlicensed(rows.filter(pk__in=units))


def in_season(rows: QuerySet[Product]) -> QuerySet[Product]:
    """Those that are harvested or made in this month; not what there is all year."""
    return rows.filter(season__in=seasons_with(timezone.localdate().month))


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
