"""The order of listings that fit a search equally well: who can be bought from comes first, and everybody has a turn."""

import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Candidate:
    """A listing that matches. fit: how well, larger is better; can_be_bought: in stock, of an open group, licensed."""

    key: int
    fit: int
    can_be_bought: bool
    vendor: int
    place: int


def in_turns(found: Iterable[Candidate], *, day: date) -> list[int]:
    """Keys in the order of a page: by fit, then whether they can be bought now, then by turns, then by the lot of the day.

    The first listing of each group and place has the first turn, the second one the second: of equals, one group's or place's
    many do not stand before another's only one. A place's turns go round its groups. The lot is the same all day, whatever
    else is found, so that pages neither repeat a listing nor lose one.
    """
    drawn = sorted(found, key=lambda row: (-row.fit, not row.can_be_bought, _lot(row.key, day), row.key))
    of_group: Counter[tuple[int, bool, int]] = Counter()
    with_turns: list[tuple[int, int, Candidate]] = []
    for place, row in enumerate(drawn):
        group = (row.fit, row.can_be_bought, row.vendor)
        of_group[group] += 1
        with_turns.append((of_group[group], place, row))
    with_turns.sort(key=lambda turn: (-turn[2].fit, not turn[2].can_be_bought, turn[0], turn[1]))
    of_place: Counter[tuple[int, bool, int]] = Counter()
    whole: list[tuple[int, bool, int, int, int]] = []
    for own_turn, lot, row in with_turns:
        here = (row.fit, row.can_be_bought, row.place)
        of_place[here] += 1
        whole.append((-row.fit, not row.can_be_bought, max(own_turn, of_place[here]), lot, row.key))
    return [key for *_rest, key in sorted(whole)]


def _lot(key: int, day: date) -> int:
    return zlib.crc32(f"{day.isoformat()}:{key}".encode())
