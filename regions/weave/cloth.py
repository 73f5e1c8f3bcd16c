"""What is woven for a place: its dyes and the rows of its repeat, drawn by lot from the code."""

from dataclasses import dataclass
from functools import lru_cache

from regions.weave.dyes import DYES, HOUSE_OF, PALETTES
from regions.weave.structures import EDGES, MOTIF_ROWS, STRUCTURES, Lot, Row

BAND_ROWS = 25


@dataclass(frozen=True)
class Cloth:
    """What is woven for one place: four dyes (ground, figure, second, line) and the rows of one repeat."""

    dyes: tuple[str, str, str, str]
    motif: tuple[Row, ...]
    edge: tuple[Row, ...]

    @property
    def band(self) -> tuple[Row, ...]:
        """The motif between its two edges, BAND_ROWS high."""
        return self.edge + self.motif + self.edge[::-1]

    @property
    def plain_row(self) -> Row:
        """One row of nothing but ground."""
        return (0,) * len(self.motif[0])


@lru_cache(maxsize=2048)
def cloth(code: str) -> Cloth:
    """The cloth of a place. code: region code such as "BT-33-TANG"; any text gives some cloth."""
    house_code = "-".join(code.split("-")[:2])
    house, own = Lot("house " + house_code), Lot("place " + code)
    structure, palette = HOUSE_OF.get(
        house_code, (house.pick(tuple(STRUCTURES)), house.pick(tuple(PALETTES)))
    )
    draw, periods = STRUCTURES[structure]
    period = own.pick(periods)
    ground, figure, second, line = (DYES[name] for name in PALETTES[palette])
    if code != house_code:
        figure, second, line = own.pick(
            ((figure, second, line), (figure, line, second), (second, figure, line))
        )
    point, across = draw(own, period), range(-period // 2, period - period // 2)
    dots = tuple(2 if x % 4 < 2 else 1 for x in across)
    return Cloth(
        dyes=(ground, figure, second, line),
        motif=tuple(tuple(point(x, y) for x in across) for y in range(MOTIF_ROWS)),
        edge=tuple(dots if kind == "d" else (int(kind),) * period for kind in own.pick(EDGES)),
    )
