"""Waiting for a row lock ends after seconds (settings, lock_timeout); a moment later the row is often free."""

from django.db import OperationalError

# PostgreSQL: lock_not_available, deadlock_detected.
_BUSY_CODES = frozenset({"55P03", "40P01"})


def is_busy(error: OperationalError) -> bool:
    """Whether the database gave up waiting for a lock: nothing was written, and it may be tried again."""
    return getattr(error.__cause__, "pgcode", None) in _BUSY_CODES
