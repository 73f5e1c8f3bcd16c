"""Catalogue: listings, photos, moderation, search."""
