"""Sessions: those that are over, and those of accounts that were closed."""

from datetime import datetime, timedelta
from itertools import islice

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from people.models import User

BATCH = 5000
# A closed account opens no session any more, so that those there were are found within this.
_LOOKED_FOR = timedelta(days=2)


def clear_sessions(now: datetime) -> int:
    """Delete sessions that are over, at most a batch, and what is left of those of closed accounts; returns how many."""
    over = Session.objects.filter(expire_date__lt=now).order_by("expire_date")
    keys = list(over.values_list("pk", flat=True)[:BATCH])
    return _delete(keys) + _delete(_of_closed(now))


def _of_closed(now: datetime) -> list[str]:
    """Keys of sessions that belong to accounts that were closed of late: they let nobody in, but hold what was typed."""
    closed = User.objects.filter(closed_at__gt=now - _LOOKED_FOR)
    people = {str(pk) for pk in closed.values_list("pk", flat=True)}
    if not people:
        return []
    live = Session.objects.filter(expire_date__gte=now).iterator(chunk_size=500)
    found = (session.pk for session in live if session.get_decoded().get(SESSION_KEY) in people)
    return list(islice(found, BATCH))


def _delete(keys: list[str]) -> int:
    return Session.objects.filter(pk__in=keys).delete()[0] if keys else 0
