"""The turns of a day, drawn once in the night for home and for each country."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone

from catalogue.models import Product
from catalogue.selectors.facets import with_units
from orders.models import Line, VendorOrder
from programme.domain.turns import Turn, Waiting, scattered, turns
from programme.models import FeaturedChoice, FeaturedListing, FeaturedTurn
from regions.models import Region

TURNS = 8
# The listing that is shown, and those that stand in when it is sold out during the day.
LISTINGS_A_TURN = 3
SOLD_WITHIN = timedelta(days=90)


def draw_today() -> int:
    """Draw what is missing of today's turns; returns how many sets were drawn. Run again or beside its twin it draws none."""
    day = timezone.now().astimezone(UTC).date()
    countries = Region.objects.countries().values_list("code", flat=True)
    return sum(draw(scope, day) for scope in ["", *countries])


def draw(scope: str, day: date) -> bool:
    """Draw the turns of a day for home ("") or for a country; False when they are there, or nothing can be bought.

    All of them or none: killed half way it leaves nothing, and two at once leave one set.
    """
    if FeaturedTurn.objects.filter(scope=scope, day=day).exists():
        return False
    drawn, round_now = _drawn(scope, day)
    if not drawn:
        return False
    candidates = _candidates(scope, day, [turn.key for turn in drawn])
    try:
        _write(scope, day, drawn, candidates=candidates, round_now=round_now)
    except IntegrityError:
        # The twin was quicker: the day has its set.
        return False
    return True


@transaction.atomic
def _write(
    scope: str, day: date, drawn: Sequence[Turn], *, candidates: dict[int, list[int]], round_now: int
) -> None:
    rows = FeaturedTurn.objects.bulk_create(
        FeaturedTurn(
            scope=scope,
            day=day,
            position=position,
            region_id=turn.key,
            round=round_now + turn.is_new_round,
        )
        for position, turn in enumerate(drawn)
    )
    FeaturedListing.objects.bulk_create(
        FeaturedListing(turn=row, listing_id=pk, rank=rank)
        for row in rows
        for rank, pk in enumerate(candidates.get(row.region_id, [])[:LISTINGS_A_TURN])
    )


def _drawn(scope: str, day: date) -> tuple[list[Turn], int]:
    """Whose turn it is, and the number of the round that is under way."""
    before = FeaturedTurn.objects.filter(scope=scope)
    round_now: int = before.aggregate(last=Max("round"))["last"] or 1
    served = set(before.filter(round=round_now).values_list("region", flat=True))
    counted = _on_offer(scope, day).order_by().values("region", "region__code").annotate(found=Count("pk"))
    sold = _sold(scope, day)
    places = [
        Waiting(key, code, found, sold.get(key, 0))
        for key, code, found in counted.values_list("region", "region__code", "found")
    ]
    return turns(places, served=served, day=day, count=TURNS), round_now


def _on_offer(scope: str, day: date) -> "QuerySet[Product]":
    """What can be bought on that day and is not left out."""
    live = Product.objects.live().whole().filter(price_from__isnull=False)
    if scope:
        live = live.filter(region__path__startswith=f"{scope}/")
    closed = Q(vendor__closed_from__lte=day, vendor__closed_until__gte=day)
    left_out = FeaturedChoice.objects.today(FeaturedChoice.Kind.LEAVE_OUT).values("listing")
    return with_units(live.exclude(closed).exclude(pk__in=left_out))


def _sold(scope: str, day: date) -> dict[int, int]:
    """Units sold of each place lately."""
    end = datetime.combine(day, time.min, tzinfo=UTC)
    sales = Line.objects.filter(
        vendor_order__released_at__gt=end - SOLD_WITHIN, product__region__path__startswith=scope
    ).exclude(vendor_order__state=VendorOrder.State.CANCELLED)
    return dict(
        sales.order_by()
        .values("product__region")
        .annotate(units=Sum("quantity"))
        .values_list("product__region", "units")
    )


def _candidates(scope: str, day: date, places: Sequence[int]) -> dict[int, list[int]]:
    """Listings of each place, in the order of their turns: of the group, then of the listing, that waits longest."""
    shown = Max("turns__turn__day", filter=Q(turns__rank=0, turns__turn__scope=scope))
    rows = _on_offer(scope, day).filter(region__in=places).annotate(shown=shown)
    last_of_group: dict[int, date] = {}
    found: dict[int, list[tuple[int, int, date]]] = defaultdict(list)
    for pk, vendor, region, last in rows.values_list("pk", "vendor", "region", "shown"):
        found[region].append((pk, vendor, last or date.min))
        last_of_group[vendor] = max(last or date.min, last_of_group.get(vendor, date.min))
    return {
        region: [
            pk
            for pk, _vendor, _last in sorted(
                listings,
                key=lambda row: (last_of_group[row[1]], row[2], scattered(day, str(row[0]))),
            )
        ]
        for region, listings in found.items()
    }
