"""The room in Django admin: places, officers, schemes, protected names."""

from regions.admin import officers, places, protected_names, schemes

__all__ = ["officers", "places", "protected_names", "schemes"]
