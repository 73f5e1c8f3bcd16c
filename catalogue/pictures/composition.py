"""Demonstration pictures: a product drawn on the cloth of its place, 4:3, the same for the same input."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import resvg_py
from PIL import Image

from catalogue.pictures import kinds
from catalogue.pictures.brushes import disc, fill, n
from catalogue.pictures.words import kind_for
from regions import weave
from regions.weave.dyes import DYES
from regions.weave.structures import Lot

VARIANTS = 4
WIDTH, HEIGHT = 320, 240
_PAPER = weave.mix(DYES["undyed"], DYES["undyed-light"], share=0.5)
_PALE = frozenset({DYES["undyed"], DYES["undyed-deep"], DYES["undyed-light"]})
_SHADE = DYES["walnut-deep"]
_WOVEN_KINDS = frozenset({"cloth", "shawl", "saree", "carpet", "yarn", "cocoon", "embroidery"})


@dataclass(frozen=True)
class _Subject:
    """What a picture is of: a kind, the place whose cloth it lies on, and the lot that chooses the rest."""

    kind: str
    code: str
    lot: Lot


def picture(product: str, category: str, *, code: str, variant: int = 0) -> str:
    """An SVG picture 320 x 240 of a product on the cloth of its place.

    code: region code; variant: any number >= 0, counted round by VARIANTS: 0 single, 1 three together, 2 close by,
    3 laid on the cloth (textiles: the place's own cloth on a rail).
    """
    kind = kind_for(product, category)
    compose: Callable[[_Subject], str] = (_single, _three, _close, _laid)[variant % VARIANTS]
    if compose is _laid and kind in _WOVEN_KINDS:
        compose = _hung
    return weave.svg(WIDTH, HEIGHT, compose(_Subject(kind, code, Lot(f"{code} {product}"))))


def render(
    picture_svg: str, *, width: int = 1280, form: Literal["WEBP", "PNG", "JPEG"] = "WEBP", quality: int = 86
) -> bytes:
    """The picture as pixels of that width; quality (0 to 100) is for WEBP and JPEG.

    Measured for WEBP on one core: 40 ms at 320, 150 ms at 640, 300 to 500 ms at 1280; about 55 KB at 1280.
    """
    # No drawing has text, so the fonts of the machine need not be read.
    pixels = bytes(resvg_py.svg_to_bytes(svg_string=picture_svg, width=width, skip_system_fonts=True))
    out = BytesIO()
    with Image.open(BytesIO(pixels)) as drawn:
        if form == "WEBP":
            drawn.convert("RGB").save(out, form, quality=quality, method=4)
        else:
            drawn.convert("RGB").save(out, form, quality=quality)
    return out.getvalue()


def _single(subject: _Subject) -> str:
    code = subject.code
    shape = _shape(subject.lot, _tint(code, 0.26))
    paper = weave.ground(WIDTH, HEIGHT, colour=_tint(code, 0.1))
    return paper + shape + _runner(code, top=188) + _standing(subject.kind, x=160, foot=199, size=0.86)


def _three(subject: _Subject) -> str:
    code, kind = subject.code, subject.kind
    paper = _tint(code, 0.24 if weave.cloth(code).dyes[0] in _PALE else 0.06)
    window = fill(paper, "M30 188V128a104 104 0 0 1 104-104h52a104 104 0 0 1 104 104V188z")
    left, right = (_standing(kind, x=x, foot=172, size=0.52) for x in (93, 227))
    front = _standing(kind, x=160, foot=186, size=0.7)
    return weave.cover_parts(code) + _warp(188, 52, cell=2) + window + left + right + front


def _close(subject: _Subject) -> str:
    code = subject.code
    side = subject.lot.pick((136, 184))
    sun = disc(_tint(code, 0.07), 320 - side, 92, 124)
    paper = weave.ground(WIDTH, HEIGHT, colour=_tint(code, 0.22))
    return paper + sun + _standing(subject.kind, x=side, foot=250, size=1.24) + _runner(code, top=215, cell=1)


def _laid(subject: _Subject) -> str:
    under = disc(_SHADE, 163, 125, 100).replace("/>", ' opacity=".25"/>')
    plate = under + disc(DYES["undyed"], 160, 120, 100) + disc(_tint(subject.code, 0.05), 160, 120, 91)
    return _spread(subject.code) + plate + _standing(subject.kind, x=160, foot=186, size=0.72)


def _hung(subject: _Subject) -> str:
    """The place's own cloth over a rail."""
    code = subject.code
    ground = weave.cloth(code).dyes[0]
    thread = weave.mix(ground, DYES["walnut"], share=0.25)
    fringe = f'<path stroke="{thread}" stroke-width="14" stroke-dasharray="2 2.9" d="M63 215H257"/>'
    ribs = f'<path stroke="{_SHADE}" opacity=".13" stroke-width="172" stroke-dasharray=".8 1.9" d="M62 122H258"/>'
    folds = fill(_SHADE, "M108 36h10l-4 172h-14zM196 36h62v172h-54z").replace("/>", ' opacity=".13"/>')
    rail = fill(DYES["walnut"], "M30 26h260a5 5 0 0 1 0 10H30a5 5 0 0 1 0-10z") + fill(
        _SHADE, "M30 32h260v4H30z"
    )
    wall = weave.ground(WIDTH, HEIGHT, colour=_tint(code, 0.1)) + disc(_tint(code, 0.24), 160, 128, 108)
    return wall + fringe + _hanging(code) + ribs + folds + rail


def _standing(kind: str, *, x: float, foot: float, size: float) -> str:
    """A kind standing at x with its foot on a line; the drawings stand at 120, 207."""
    corner = f"{n(x - 120 * size)} {n(foot - 207 * size)}"
    return f'<g transform="translate({corner}) scale({size:g})">{kinds.parts(kind)}</g>'


def _tint(code: str, share: float) -> str:
    """Paper washed with the strongest dye of the place."""
    ground, figure, *_ = weave.cloth(code).dyes
    return weave.mix(_PAPER, figure if ground in _PALE else ground, share=share)


def _shape(lot: Lot, colour: str) -> str:
    """A soft shape behind the product: window, sun, hills or a leaning pebble."""
    window = fill(colour, "M70 200V116a90 90 0 0 1 180 0V200z")
    sun = disc(colour, 160, 112, 94)
    hills = fill(colour, "M0 200V128C40 84 84 74 124 96 164 40 236 34 272 92 292 84 308 88 320 98V200z")
    pebble = (
        "M66 118C60 56 112 18 172 20 236 22 276 70 262 128 252 176 216 204 160 204 104 204 70 168 66 118z"
    )
    return lot.pick((window, sun, hills, fill(colour, pebble)))


def _runner(code: str, *, top: float, cell: float = 2) -> str:
    """The band lying along the lower edge, with its ribs."""
    woven = weave.cloth(code)
    height = HEIGHT - top
    below = fill(woven.dyes[0], f"M0 {n(top)}h320v{n(height)}H0z")
    rows = (*woven.band, woven.plain_row)
    band = weave.threads(rows, woven.dyes, size=(WIDTH, HEIGHT), cell=cell, top=top)
    return below + band + _warp(top, height, cell=cell)


def _warp(top: float, height: float, *, cell: float) -> str:
    """The fine upright ribs that make flat colour look woven."""
    dash = f"{n(cell * 0.3)} {n(cell * 0.7)}"
    return (
        f'<path stroke="{_SHADE}" opacity=".13" stroke-width="{n(height)}" stroke-dasharray="{dash}" '
        f'd="M0 {n(top + height / 2)}H{WIDTH}"/>'
    )


def _spread(code: str) -> str:
    """Cloth over the whole picture: bands above and below, the motif large between."""
    woven = weave.cloth(code)
    seam = woven.edge[::-1] + woven.edge
    rows = woven.motif + seam + woven.motif + seam + woven.motif
    ground = weave.ground(WIDTH, HEIGHT, colour=woven.dyes[0])
    motif = weave.threads(rows, woven.dyes, size=(WIDTH, HEIGHT), cell=HEIGHT / len(rows))
    return ground + motif + _warp(0, HEIGHT, cell=3)


def _hanging(code: str) -> str:
    """A length of cloth 196 x 172 below the rail: a band at each end, edges between."""
    woven = weave.cloth(code)
    plain = woven.plain_row
    rows = (
        (plain,) * 2 + woven.band + (plain,) * 3 + woven.edge + (plain,) * 3 + woven.band[::-1] + (plain,) * 4
    )
    ground = weave.ground(196, 172, colour=woven.dyes[0])
    inner = weave.threads(rows, woven.dyes, size=(196, 176), cell=172 / len(rows), top=2)
    return f'<svg x="62" y="36" width="196" height="172" viewBox="0 0 196 172">{ground}{inner}</svg>'
