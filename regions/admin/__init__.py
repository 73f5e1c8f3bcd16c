"""The room in Django admin: places, officers, schemes, protected names."""

from regions.admin import nominations, officers, places, protected_names, schemes

__all__ = ["nominations", "officers", "places", "protected_names", "schemes"]
