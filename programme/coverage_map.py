"""The tile map of a coverage: how far each place has come."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from programme.selectors.coverage import Coverage, Gap, Place
from regions.domain import tiles as geometry
from regions.models import MapTile, Region

# Levels whose places have tiles; the districts of India have none.
LAYOUTS: Mapping[str, str] = {
    Region.Level.GEWOG: MapTile.Layout.BT_GEWOG,
    Region.Level.DZONGKHAG: MapTile.Layout.BT_DZONGKHAG,
    Region.Level.STATE: MapTile.Layout.IN_STATE,
    Region.Level.PROVINCE: MapTile.Layout.TH_PROVINCE,
}
STEPS: Mapping[Gap, int] = {gap: step for step, gap in enumerate(Gap)}


@dataclass(frozen=True)
class Hexagon:
    """One tile: its middle, where it leads, what it says. step: 0 for nothing done, 4 for covered."""

    x: float
    y: float
    step: int
    url: str
    title: str

    @property
    def words_y(self) -> float:
        """Where the figure stands."""
        return self.y + 4


@dataclass(frozen=True)
class CoverageMap:
    """All that the drawing needs."""

    view_box: str
    label: str
    tiles: Sequence[Hexagon]


def coverage_map(found: Coverage, link: Callable[[Place], str]) -> CoverageMap | None:
    """The map of a level that has tiles, else None; one query. link: where the tile of a place leads."""
    layout = LAYOUTS.get(found.level)
    if layout is None:
        return None
    places = {place.region.pk: place for place in found.places}
    tiles = [tile for tile in MapTile.objects.filter(layout=layout) if tile.region_id in places]
    drawn = [_hexagon(tile, places[tile.region_id], link) for tile in tiles]
    box = geometry.view_box((tile.x, tile.y) for tile in drawn)
    return CoverageMap(box, _("%(scheme)s by place: each tile is a link") % {"scheme": found.scheme}, drawn)


def _hexagon(tile: MapTile, place: Place, link: Callable[[Place], str]) -> Hexagon:
    x, y = geometry.middle(tile.column, tile.row)
    title = f"{place.region.name}: {place.gap.label}"
    return Hexagon(x, y, STEPS[place.gap], link(place), title)
