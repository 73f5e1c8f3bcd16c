"""Woven patterns for places: the same region code always gives the same cloth.

The dzongkhag, state or province decides structure and dyes; the place below it only varies them, so that a gewog
resembles its dzongkhag. Everything here is pure: text in, SVG text out.
"""

from regions.weave.cloth import BAND_ROWS, Cloth, cloth
from regions.weave.strokes import ground, mix, svg, threads

__all__ = ["Cloth", "band", "cloth", "cover", "cover_parts", "ground", "mix", "svg", "swatch", "threads"]


def band(code: str) -> str:
    """A strip 240 x 25 that repeats sideways without a seam."""
    woven = cloth(code)
    return svg(
        240,
        BAND_ROWS,
        ground(240, BAND_ROWS, colour=woven.dyes[0]),
        threads(woven.band, woven.dyes, size=(240, BAND_ROWS)),
    )


def swatch(code: str) -> str:
    """A square piece 96 x 96: the motif above and below, its edges between."""
    woven = cloth(code)
    plain = woven.plain_row
    rows = (*woven.motif, plain, *woven.edge[::-1], plain, plain, *woven.edge, plain, *woven.motif[::-1])
    return svg(
        96,
        96,
        ground(96, 96, colour=woven.dyes[0]),
        threads(rows, woven.dyes, size=(96, 96), cell=96 / len(rows)),
    )


def cover(code: str) -> str:
    """A background 320 x 240: quiet cloth with the motif tone in tone, the band along the lower edge."""
    return svg(320, 240, cover_parts(code))


def cover_parts(code: str) -> str:
    """The strokes of a cover, for use inside a larger picture 320 x 240."""
    woven = cloth(code)
    base = woven.dyes[0]
    tone = (base, mix(base, woven.dyes[1], share=0.1))
    plain = woven.plain_row
    quiet = tuple(tuple(min(dye, 1) for dye in row) for row in woven.motif)
    field = threads((*quiet, *(plain,) * 5) * 3, tone, size=(320, 186), cell=3, top=8)
    return (
        ground(320, 240, colour=base)
        + field
        + threads(woven.band, woven.dyes, size=(320, 54), cell=2, top=188)
    )
