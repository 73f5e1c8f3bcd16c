"""Who reads the whole audit."""

from typing import Any

from regions.policies import reach_of


def can_see_audit(user: Any) -> bool:
    """Whether a person reads what happened everywhere: the centre, not the officers of some places."""
    return bool(user.has_perm("audit.view_change")) and reach_of(user).is_everywhere
