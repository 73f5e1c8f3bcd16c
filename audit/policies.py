"""Who reads what of the audit."""

from collections.abc import Collection
from typing import Any

from audit.tracked import parts_of
from regions.policies import reach_of


def can_see_audit(user: Any) -> bool:
    """Whether a person reads what happened everywhere: the centre, not the officers of some places."""
    return bool(user.has_perm("audit.view_change")) and reach_of(user).is_everywhere


def visible_parts(user: Any, label: str, *, registered: Collection[str]) -> frozenset[str]:
    """Labels of what a person sees in the history of such a row beside it.

    registered: labels that have pages of their own in the admin, which the person must be allowed to see.
    """
    return frozenset(part for part in parts_of(label) if part not in registered or _may_see(user, part))


def _may_see(user: Any, label: str) -> bool:
    app_label, model_name = label.split(".")
    return bool(user.has_perm(f"{app_label}.view_{model_name}"))
