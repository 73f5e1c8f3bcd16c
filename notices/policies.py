"""Who of the staff may do what with notices."""

from typing import Any


def can_resend(user: Any) -> bool:
    """Send a notice again."""
    return bool(user.is_active and user.is_staff and user.has_perm("communication.resend_notice"))


def can_write_texts(user: Any) -> bool:
    """Change the words of notices."""
    return bool(user.is_active and user.is_staff and user.has_perm("communication.change_noticetext"))
