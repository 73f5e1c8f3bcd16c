"""Hexagon maps: from tile positions and counts to what components/hexmap.html draws."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from regions.domain import tiles as geometry
from regions.models import MapTile, Region
from storefront.name_lines import name_lines

DYES = 7
NOTHING = "\u2013"
# A name that is too long for a tile of the phone's map is broken by hand: where, is a question of taste.
_SHORT_NAMES = {
    "BT-12": ("Chhu-", "kha"), "BT-14": ("Sam-", "tse"), "BT-15": ("Thim-", "phu"), "BT-21": ("Tsi-", "rang"),
    "BT-22": ("Daga-", "na"), "BT-23": ("Puna-", "kha"), "BT-24": ("Wang-", "due"), "BT-31": ("Sar-", "pang"),
    "BT-32": ("Tron-", "gsa"), "BT-33": ("Bum-", "thang"), "BT-34": ("Zhem-", "gang"), "BT-41": ("Trashi-", "gang"),
    "BT-42": ("Mon-", "gar"), "BT-43": ("Pema", "Gats."), "BT-44": ("Lhuen-", "tse"), "BT-45": ("Samd.", "Jong."),
    "BT-TY": ("Trashi", "Yang."),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of words on a tile."""

    y: float
    words: str
    css: str = ""


@dataclass(frozen=True)
class Tile:
    """One hexagon: middle, shade 0 to 2, where it leads, what it says."""

    x: float
    y: float
    shade: int
    url: str
    title: str
    lines: Sequence[Line] = ()
    is_current: bool = False


@dataclass
class Area:
    """Tiles of one dye: those of a dzongkhag, or one state."""

    dye: int
    tiles: list[Tile] = field(default_factory=list)


@dataclass(frozen=True)
class Point:
    """A ghost tile, or the place of a name."""

    x: float
    y: float
    words: str = ""


@dataclass(frozen=True)
class HexMap:
    """All that the drawing needs; kind is "", "small" (phone) or "place" (one dzongkhag)."""

    label: str
    kind: str
    view_box: str
    areas: Sequence[Area]
    ghosts: Sequence[Point] = ()
    names: Sequence[Point] = ()


def middle(tile: MapTile) -> tuple[float, float]:
    """Middle of a tile in the units of the drawing."""
    return geometry.middle(tile.column, tile.row)


def country_map(tiles: Sequence[MapTile], counts: Mapping[str, int], *, label: str) -> HexMap:
    """Every tile of a layout of small places, one dye for each place above them, its name across."""
    dyes = _dyes(tiles, {tile.pk: tile.region.codes[1] for tile in tiles})
    shade = _shades(tiles, counts)
    areas: dict[str, Area] = {}
    middles: dict[str, list[tuple[float, float]]] = {}
    for tile in tiles:
        house = tile.region.codes[1]
        above = tile.region.parent.shown_name if tile.region.parent else ""
        areas.setdefault(house, Area(dyes[house])).tiles.append(
            _tile(tile, counts, shade=shade[tile.pk], title=f"{tile.region.name}, {above}")
        )
        middles.setdefault(above, []).append(middle(tile))
    names = [Point(*_centre(points), words) for words, points in middles.items()]
    return HexMap(label, "", _box(tiles), list(areas.values()), names=names)


def phone_map(tiles: Sequence[MapTile], counts: Mapping[str, int], *, label: str) -> HexMap:
    """Large tiles with the name, broken where needed, and the count."""
    return HexMap(label, "small", _box(tiles), _single_areas(tiles, counts, words=_name_lines))


def letters_map(
    tiles: Sequence[MapTile], counts: Mapping[str, int], *, label: str, current: Region | None = None
) -> HexMap:
    """Tiles with the letters of their code, for states, or the first of their name, for provinces."""
    areas = _single_areas(tiles, counts, words=_letter_lines, current=current)
    return HexMap(label, "", _box(tiles), areas)


def place_map(
    tiles: Sequence[MapTile],
    counts: Mapping[str, int],
    *,
    of: Region,
    label: str,
    current: Region | None = None,
) -> HexMap:
    """The gewogs of one dzongkhag, named and counted, with the tiles round them as ghosts."""
    inside = [tile for tile in tiles if tile.region.path.startswith(of.path)]
    dye = _dyes(tiles, {tile.pk: tile.region.codes[1] for tile in tiles}).get(of.code, 1)
    shade = _shades(inside, counts)
    area = Area(dye)
    for tile in inside:
        _x, y = middle(tile)
        name = tile.region.name
        found = counts.get(tile.region.path, 0)
        words = name_lines(name)
        top = y + 0.5 if len(words) == 1 else y - 3.5
        lines = [
            *(Line(round(top + 6 * step, 1), word, _size(word)) for step, word in enumerate(words)),
            Line(round(y + (8 if len(words) == 1 else 9.5), 1), str(found or NOTHING), "n gn"),
        ]
        is_current = current is not None and tile.region_id == current.pk
        area.tiles.append(
            _tile(tile, counts, shade=shade[tile.pk], title=name, lines=lines, is_current=is_current)
        )
    taken = {(tile.column, tile.row) for tile in inside}
    edge = {cell for tile in inside for cell in geometry.neighbours(tile.column, tile.row)} - taken
    ghosts = [tile for tile in tiles if (tile.column, tile.row) in edge]
    return HexMap(
        label, "place", _box([*inside, *ghosts]), [area], ghosts=[Point(*middle(t)) for t in ghosts]
    )


