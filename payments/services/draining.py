"""Working through rows that are due, one call of a provider each, within the time that a task has."""

import logging
import time
from collections.abc import Callable

from django.db.models import QuerySet
from django.utils import timezone

logger = logging.getLogger(__name__)

BATCH = 500
# Well below the time limit of a task; what is left is found again by the next run.
SECONDS = 40.0


def drain(waiting: QuerySet, call: Callable[[int], bool], *, seconds: float = SECONDS) -> int:
    """Call for each waiting row that is due, the one that waits longest first; returns how many were answered.

    waiting: rows with next_try_at. At most one batch, and no new call after that many seconds.
    """
    end = time.monotonic() + seconds
    due = waiting.filter(next_try_at__lte=timezone.now()).order_by("next_try_at", "pk")
    answered = 0
    for pk in list(due.values_list("pk", flat=True)[:BATCH]):
        if time.monotonic() > end:
            break
        try:
            answered += call(pk)
        except Exception:
            # The outer edge: one row that nobody foresaw must not hold up the others; it is tried again.
            logger.exception("row not drained", extra={"row": pk, "model": waiting.model.__name__})
    return answered
