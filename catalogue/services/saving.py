"""Saving listings for later, and taking them off the list."""

from typing import Any

from catalogue.errors import SavedTooMany
from catalogue.models import Product, SavedListing

# A list that nobody can read any more helps nobody, and would be read on each page.
MOST = 500


def save_listing(person: Any, listing_pk: int) -> SavedListing:
    """Put a listing on sale on a person's list; twice is once.

    Raises Product.DoesNotExist for what shoppers may not see and for a single size, SavedTooMany where the list is full.
    """
    listing = Product.objects.live().whole().get(pk=listing_pk)
    mine = SavedListing.objects.filter(person=person)
    if not mine.filter(listing=listing).exists() and mine.count() >= MOST:
        raise SavedTooMany(MOST)
    saved, _created = SavedListing.objects.get_or_create(
        person=person, listing=listing, defaults={"title": listing.title}
    )
    return saved


def unsave_listing(person: Any, listing_pk: int) -> None:
    """Take a listing off a person's list, whatever has become of it; twice is once."""
    SavedListing.objects.filter(person=person, listing=listing_pk).delete()
