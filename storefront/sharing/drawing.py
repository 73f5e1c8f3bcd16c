"""The picture itself: 1200 x 630, words on paper beside a photo, or on a plaque on the cloth of the place."""

from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape

import resvg_py
from PIL import Image, ImageOps

from regions import weave
from storefront.sharing.cards import HEIGHT, WIDTH, Card
from storefront.sharing.lettering import ALL, FAMILIES, Set, drawable, fitted, runs

MOST_BYTES = 300_000
QUALITIES = (86, 78, 68, 55)
PAPER, INK, QUIET, MADDER = "#f8f3e9", "#241c16", "#5c4f43", "#9b2c24"
# The band is woven 25 high; three times as large it is seen in the small pictures of chats too.
BAND = 75
PHOTO = (600, HEIGHT - BAND)
# The shop itself is no place: a patchwork of six that lie far apart.
SHOP_CODES = ("BT-44", "BT-11", "BT-34", "IN-18", "BT-21", "BT-13", "IN-20", "BT-32")
TITLES, LARGE_TITLES = (68.0, 58.0, 50.0, 42.0), (104.0, 88.0, 72.0, 60.0, 50.0)
SMALL, LOCAL = 30.0, 44.0
BOLDLY = ' font-weight="700"'
# Letters of these scripts hang lower and stand taller.
_TALL, _LINE = 1.5, 1.24
_HEX = "M0-17.3 15-8.65V8.65L0 17.3-15 8.65V-8.65Z"


@dataclass(frozen=True)
class _Room:
    """Where words may stand, and how many lines a title may take."""

    left: float
    top: float
    width: float
    height: float
    lines: int


@dataclass(frozen=True)
class _Row:
    """A line of words."""

    line: str
    size: float
    colour: str
    is_bold: bool = False

    @property
    def step(self) -> float:
        """How high it stands, with the air above it."""
        return self.size * (_TALL if _is_tall(self.line) else _LINE)


def draw(card: Card, *, site: str, photo: bytes | None = None) -> bytes:
    """JPEG of at most MOST_BYTES. photo: of the card, in any form that Pillow reads; site: name of the shop."""
    whole = _pixels(_beside_photo(card, site) if photo else _on_cloth(card, site))
    if photo:
        with Image.open(BytesIO(photo)) as opened:
            whole.paste(ImageOps.fit(opened.convert("RGB"), PHOTO, Image.Resampling.LANCZOS), (0, 0))
    for quality in QUALITIES:
        out = BytesIO()
        whole.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        if out.tell() <= MOST_BYTES:
            break
    return out.getvalue()


def _pixels(svg: str) -> Image.Image:
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        width=WIDTH,
        skip_system_fonts=True,
        font_files=[str(path) for path in ALL],
        font_family="Noto Sans",
    )
    with Image.open(BytesIO(bytes(drawn))) as opened:
        return opened.convert("RGB")


def _beside_photo(card: Card, site: str) -> str:
    left = PHOTO[0] + 56
    room = _Room(left, 28, WIDTH - left - 44, PHOTO[1] - 28 - 92, lines=5)
    words = _words(card, room, sizes=TITLES)
    paper = _paper(0, 0, WIDTH, HEIGHT)
    return weave.svg(WIDTH, HEIGHT, paper + words + _sign(site, left, PHOTO[1] - 40) + _band(card.code))


def _on_cloth(card: Card, site: str) -> str:
    x, y, width, height = 72, 76, 1056, 412
    room = _Room(x + 64, y + 20, width - 128, height - 20 - 92, lines=3)
    cloth = _cloth(card.code) if card.code else _patchwork()
    words = _words(card, room, sizes=LARGE_TITLES)
    plaque = _paper(x, y, width, height) + words + _sign(site, x + 64, y + height - 40)
    return weave.svg(WIDTH, HEIGHT, cloth + plaque + (_band(card.code) if card.code else ""))


def _words(card: Card, room: _Room, *, sizes: tuple[float, ...]) -> str:
    """Above, title and below as one block in the middle of the room. What cannot be drawn is left out."""
    for size in sizes:
        rows = _rows(card, room, sizes=tuple(small for small in sizes if small <= size))
        block = sum(row.step for row in rows)
        if block <= room.height:
            break
    y = room.top + max(room.height - block, 0) / 2
    drawn = []
    for row in rows:
        y += row.step
        drawn.append(
            f'<text x="{room.left}" y="{y - row.step * 0.28:.0f}" font-size="{row.size:g}" fill="{row.colour}"'
            f"{BOLDLY if row.is_bold else ''}>{_spans(row)}</text>"
        )
    return "".join(drawn)


def _rows(card: Card, room: _Room, *, sizes: tuple[float, ...]) -> list[_Row]:
    above, title, below = (drawable(words) for words in (card.above, card.title, card.below))
    rows = [_Row(line, SMALL, QUIET) for line in _small(above, room).lines]
    if title:
        found = fitted(title, room=room.width, sizes=sizes, lines=room.lines)
        rows += [_Row(line, found.size, INK, is_bold=True) for line in found.lines]
    # A name in its own script is as much a name.
    size = LOCAL if _is_tall(below) else SMALL
    return rows + [_Row(line, size, QUIET) for line in _small(below, room, size=size).lines]


def _small(words: str, room: _Room, *, size: float = SMALL) -> Set:
    return fitted(words, room=room.width, sizes=(size,), lines=2) if words else Set((), size)


def _spans(row: _Row) -> str:
    """The line with each script in its own font; the renderer's own choice fails where scripts meet."""
    return "".join(
        f'<tspan font-family="{FAMILIES[font]}">{escape(run)}</tspan>'
        for run, font in runs(row.line, is_bold=row.is_bold)
    )


def _is_tall(words: str) -> bool:
    return any("\u0900" <= letter < "\u1000" for letter in words)


def _sign(site: str, x: int, y: int) -> str:
    """The mark and the name of the shop."""
    name = escape(drawable(site))
    return (
        f'<path transform="translate({x + 14} {y - 9})" fill="{MADDER}" d="{_HEX}"/>'
        f'<text x="{x + 42}" y="{y}" font-family="Noto Sans" font-size="26" font-weight="700" fill="{MADDER}">{name}</text>'
    )


def _paper(x: int, y: int, width: int, height: int) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{PAPER}"/>'


def _band(code: str) -> str:
    return _strip(code, top=HEIGHT - BAND, height=BAND) if code else ""


def _strip(code: str, *, top: int, height: int) -> str:
    """The band of a place over the whole width."""
    repeat = weave.band(code).replace("<svg ", '<svg width="240" height="25" ', 1)
    scale = height / 25
    copies = range(int(WIDTH / (240 * scale)) + 1)
    moved = "".join(f'<g transform="translate({240 * copy} 0)">{repeat}</g>' for copy in copies)
    return f'<g transform="translate(0 {top}) scale({scale:g})">{moved}</g>'


def _cloth(code: str) -> str:
    """The quiet cloth of a place over everything."""
    return f'<svg width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 320 168" preserveAspectRatio="xMidYMin slice">{weave.cover_parts(code)}</svg>'


def _patchwork() -> str:
    height = HEIGHT // 7
    return "".join(_strip(code, top=row * height, height=height) for row, code in enumerate(SHOP_CODES))
