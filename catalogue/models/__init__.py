"""Listings (Oscar's Product), their photos, changes and imports. Oscar's models come last, as a fork asks."""

from catalogue.models.categories import Category, FormerCategorySlug
from catalogue.models.follows import Follow, FollowNews, FollowQuerySet, follow_news_of
from catalogue.models.imports import ImportJob, ImportJobEvent, ImportRow
from catalogue.models.listings import (
    PACKING_GRAMS,
    PHOTO_WIDTHS,
    UNKNOWN_GRAMS,
    ListingChange,
    ListingChangeEvent,
    ListingChangeQuerySet,
    ListingEvent,
    ListingQuerySet,
    Product,
    ProductImage,
    ProposedPhoto,
)
from catalogue.models.saved import SavedListing, SavedListingQuerySet
from catalogue.models.stock_requests import StockRequest, StockRequestQuerySet, stock_request_of
from catalogue.models.tallies import ListingTally
from catalogue.models.words import SearchWord

# isort: split
from oscar.apps.catalogue.models import *  # noqa: F403 - Oscar: a fork's own models come first

__all__ = [
    "PACKING_GRAMS",
    "PHOTO_WIDTHS",
    "UNKNOWN_GRAMS",
    "Category",
    "Follow",
    "FollowNews",
    "FollowQuerySet",
    "FormerCategorySlug",
    "ImportJob",
    "ImportJobEvent",
    "ImportRow",
    "ListingChange",
    "ListingChangeEvent",
    "ListingChangeQuerySet",
    "ListingEvent",
    "ListingQuerySet",
    "ListingTally",
    "Product",
    "ProductImage",
    "ProposedPhoto",
    "SavedListing",
    "SavedListingQuerySet",
    "SearchWord",
    "StockRequest",
    "StockRequestQuerySet",
    "follow_news_of",
    "stock_request_of",
]
