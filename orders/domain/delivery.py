"""Which way of sending carries a package, and for how much; pure rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

# From the narrowest zone to the widest: of one carrier the narrowest that covers the address counts.
ZONES = ("place", "state", "home", "abroad", "anywhere")
_PLACE_DEPTH, _STATE_DEPTH = 3, 2


class Refusal(StrEnum):
    """Why a way of sending does not carry a package."""

    ZONE = "zone"
    WEIGHT = "weight"
    SPOILS = "spoils"


@dataclass(frozen=True)
class Package:
    """Everything of one group in one order. total: in currency, tax included; grams: with packing; spoils: some of it."""

    total: Decimal
    grams: int
    spoils: bool


@dataclass(frozen=True)
class Tariff:
    """What one way of sending asks. steps: (up to so many grams, price), in ascending order; empty: price for any weight.

    countries: codes of the countries of a zone abroad; empty for all of them.
    """

    zone: str
    price: Decimal
    steps: Sequence[tuple[int, Decimal]] = ()
    free_above: Decimal | None = None
    countries: Sequence[str] = ()
    carries_perishables: bool = False


def covers(tariff: Tariff, *, home: str, to: str) -> bool:
    """Whether the zone covers an address.

    home, to: paths of places ("BT/BT-11/BT-11-DOGA/"); to may end above the place where no more of it is known,
    and is then covered by wider zones only.
    """
    ours, theirs = home.strip("/").split("/"), to.strip("/").split("/")
    is_home = ours[0] == theirs[0]
    if tariff.zone == "place":
        return len(ours) >= _PLACE_DEPTH and ours[:_PLACE_DEPTH] == theirs[:_PLACE_DEPTH]
    if tariff.zone == "state":
        return len(ours) >= _STATE_DEPTH and ours[:_STATE_DEPTH] == theirs[:_STATE_DEPTH]
    if tariff.zone == "home":
        return is_home
    if tariff.zone == "abroad":
        return not is_home and (not tariff.countries or theirs[0] in tariff.countries)
    return True


def price_of(tariff: Tariff, package: Package) -> Decimal | Refusal:
    """What the package costs by this tariff, whose zone covers the address; or why it does not go."""
    if package.spoils and not tariff.carries_perishables:
        return Refusal.SPOILS
    price = tariff.price
    if tariff.steps:
        fitting = [cost for up_to, cost in tariff.steps if package.grams <= up_to]
        if not fitting:
            return Refusal.WEIGHT
        price = fitting[0]
    if tariff.free_above is not None and package.total >= tariff.free_above:
        return Decimal(0)
    return price
