"""One picture in all its widths; imports no Django, so that other processes start quickly."""

from dataclasses import dataclass
from io import BytesIO

import resvg_py
from PIL import Image

from catalogue.pictures import picture

QUALITY = 80
# Measured: method 4 takes twice as long for files 8 % smaller.
EFFORT = 2


@dataclass(frozen=True)
class Order:
    """What to draw, on the cloth of which place, in which composition, and under which names at which widths.

    Each width is half, a quarter and so on of the widest.
    """

    words: str
    place: str
    variant: int
    names: tuple[tuple[str, int], ...]


def draw(order: Order) -> list[tuple[str, bytes]]:
    """Names and WebP files of one picture; drawn once at the largest width, the others made from it."""
    widest = max(width for _name, width in order.names)
    svg = picture(order.words, "", code=order.place, variant=order.variant)
    with Image.open(BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg, width=widest)))) as drawn:
        pixels = drawn.convert("RGB")
    return [(name, _webp(pixels.reduce(widest // width))) for name, width in order.names]


def _webp(pixels: Image.Image) -> bytes:
    out = BytesIO()
    pixels.save(out, "WEBP", quality=QUALITY, method=EFFORT)
    return out.getvalue()
