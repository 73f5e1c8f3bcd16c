"""What can be bought of a listing: itself, or its sizes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from orders.domain.delivery import Package
from storefront.prices import ShownPrice


@dataclass(frozen=True)
class Offer:
    """One thing that can be bought: the listing itself or one of its sizes. units: how many can be bought now.

    price: of one unit, before any offer; shown: what it costs with those that need no code.
    """

    pk: int
    words: str
    price: Decimal
    currency: str
    per_unit: str
    units: int
    grams: int
    spoils: bool
    shown: ShownPrice

    @property
    def package(self) -> Package:
        """One unit, to be sent alone."""
        return Package(self.price, self.grams, self.spoils)

    @property
    def note(self) -> str:
        """Size and price per unit, beside the price."""
        return " · ".join(part for part in (self.words, self.per_unit) if part)


def first_to_buy(offers: Sequence[Offer]) -> Offer | None:
    """The cheapest that can be bought now, in the order of the page; of what is all sold out the cheapest; None of nothing.

    The feed says the price of the same one (catalogue.selectors.listings.price_to_buy), since adverts must say what the page does.
    """
    left = [offer for offer in offers if offer.units]
    return min(left or offers, key=lambda offer: offer.price, default=None)
