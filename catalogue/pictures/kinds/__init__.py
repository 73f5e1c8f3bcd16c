"""Product kinds by name: kind "honey" -> a drawing 240 x 240 without ids, text or outside reference."""

from collections.abc import Callable
from functools import cache

from catalogue.pictures.kinds import (
    fruits,
    garden,
    grains,
    household,
    larder,
    nuts,
    spices,
    stones,
    textiles,
    vessels,
    waters,
    workshop,
)

_NOUNS = (
    grains,
    larder,
    spices,
    fruits,
    garden,
    nuts,
    waters,
    textiles,
    vessels,
    stones,
    workshop,
    household,
)

DRAWINGS: dict[str, Callable[[], str]] = {
    draw.__name__.replace("_", "-"): draw for noun in _NOUNS for draw in noun.KINDS
}


@cache
def parts(kind: str) -> str:
    """The shapes of a kind, for use inside a larger picture. Raises KeyError for a kind that is not drawn."""
    return DRAWINGS[kind]()


def svg(kind: str) -> str:
    """A kind as a picture of its own. Raises KeyError for a kind that is not drawn."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240">{parts(kind)}</svg>'
