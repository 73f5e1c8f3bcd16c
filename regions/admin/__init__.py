"""The room in Django admin: places, officers, schemes, protected names."""

from regions.admin import entered, nominations, officers, places, protected_names, schemes

__all__ = ["entered", "nominations", "officers", "places", "protected_names", "schemes"]
