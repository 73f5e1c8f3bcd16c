"""Woven structures, cell by cell, like a weaver's point paper.

The structures (stripe, lozenge, step, zigzag, resist-dyed flame, check, spot, saw edge, ladder, twill) are common
to many weaving traditions; none is a copy of one people's design.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TypeVar

MOTIF_ROWS = 15
_CENTRE = MOTIF_ROWS // 2

T = TypeVar("T")
Row = tuple[int, ...]  # one repeat of one weft thread, a dye number per cell
Point = Callable[[int, int], int]  # (cells from the middle of the repeat, row) -> dye number


class Lot:
    """Draws from a name, the same on every machine and in every version of Python."""

    def __init__(self, name: str) -> None:
        self._pool = int.from_bytes(sha256(name.encode()).digest() + sha256(name[::-1].encode()).digest())

    def below(self, limit: int) -> int:
        """A number from 0 to limit - 1."""
        self._pool, drawn = divmod(self._pool, limit)
        return drawn

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.below(len(options))]


def _rings(code: str) -> list[int]:
    return [int(ring) for ring in code]


def _lozenge(lot: Lot, period: int) -> Point:
    rings = _rings(
        lot.pick(("21101100", "33011011", "12201110", "30111011", "11100120", "22011022", "10311001"))
    )
    corner = lot.pick((0, 2, 3))

    def point(x: int, y: int) -> int:
        distance = round(abs(x) * 14 / period + abs(y - _CENTRE))
        return rings[distance] if distance < 8 else corner if distance > 11 else 0

    return point


def _step(lot: Lot, period: int) -> Point:
    rings = _rings(lot.pick(("21011", "30110", "12011", "31101", "22101", "10211")))
    corner = lot.pick((0, 2, 3))

    def point(x: int, y: int) -> int:
        distance = abs(x) // 2 * 16 // period + (abs(y - _CENTRE) + 1) // 2
        return rings[distance] if distance < 5 else corner if distance > 8 else 0

    return point


def _zigzag(lot: Lot, period: int) -> Point:
    lines = _rings(lot.pick(("110022000", "111000300", "110200110200", "1100330011000", "2211000110")))
    return lambda x, y: lines[(abs(x) + y) % len(lines)]


def _twill(lot: Lot, period: int) -> Point:
    lines = _rings(lot.pick(("11002200", "11100000", "1100330000", "1011002000")))
    while len(lines) < period:
        lines += lines
    turn = lot.pick((1, -1))
    return lambda x, y: lines[(x + turn * abs(y - _CENTRE)) % period]


def _spot(lot: Lot, period: int) -> Point:
    rings, dot = (
        _rings(lot.pick(("211011", "330111", "112001", "201101", "131110", "221100"))),
        lot.pick((2, 3, 1)),
    )
    rows = lot.pick(((1, 13), (7,), (2, 12)))

    def point(x: int, y: int) -> int:
        wide, high = abs(x), abs(y - _CENTRE)
        distance = max(wide, high, (wide + high) * 2 // 3)
        if distance < 6:
            return rings[distance]
        return dot if period // 2 - wide + min(abs(y - row) for row in rows) < 2 else 0

    return point


def _saw(lot: Lot, period: int) -> Point:
    steep, core, star = lot.pick((2, 3)), lot.pick((2, 3, 0)), lot.pick((2, 3, 1))

    def point(x: int, y: int) -> int:
        half = (y + 1) // steep * period // (2 * (16 // steep))
        if abs(x) < half:
            return core if y > 8 and abs(x) < half - period // 5 else 1
        return star if period // 2 - abs(x) + abs(y - 3) < 2 else 0

    return point


def _ladder(lot: Lot, period: int) -> Point:
    bar, rung, width = lot.pick((1, 2)), lot.pick((1, 3)), lot.pick((1, 2))

    def point(x: int, y: int) -> int:
        inner = abs(x) < period // 4
        if inner:
            return bar if (y // width) % 2 == 0 or y in (0, 14) else 0
        return rung if (abs(x) // 2) % 2 == 0 else 0

    return point


def _flame(lot: Lot, period: int) -> Point:
    rings = _rings(lot.pick(("22111101", "33011110", "11022110", "20111011")))
    slip = [lot.below(5) - 2 for _ in range(_CENTRE + 1)]

    def point(x: int, y: int) -> int:
        away = abs(y - _CENTRE)
        distance = (abs(x) * 16 + slip[away] * period // 4) // period + away * 2 // 3
        return rings[max(distance, 0)] if distance < 8 else 0

    return point


def _check(lot: Lot, period: int) -> Point:
    wide, thin = lot.pick((5, 6, 7)), lot.pick((1, 3))

    def point(x: int, y: int) -> int:
        across, along = abs(x) < wide // 2 + 1, abs(y - _CENTRE) < wide // 2 + 1
        if across or along:
            return 1 if across and along else 2
        return thin if abs(x) == period // 2 - 1 or abs(x) == period // 2 or y in (1, 13) else 0

    return point


def _stripe(lot: Lot, period: int) -> Point:
    half = lot.pick(("1110.022", "11.02203", "2201.100", "30.01112", "110.2203", "0.112033"))
    rows = half[::-1] + half[1:]

    def point(x: int, y: int) -> int:
        return (1 if x % 4 < 2 else 2) if rows[y] == "." else int(rows[y])

    return point


STRUCTURES = {
    "lozenge": (_lozenge, (16, 20, 24)), "step": (_step, (16, 20, 24)), "zigzag": (_zigzag, (12, 16, 20)),
    "twill": (_twill, (16, 20, 24)), "spot": (_spot, (16, 20, 24)), "saw": (_saw, (12, 16, 20)),
    "ladder": (_ladder, (16, 24, 40)), "flame": (_flame, (20, 24, 30)), "check": (_check, (16, 20, 24)),
    "stripe": (_stripe, (8, 16, 24)),
}  # fmt: skip
EDGES = (
    "33020", "22030", "30d03", "2d230", "20302", "3d020", "23d30", "02d20", "33d00", "22d02", "30202", "d3020",
    "20d20", "32030", "03d30", "220d0", "33230", "2030d", "3d300", "2d020",
)  # fmt: skip
