"""Who may see what of the programme."""

from typing import Any


def can_see_coverage(user: Any) -> bool:
    """Which places have what: staff with that right."""
    return bool(user.is_active and user.is_staff and user.has_perm("programme.view_schemecoverage"))


def can_see_impact(user: Any) -> bool:
    """What reached producers, with no figure hidden: staff with that right, of the own places."""
    return bool(user.is_active and user.is_staff and user.has_perm("programme.view_countryimpact"))
