"""Who may do what to payments."""

from typing import Any


def can_replay_events(user: Any) -> bool:
    """Have a provider's event handled again: staff who may read events; settling twice changes nothing."""
    return bool(user.is_active and user.is_staff and user.has_perm("payments.view_providerevent"))
