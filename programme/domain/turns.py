"""Whose turn it is: every place with something to sell gets one before any place gets a second.

Turns are given in rounds. Within a round the order is drawn by lot, anew each day, and the lot favours places with few
listings and few recent sales: a place of one listing is drawn before one of 5,000 in all but one of some 5,000 cases. So a
round that is not yet over has served the small places, and over whole rounds every place has had equally many turns.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from math import log


@dataclass(frozen=True)
class Waiting:
    """A place with something that can be bought. listings: how many, at least 1; sold: units in the last months."""

    key: int
    code: str
    listings: int
    sold: int = 0


@dataclass(frozen=True)
class Turn:
    """The turn of a place; is_new_round: all others had theirs, and it is the first round's turn no more."""

    key: int
    is_new_round: bool


def turns(places: Sequence[Waiting], *, served: Collection[int], day: date, count: int) -> list[Turn]:
    """The places of that day, at most count, none of them twice; the same on every machine.

    served: keys of those that had their turn in the round that is under way. When it does not hold enough others, the next
    round begins with the rest of the day's turns.
    """
    drawn = sorted(places, key=lambda place: (_lot(place, day), place.code))
    first = [place for place in drawn if place.key not in served][:count]
    again = [place for place in drawn if place.key in served][: count - len(first)]
    return [Turn(place.key, False) for place in first] + [Turn(place.key, True) for place in again]


def scattered(day: date, word: str) -> float:
    """A number above 0, at most 1, that a day and a word always give and that shows no pattern."""
    digest = hashlib.sha256(f"{day.isoformat()}/{word}".encode()).digest()
    return (int.from_bytes(digest[:6]) + 1) / 2**48


def _lot(place: Waiting, day: date) -> float:
    # Of waiting times that are drawn so, the one of half the weight is the shorter two times out of three.
    return -log(scattered(day, place.code)) * (place.listings + place.sold)
