"""Threads as strokes: every run of equal rows is one dashed line, so a repeat needs about a kilobyte and no ids."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from regions.weave.structures import Row


def threads(
    rows: Sequence[Row], dyes: Sequence[str], *, size: tuple[float, float], cell: float = 1, top: float = 0
) -> str:
    """Draw rows as dashed strokes.

    dyes: colours by dye number, 0 being the ground, which is not drawn. size: width and height of the ground;
    cell: side of one cell; top: upper edge of the first row; all in the units of the picture.
    """
    width, period = size[0], len(rows[0])
    repeat = period * cell
    # Narrow pictures are centred on a repeat; strips that repeat start with a whole one.
    left = -repeat if width % repeat == 0 else (width - repeat) / 2 % repeat - 2 * repeat
    strokes: dict[tuple[str, int, str, float], list[str]] = {}
    y = 0
    for row, same in groupby(rows):
        height = len(list(same))
        for dye in sorted(set(row) - {0}):
            start, lengths = _runs(row, dye)
            dashes = "" if set(row) == {dye} else " ".join(short(length * cell) for length in lengths)
            begin = 0.0 if not dashes else left + start * cell
            middle = top + (y + height / 2) * cell
            strokes.setdefault((dyes[dye], height, dashes, begin), []).append(
                f"M{short(begin)} {short(middle)}H{short(width)}"
            )
        y += height
    return "".join(_colour_groups(strokes, cell))


def _colour_groups(strokes: dict[tuple[str, int, str, float], list[str]], cell: float) -> Iterator[str]:
    for (colour, height), paths in groupby(sorted(strokes.items()), key=lambda item: item[0][:2]):
        yield f'<g stroke="{colour}" stroke-width="{short(height * cell + 0.05)}">'
        for (_, _, dashes, _), lines in paths:
            dash = f' stroke-dasharray="{dashes}"' if dashes else ""
            yield f'<path{dash} d="{"".join(lines)}"/>'
        yield "</g>"


def _runs(row: Row, dye: int) -> tuple[int, list[int]]:
    """First cell and alternating lengths (on, off, ...) of the cells of one dye in a repeat; may start left of 0."""
    runs = [(on, len(list(cells))) for on, cells in groupby(cell == dye for cell in row)]
    if len(runs) > 1 and runs[0][0] and runs[-1][0]:  # a float that crosses the seam
        return -runs[-1][1], [runs[0][1] + runs[-1][1], *(length for _, length in runs[1:-1])]
    start = 0 if runs[0][0] else runs.pop(0)[1]
    lengths = [length for _, length in runs]
    if len(lengths) % 2:
        lengths.append(0)
    lengths[-1] = len(row) - sum(lengths[:-1])
    return start, lengths


def short(number: float) -> str:
    """A number with at most two decimals and no needless characters."""
    return f"{number:.2f}".rstrip("0").rstrip(".").replace("-0.", "-.") if number else "0"


def mix(one: str, other: str, *, share: float) -> str:
    """Blend two "#rrggbb" colours; share 0 gives the first, 1 the other."""
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def svg(width: float, height: float, *parts: str) -> str:
    """Wrap drawn parts as one picture."""
    size = f"{short(width)} {short(height)}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" fill="none">{"".join(parts)}</svg>'


def ground(width: float, height: float, *, colour: str) -> str:
    """A plain piece of cloth."""
    return f'<path fill="{colour}" d="M0 0h{short(width)}v{short(height)}H0z"/>'
