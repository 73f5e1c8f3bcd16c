"""Names of gewogs on the tiles of a map: broken between syllables where they are wider than a tile."""

import re

# So many letters stand on a tile in one line.
LONGEST = 8
# How a syllable begins, before its vowel: what is written with several letters first.
_BEGINNING = re.compile(
    r"(?:tsh|chh|thr|lh|ts|tr|dr|dh|dz|ch|sh|ph|th|kh|zh|ny|gy|[bcdfghjklmnprstvwz])(?=[aeiou])"
)


def name_lines(name: str) -> list[str]:
    """A name in one line, or in two of which the longer is as short as can be: "Phuentsholing" is "Phuen-", "tsholing"."""
    if len(name) <= LONGEST:
        return [name]
    if " " in name:
        first, rest = name.split(" ", 1)
        return [first, rest]
    places = [found.start() for found in _BEGINNING.finditer(name) if found.start() > 1]
    if not places:
        return [name]
    best = min(places, key=lambda place: (max(place + 1, len(name) - place), -place))
    return [f"{name[:best]}-", name[best:]]
