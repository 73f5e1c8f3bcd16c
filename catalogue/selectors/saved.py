"""What a person has saved, with what has become of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.models import Product, SavedListing
from catalogue.selectors.listings import ListingCard, card_rows, cards


@dataclass(frozen=True)
class Kept:
    """One saved listing. card: as it stands today, None where it is no longer sold; has_sizes: one of them is to be chosen."""

    listing_pk: int
    title: str
    card: ListingCard | None
    has_sizes: bool

    @property
    def can_go_into_basket(self) -> bool:
        """Whether a press of a button is enough to buy it."""
        return self.card is not None and self.card.is_available and not self.has_sizes

    @property
    def is_sold_out(self) -> bool:
        """Whether no unit is left in any size, so that its owner can ask to be told when there is one."""
        row = self.card.row if self.card is not None else None
        return row is not None and not row.has_units


def saved_keys(person: Any) -> frozenset[int]:
    """Keys of the listings that somebody has saved; one query."""
    return frozenset(SavedListing.objects.visible_to(person).order_by().values_list("listing", flat=True))


def kept(saved: Sequence[SavedListing]) -> list[Kept]:
    """The same saved listings as they stand today, in their order; two queries.

    What is not shown any more is called by its name of then: what it is called now nobody may have looked at.
    """
    live = card_rows(Product.objects.live().whole().filter(pk__in=[row.listing_id for row in saved]))
    rows = {row.pk: row for row in live}
    found = {card.pk: card for card in cards(rows.values())}
    return [
        Kept(
            row.listing_id,
            found[row.listing_id].title if row.listing_id in found else row.title,
            found.get(row.listing_id),
            has_sizes=row.listing_id in rows and rows[row.listing_id].is_parent,
        )
        for row in saved
    ]
