"""What people follow, and what is new there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from catalogue.models import Follow, Product
from regions.selectors.register import successor_of

# New is what came since one follows it, and no longer ago than this.
NEW_FOR = timedelta(days=60)


def followed_by(person: Any) -> list[Follow]:
    """What a person follows, the newest first, with its places; one query, and two for each place that ended.

    A place that became part of another is followed there.
    """
    rows = Follow.objects.visible_to(person)
    found = list(rows.select_related("region__parent", "vendor__home_region__parent"))
    for row in found:
        if row.region is not None and row.region.ended_on is not None:
            row.region = successor_of(row.region) or row.region
    return found


@dataclass(frozen=True)
class Followed:
    """Keys of the places and groups that somebody follows."""

    regions: frozenset[int]
    vendors: frozenset[int]


def followed_keys(person: Any) -> Followed:
    """What the buttons of a page show; one query."""
    rows = list(Follow.objects.visible_to(person).order_by().values_list("region", "vendor"))
    return Followed(
        frozenset(region for region, _vendor in rows if region),
        frozenset(vendor for _region, vendor in rows if vendor),
    )


def new_there(follows: Sequence[Follow], *, since: datetime | None = None) -> QuerySet[Product]:
    """Whole listings that came on sale at what is followed after one began to follow it, the newest first.

    follows: read with their places; a place holds all that lies in it. since: only what came later.
    """
    if not follows:
        return Product.objects.none()
    earliest = max(timezone.now() - NEW_FOR, min(row.created_at for row in follows))
    wanted = Q(pk=None)
    for row in follows:
        if row.region is not None:
            there = Q(region__path__startswith=row.region.path)
        else:
            there = Q(vendor=row.vendor_id)
        wanted |= there & Q(published_at__gt=row.created_at)
    # Of a group that is not in the shop, and of a place that ended, nothing is on sale.
    rows = Product.objects.live().whole().filter(wanted, published_at__gt=max(earliest, since or earliest))
    return rows.order_by("-published_at", "-pk")
