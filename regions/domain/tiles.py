"""Geometry of hexagon maps: rows of tiles, of which odd ones are shifted right by half a tile."""

from collections.abc import Iterable

WIDTH, HEIGHT = 30.0, 25.98


def middle(column: int, row: int) -> tuple[float, float]:
    """Middle of a tile in the units of the drawing."""
    return 15 + WIDTH * column + (15 if row % 2 else 0), round(17.3 + HEIGHT * row, 1)


def neighbours(column: int, row: int) -> set[tuple[int, int]]:
    """The six cells (column, row) round a tile."""
    left = 0 if row % 2 else -1
    beside = {(column - 1, row), (column + 1, row)}
    return beside | {(column + left + step, row + up) for step in (0, 1) for up in (-1, 1)}


def view_box(middles: Iterable[tuple[float, float]]) -> str:
    """The frame of a drawing round tiles with these middles, as SVG wants it."""
    points = list(middles) or [(15.0, 17.3)]
    left, top = min(x for x, _ in points) - 16, min(y for _, y in points) - 18.5
    width, height = max(x for x, _ in points) + 16 - left, max(y for _, y in points) + 18.5 - top
    return f"{left:g} {top:.1f} {width:g} {height:.1f}"