def adjacent_places(tiles: Sequence[MapTile], of: Region) -> list[Region]:
    """Places whose tiles touch those of a place, by name; for a dzongkhag the dzongkhags whose gewogs touch its own."""
    inside = [tile for tile in tiles if tile.region.path.startswith(of.path)]
    edge = {cell for tile in inside for cell in geometry.neighbours(tile.column, tile.row)}
    found: dict[str, Region] = {}
    for tile in tiles:
        place = tile.region if tile.region.depth == of.depth else tile.region.parent
        if place is not None and (tile.column, tile.row) in edge and place.pk != of.pk:
            found[place.code] = place
    return sorted(found.values(), key=lambda place: place.name)


def _single_areas(
    tiles: Sequence[MapTile],
    counts: Mapping[str, int],
    *,
    words: Callable[[MapTile, int], list[Line]],
    current: Region | None = None,
) -> list[Area]:
    dyes = _dyes(tiles, {tile.pk: tile.region.code for tile in tiles})
    shade = _shades(tiles, counts)
    return [
        Area(
            dyes[tile.region.code],
            [
                _tile(
                    tile,
                    counts,
                    shade=shade[tile.pk],
                    title=tile.region.name,
                    lines=words(tile, counts.get(tile.region.path, 0)),
                    is_current=current is not None and tile.region_id == current.pk,
                )
            ],
        )
        for tile in tiles
    ]


def _name_lines(tile: MapTile, found: int) -> list[Line]:
    _, y = middle(tile)
    words = _SHORT_NAMES.get(tile.region.code, (tile.region.name,))
    top = y - 4.2 if len(words) == 2 else y - 0.4
    lines = [Line(round(top + 7.2 * step, 1), word) for step, word in enumerate(words)]
    return [*lines, Line(round(lines[-1].y + (8 if len(words) == 2 else 9), 1), str(found or NOTHING), "n")]


def _letter_lines(tile: MapTile, found: int) -> list[Line]:
    _, y = middle(tile)
    letters = tile.region.code.rpartition("-")[2]
    # A province of Thailand has a number in its code, which tells nobody anything.
    return [
        Line(round(y + 3, 1), tile.region.name[:4], "short")
        if letters.isdigit()
        else Line(round(y + 4, 1), letters)
    ]


def _tile(
    tile: MapTile,
    counts: Mapping[str, int],
    *,
    shade: int,
    title: str,
    lines: Sequence[Line] = (),
    is_current: bool = False,
) -> Tile:
    found = counts.get(tile.region.path, 0)
    said = (
        ngettext("%(count)d listing", "%(count)d listings", found)
        if found
        else gettext("nothing on sale yet")
    )
    x, y = middle(tile)
    title = f"{title}: {said % {'count': found} if found else said}"
    return Tile(x, y, shade, reverse("place-detail", args=[tile.region.code]), title, lines, is_current)


def _size(word: str) -> str:
    """The class of letters with which a line of a name is no wider than its tile."""
    return "gn longer" if len(word) > 8 else "gn long" if len(word) > 6 else "gn"


def _shades(tiles: Sequence[MapTile], counts: Mapping[str, int]) -> dict[int, int]:
    """0 for nothing, 1 for some, 2 for at least as many as the usual place of this map that sells at all."""
    found = {tile.pk: counts.get(tile.region.path, 0) for tile in tiles}
    some = [number for number in found.values() if number]
    many = fmean(some) if some else 0
    return {pk: (0 if not number else 2 if number >= many else 1) for pk, number in found.items()}


def _dyes(tiles: Sequence[MapTile], house_of: Mapping[int, str]) -> dict[str, int]:
    """A dye for each house, so that houses whose tiles touch differ: the least used one that is free."""
    cells = {(tile.column, tile.row): house_of[tile.pk] for tile in tiles}
    touching: dict[str, set[str]] = {house: set() for house in house_of.values()}
    for tile in tiles:
        here = house_of[tile.pk]
        touching[here] |= {
            cells[cell] for cell in geometry.neighbours(tile.column, tile.row) if cell in cells
        } - {here}
    dyes: dict[str, int] = {}
    for house in sorted(touching):
        taken = {dyes[other] for other in touching[house] if other in dyes}
        used = list(dyes.values())
        dyes[house] = min(range(1, DYES + 1), key=lambda dye: (dye in taken, used.count(dye), dye))
    return dyes


def _centre(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return round(fmean(x for x, _ in points)), round(fmean(y for _, y in points)) + 4


def _box(tiles: Iterable[MapTile]) -> str:
    return geometry.view_box(middle(tile) for tile in tiles)
