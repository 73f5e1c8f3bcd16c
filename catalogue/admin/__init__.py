"""Listings, their changes and categories in Django admin: the queues of the moderators and the decisions."""

from catalogue.admin.categories import CategoryAdmin
from catalogue.admin.changes import ListingChangeAdmin
from catalogue.admin.listings import ListingAdmin

__all__ = ["CategoryAdmin", "ListingAdmin", "ListingChangeAdmin"]
