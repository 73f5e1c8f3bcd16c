"""The shelves of home and of a country's page: a collection of today or what is new, and places in turn."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from catalogue.models import Product
from catalogue.selectors.listings import ListingCard, card_rows, cards
from programme.models import Collection
from programme.selectors.collections import CollectionCard, collection_cards
from programme.selectors.featured import Featured, featured_on_home, turns_of_country

SHELF = 4
PICKED = 8
# So many are looked at for a shelf of which some may be sold out.
SPARE = 12
NEWEST = 24
COLLECTIONS = 6


@dataclass(frozen=True)
class Shelves:
    """What home shows of goods. lead: the collection of the first shelf, or None where that holds what is new; others run too.

    is_drawn: whether the picked ones are turns of places.
    """

    lead: CollectionCard | None
    others: Sequence[CollectionCard]
    first: list[ListingCard]
    picked: list[ListingCard]
    is_drawn: bool


def home_shelves() -> Shelves:
    """Five queries, and one more where no collection runs or nothing was ever drawn; rows of no more than a few shelves.

    A collection of which nothing can be bought gives its place to what is new, for three queries more.
    """
    choice = featured_on_home(timezone.localdate())
    running = collection_cards(Collection.objects.running().in_order()[:COLLECTIONS])
    lead = next((each for each in running if each.listings), None)
    shelves = _shelves(lead, running, choice)
    return shelves if shelves.first or lead is None else _shelves(None, running, choice)


def _shelves(lead: CollectionCard | None, running: Sequence[CollectionCard], choice: Featured) -> Shelves:
    wanted = list(lead.listings[:SPARE]) if lead else _newest()
    rows = {
        row.pk: row
        for row in card_rows(Product.objects.live().whole().filter(pk__in={*wanted, *choice.keys}))
    }
    found = {card.pk: card for card in cards(rows.values())}
    first = [found[pk] for pk in wanted if pk in found and found[pk].is_available]
    if lead is None:
        first = _one_of_each_group(first, rows)
    first = first[:SHELF]
    return Shelves(
        lead,
        [each for each in running if each is not lead],
        first,
        choice.shown(found, PICKED, elsewhere=[card.pk for card in first]),
        choice.is_drawn,
    )


def country_shelf(code: str) -> list[ListingCard]:
    """Places of a country in turn, of each what can be bought; empty where nothing was drawn. Two queries."""
    rows = list(card_rows(turns_of_country(code, timezone.localdate())))
    shown: dict[int, ListingCard] = {}
    for row, card in zip(rows, cards(rows), strict=True):
        if card.is_available:
            shown.setdefault(row.turn, card)
    return list(shown.values())


def _newest() -> list[int]:
    """Read from an index, however many there are."""
    rows = Product.objects.live().whole().order_by("-published_at", "-pk")
    return list(rows.values_list("pk", flat=True)[:NEWEST])


def _one_of_each_group(found: Sequence[ListingCard], rows: dict[int, Product]) -> list[ListingCard]:
    newest: dict[int, ListingCard] = {}
    for card in found:
        newest.setdefault(rows[card.pk].vendor_id, card)
    return list(newest.values())
