"""What a shopper who types these words should find: the table of searches, and what is wrong with an answer."""

import csv
import re
from dataclasses import dataclass, replace
from pathlib import Path

from catalogue.models import Product
from catalogue.selectors.kinds import Kinds
from catalogue.selectors.offered import offered
from catalogue.selectors.search import Wish, find

TABLE = Path(__file__).resolve().parent.parent / "catalogue" / "search_table.csv"
NOTHING = "nothing"
# So many of the first listings must be of the kind that was asked for.
FIRST = 4
PAGE_SIZE = 24


@dataclass(frozen=True)
class Search:
    """One row of the table.

    top: titles that stand first, in any order among themselves; nothing_found: no listing may be shown. each: pattern that the
    first listings fit, of "title @ places < group < known product". also: what is offered beside them, such as
    "place:BT-11", "group:NAME", "category:slug", "known:NAME". instead: words that the page says it looked for. among_many: what
    the first listings fit where many other groups of the country sell the same, empty where they stand behind as before.
    """

    query: str
    script: str
    kind: str
    top: tuple[str, ...]
    each: str
    also: tuple[str, ...]
    instead: str
    nothing_found: bool
    among_many: str


@dataclass(frozen=True)
class Answer:
    """What a search shows: listings of its first page in order, and all else that it offers."""

    listings: list[Product]
    offered: frozenset[str]
    instead: str


def searches() -> list[Search]:
    """The table, in its order."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [_search(row) for row in csv.DictReader(file)]


def among_many(search: Search) -> Search:
    """The same search where the country's other groups sell the same goods: theirs may stand as far in front."""
    if not search.among_many:
        return search
    # What nobody sells is not offered beside what somebody does.
    also = tuple(what for what in search.also if not what.startswith("known:"))
    return replace(search, top=(), each=search.among_many, also=also, nothing_found=False)


def answer_of(search: Search) -> Answer:
    """Ask as the shop's page does."""
    kinds = Kinds()
    found = find(Wish(words=search.query), kinds)
    beside = offered(found.asked, kinds, with_unsold=bool(found.only) or not len(found.keys))
    keys = found.keys[:PAGE_SIZE]
    rows = Product.objects.select_related("region", "vendor", "identified_product").in_bulk(keys)
    offers = {
        *(f"place:{place.code}" for place in beside.places),
        *(f"group:{group.name}" for group in beside.groups),
        *(f"category:{row.slug}" for row in beside.categories),
        *(f"known:{row.name}" for row in beside.known),
    }
    return Answer([rows[key] for key in keys], frozenset(offers), found.instead)


def faults(search: Search, answer: Answer) -> list[str]:
    """What is not as the table says, in words; empty when all is. The order of equals is free."""
    found = [row.title for row in answer.listings]
    wrong = []
    if search.nothing_found and found:
        wrong.append(f"should find nothing, found {found[:FIRST]}")
    if not search.nothing_found and not found:
        wrong.append("found nothing")
    if search.top and set(found[: len(search.top)]) != set(search.top):
        wrong.append(f"{list(search.top)} should stand first, not {found[: len(search.top)]}")
    if search.each:
        strays = [
            described(row)
            for row in answer.listings[:FIRST]
            if not re.search(search.each, described(row), re.I)
        ]
        wrong += [f"{stray} does not fit {search.each!r}" for stray in strays]
    wrong += [f"{what} is not offered" for what in search.also if what not in answer.offered]
    # What is heard in the word itself needs no correcting.
    if answer.instead not in ("", search.instead):
        wrong.append(f"looked for {answer.instead!r} instead of {search.instead!r}")
    return wrong


def is_meant(search: Search, listing: Product) -> bool:
    """Whether the table wants this listing among the first."""
    fits = bool(search.each) and re.search(search.each, described(listing), re.I) is not None
    return listing.title in search.top or fits


def described(listing: Product) -> str:
    """Title, places from the listing's own upwards, group and identified product."""
    places = ", ".join(place.name for place in (listing.region, *listing.region.ancestors()))
    known = listing.identified_product.name if listing.identified_product else ""
    return f"{listing.title} @ {places} < {listing.vendor.name} < {known}"


def _search(row: dict[str, str]) -> Search:
    is_nothing = row["top"] == NOTHING
    return Search(
        query=row["query"],
        script=row["script"],
        kind=row["kind"],
        top=() if is_nothing else _parts(row["top"]),
        each=row["each"],
        also=_parts(row["also"]),
        instead=row["instead"],
        nothing_found=is_nothing,
        among_many=row["among_many"],
    )


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())
