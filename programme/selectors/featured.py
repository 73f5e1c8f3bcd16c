"""Listings that home and the pages of countries show today, and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from catalogue.models import Product
from catalogue.selectors.listings import ListingCard
from programme.models import FeaturedChoice, FeaturedListing, FeaturedTurn

Kind = FeaturedChoice.Kind
MOST_PINS = 2
# Among the newest listings of a shop without turns as many places are looked for.
NEWEST = 60


@dataclass(frozen=True)
class Featured:
    """What may be shown. pins: listings that the office shows first; turns: of each turn the listings, the first one first.

    is_drawn: whether the turns were drawn; else the newest listing of each place stands in.
    """

    pins: Sequence[int]
    turns: Sequence[Sequence[int]]
    is_drawn: bool = True

    @property
    def keys(self) -> set[int]:
        """All listings whose cards are needed; a handful, whatever the size of the shop."""
        return {*self.pins, *(pk for turn in self.turns for pk in turn)}

    def shown(
        self, found: Mapping[int, ListingCard], count: int, *, elsewhere: Iterable[int] = ()
    ) -> list[ListingCard]:
        """Cards of what can be bought: pins, then one of each turn. elsewhere: what the page shows already, if possible not again."""
        seen = set(elsewhere)
        cards: list[ListingCard] = []
        for options in [*([pk] for pk in self.pins), *self.turns]:
            offered = [found[pk] for pk in options if pk in found and found[pk].is_available]
            taken = {card.pk for card in cards}
            fresh = [card for card in offered if card.pk not in taken]
            fresh.sort(key=lambda card: card.pk in seen)
            cards.extend(fresh[:1])
        return cards[:count]


def turns_of_country(code: str, day: date) -> "QuerySet[Product]":
    """Listings of the set that was drawn last for the page of a country, in order, with their turn; for card_rows."""
    left_out = FeaturedChoice.objects.today(Kind.LEAVE_OUT).filter(listing=OuterRef("pk"))
    live = Product.objects.live().whole().filter(~Exists(left_out))
    drawn = live.filter(turns__turn__scope=code, turns__turn__day=_last_drawn(code, day))
    return drawn.annotate(turn=F("turns__turn__position")).order_by("turn", "turns__rank")


def featured_on_home(day: date) -> Featured:
    """For home on a day: the set drawn last. Two queries, and one more where nothing was ever drawn."""
    left_out = FeaturedChoice.objects.today(Kind.LEAVE_OUT).filter(listing=OuterRef("listing"))
    rows = (
        FeaturedListing.objects.filter(~Exists(left_out), turn__scope="", turn__day=_last_drawn("", day))
        .order_by("turn__position", "rank")
        .values_list("turn", "listing")
    )
    turns: dict[int, list[int]] = defaultdict(list)
    for turn, listing in rows:
        turns[turn].append(listing)
    pins = FeaturedChoice.objects.today(Kind.PIN).order_by("starts_on", "pk")
    first = list(pins.values_list("listing", flat=True)[:MOST_PINS])
    if turns:
        return Featured(first, list(turns.values()))
    return Featured(first, _newest(), is_drawn=False)


def _last_drawn(scope: str, day: date) -> Subquery:
    drawn = FeaturedTurn.objects.filter(scope=scope, day__lte=day).order_by("-day")
    return Subquery(drawn.values("day")[:1])


def _newest() -> list[list[int]]:
    """Without any turns: the newest listings, those of one place together; read from an index."""
    live = Product.objects.live().whole().order_by("-published_at", "-pk")
    places: dict[int, list[int]] = defaultdict(list)
    for pk, region in live.values_list("pk", "region")[:NEWEST]:
        places[region].append(pk)
    return [listings[:3] for listings in list(places.values())[:12]]
