"""Words on drawn pictures: fonts for four scripts, how wide words are, and where lines may break."""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

import uharfbuzz

FONTS = Path(__file__).resolve().parents[2] / "data" / "fonts"
LATIN, BOLD = FONTS / "NotoSans-Regular.ttf", FONTS / "NotoSans-Bold.ttf"
# A letter that the first font lacks is looked for in these, in this order.
OTHERS = tuple(
    FONTS / f"{name}-Regular.ttf" for name in ("NotoSansDevanagari", "NotoSerifTibetan", "NotoSansThai")
)
ALL = (LATIN, BOLD, *OTHERS)
FAMILIES = dict(
    zip(
        ALL,
        ("Noto Sans", "Noto Sans", "Noto Sans Devanagari", "Noto Serif Tibetan", "Noto Sans Thai"),
        strict=True,
    )
)
# A word, with what may stand after it at the end of a line: blanks, or the dot between syllables of Dzongkha.
_PIECE = re.compile(r"[^\s\u0f0b\u0f0c]*[\u0f0b\u0f0c]*[\s]*")
# Signs that are no letters and say nothing here: controls, directions. Joiners shape what stands round them and stay.
_JOINERS = "\u200c\u200d"
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")


@dataclass(frozen=True)
class Set:
    """Words broken into lines at a size that fits."""

    lines: tuple[str, ...]
    size: float


def drawable(words: str) -> str:
    """The words on one line, as they can be drawn; empty when any letter is in none of our fonts."""
    line = " ".join(_UNSEEN.sub(" ", words).split())
    return line if all(letter in _JOINERS or _font_of(letter, is_bold=False) for letter in line) else ""


def width(words: str, size: float, *, is_bold: bool = False) -> float:
    """How wide drawable words are, shaped as they will be drawn; in the unit of the size."""
    return sum(_run_width(run, font) for run, font in runs(words, is_bold=is_bold)) * size


def fitted(words: str, *, room: float, sizes: tuple[float, ...], lines: int) -> Set:
    """Drawable bold words in the largest of the sizes in which they fill at most that many lines of that width.

    Where none is small enough, the end is cut off and says so.
    """
    for size in sizes:
        found = _broken(words, room / size)
        if len(found) <= lines and all(width(line, size, is_bold=True) <= room for line in found):
            return Set(tuple(found), size)
    kept = _broken(words, room / sizes[-1])[:lines]
    return Set((*kept[:-1], _cut(kept[-1], room / sizes[-1])), sizes[-1])


def _broken(words: str, room: float) -> list[str]:
    lines = [""]
    for piece in filter(None, _PIECE.findall(words)):
        longer = lines[-1] + piece
        if lines[-1] and width(longer.rstrip(), 1, is_bold=True) > room:
            lines.append(piece)
        else:
            lines[-1] = longer
    return [line.rstrip() for line in lines]


def _cut(line: str, room: float) -> str:
    """As many whole words as there is room for, or letters of the first one, and the sign that there was more."""
    pieces = [piece for piece in _PIECE.findall(line) if piece]
    starts = ["".join(pieces[:count]).rstrip() for count in range(len(pieces), 0, -1)]
    starts += [pieces[0][:count] for count in range(len(pieces[0]) - 1, 0, -1)]
    shortened = (f"{start.rstrip(',;:')}…" for start in starts)
    return next((words for words in shortened if width(words, 1, is_bold=True) <= room), "…")


def runs(words: str, *, is_bold: bool) -> list[tuple[str, Path]]:
    """Drawable words cut where the font changes: pieces, and the file of each one's font."""
    found: list[tuple[str, Path]] = []
    for letter in words:
        font = _font_of(letter, is_bold=is_bold) or LATIN
        # A blank or a joiner belongs to what stands before it, so that no word is cut for it.
        if found and (found[-1][1] == font or letter.isspace() or letter in _JOINERS):
            found[-1] = (found[-1][0] + letter, found[-1][1])
        else:
            found.append((letter, font))
    return found


def _font_of(letter: str, *, is_bold: bool) -> Path | None:
    for path in (BOLD if is_bold else LATIN, *OTHERS):
        if ord(letter) in _letters(path):
            return path
    return None


@functools.cache
def _font(path: Path) -> uharfbuzz.Font:
    return uharfbuzz.Font(uharfbuzz.Face(path.read_bytes()))


@functools.cache
def _letters(path: Path) -> frozenset[int]:
    return frozenset(_font(path).face.unicodes)


def _run_width(run: str, path: Path) -> float:
    font = _font(path)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(run)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer)
    return float(sum(place.x_advance for place in buffer.glyph_positions)) / font.face.upem
