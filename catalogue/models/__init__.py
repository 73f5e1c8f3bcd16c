"""Listings (Oscar's Product), their photos, changes and imports. Oscar's models come last, as a fork asks."""

from catalogue.models.imports import ImportJob, ImportJobEvent, ImportRow
from catalogue.models.listings import (
    PHOTO_WIDTHS,
    ListingChange,
    ListingChangeEvent,
    ListingChangeQuerySet,
    ListingEvent,
    ListingQuerySet,
    Product,
    ProductImage,
    ProposedPhoto,
)

# isort: split
from oscar.apps.catalogue.models import *  # noqa: F403 - Oscar: a fork's own models come first

__all__ = [
    "PHOTO_WIDTHS",
    "ImportJob",
    "ImportJobEvent",
    "ImportRow",
    "ListingChange",
    "ListingChangeEvent",
    "ListingChangeQuerySet",
    "ListingEvent",
    "ListingQuerySet",
    "Product",
    "ProductImage",
    "ProposedPhoto",
]
