"""The room in Django admin: places, officers, schemes, protected names."""

from regions.admin import committees, entered, nominations, officers, places, protected_names, schemes

__all__ = ["committees", "entered", "nominations", "officers", "places", "protected_names", "schemes"]
