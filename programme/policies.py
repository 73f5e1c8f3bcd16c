"""Who may see what of the programme."""

from typing import Any


def can_see_coverage(user: Any) -> bool:
    """Which places have what: staff with that right."""
    return bool(user.is_active and user.is_staff and user.has_perm("programme.view_schemecoverage"))
