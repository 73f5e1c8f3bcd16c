"""Which hexagon map goes with a place."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from marketplace.lib.countries import country_name
from regions.models import MapTile, Region
from storefront import hexmap

LAYOUTS = {"BT": MapTile.Layout.BT_GEWOG, "IN": MapTile.Layout.IN_STATE, "TH": MapTile.Layout.TH_PROVINCE}


def tiles_of(region: Region) -> list[MapTile]:
    """Every tile of the country's map of small places, with the place and the one above it; one query.

    For Bhutan as a whole those of its dzongkhags too.
    """
    layouts = [LAYOUTS.get(region.country_code, "")]
    if region.country_code == "BT" and not region.depth:
        layouts.append(MapTile.Layout.BT_DZONGKHAG)
    return list(MapTile.objects.drawn().filter(layout__in=layouts))


def phone_map(tiles: Sequence[MapTile], counts: Mapping[str, int]) -> hexmap.HexMap | None:
    """The map on which a finger finds a dzongkhag of Bhutan, not one of 205 gewogs; None without tiles of dzongkhags."""
    large = [tile for tile in tiles if tile.layout == MapTile.Layout.BT_DZONGKHAG]
    return (
        hexmap.phone_map(large, counts, label=_("Bhutan by dzongkhag: each tile is a link"))
        if large
        else None
    )


def place_map(region: Region, tiles: Sequence[MapTile], counts: Mapping[str, int]) -> hexmap.HexMap | None:
    """The map on which a place is seen: its gewogs, or its country; None for a place without one.

    The places above the region must have been read.
    """
    tiles = [tile for tile in tiles if tile.layout != MapTile.Layout.BT_DZONGKHAG]
    if not tiles:
        return None
    if region.country_code != "BT":
        current = region if region.depth == 1 else region.parent
        country = country_name(tiles[0].region.country_code, str(tiles[0].region.parent))
        words = _("%(place)s by state or province: each tile is a link") % {"place": country}
        return hexmap.letters_map(tiles, counts, label=words, current=current if region.depth else None)
    if region.parent is None:
        return hexmap.country_map(tiles, counts, label=_("Bhutan by gewog: each tile is a link"))
    house = region if region.depth == 1 else region.parent
    if not any(tile.region.path.startswith(house.path) for tile in tiles):
        return None  # a new place, or one that ended
    words = _("Gewogs of %(place)s: each tile is a link") % {"place": house.name}
    return hexmap.place_map(
        tiles, counts, of=house, label=words, current=region if region.depth == 2 else None
    )
