"""Taking a thing out of the queue, keeping it, and giving it back: two persons never have one.

A claim lasts CLAIM_MINUTES and is renewed by whatever its holder does with it. Each step is one statement that tests and
writes, so that of two persons at the same moment one has it. The decision itself is guarded by the version that was read.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from programme.errors import HeldByAnother, NotHeld
from programme.models import Claim

FORGOTTEN = timedelta(days=1)


def take(kind: str, pk: int, person: Any) -> Claim:
    """Take it, or keep it for another CLAIM_MINUTES; returns the claim of whoever has it then, who may be another.

    kind: code of programme.queue.KINDS; pk: key of the row, which must have been found within the person's reach.
    """
    now = timezone.now()
    if not _renew(kind, pk, person, now=now) and not _take_over(kind, pk, person, now=now):
        # What nobody came back to; whoever takes one of these over at this moment has changed its time, and keeps it.
        Claim.objects.filter(until__lt=now - FORGOTTEN).delete()
        given = {"holder": person, "taken_at": now, "until": _end(now)}
        # Of two who insert at once the unique key lets one in, and the other reads that one's.
        Claim.objects.get_or_create(kind=kind, object_id=pk, defaults=given)
    return _claim(kind, pk, person)


def put_back(kind: str, pk: int, person: Any) -> bool:
    """Give it back to the queue; False when it was not with this person."""
    return bool(Claim.objects.filter(kind=kind, object_id=pk, holder=person).delete()[0])


@contextmanager
def held(kind: str, pk: int, person: Any) -> Iterator[None]:
    """Decide about what the person holds: renewed before, given back after; kept when the decision is refused.

    Raises HeldByAnother, and NotHeld when the person's time was over and nobody else has taken it; then it is with the
    person again.
    """
    if not _renew(kind, pk, person, now=timezone.now()):
        claim = take(kind, pk, person)
        if claim.holder_id != person.pk:
            raise HeldByAnother(claim)
        raise NotHeld
    yield
    put_back(kind, pk, person)


@contextmanager
def taken(kind: str, pk: int, person: Any) -> Iterator[None]:
    """The same where nothing was opened before, as on lists: taken for the moment of the decision.

    Raises HeldByAnother.
    """
    was_held = _renew(kind, pk, person, now=timezone.now())
    if not was_held:
        claim = take(kind, pk, person)
        if claim.holder_id != person.pk:
            raise HeldByAnother(claim)
    try:
        yield
    except BaseException:
        if not was_held:
            put_back(kind, pk, person)
        raise
    put_back(kind, pk, person)


def holder(kind: str, pk: int) -> Claim | None:
    """The claim that holds now, with its person; None when it is free."""
    rows = Claim.objects.in_force(timezone.now()).filter(kind=kind, object_id=pk)
    return rows.select_related("holder").first()


def _renew(kind: str, pk: int, person: Any, *, now: datetime) -> bool:
    mine = Claim.objects.in_force(now).filter(kind=kind, object_id=pk, holder=person)
    return mine.update(until=_end(now)) == 1


def _take_over(kind: str, pk: int, person: Any, *, now: datetime) -> bool:
    """Take what nobody holds any more. PostgreSQL tests again after waiting for the row."""
    over = Claim.objects.filter(kind=kind, object_id=pk, until__lte=now)
    return over.update(holder=person, taken_at=now, until=_end(now)) == 1


def _claim(kind: str, pk: int, person: Any) -> Claim:
    found = Claim.objects.select_related("holder").filter(kind=kind, object_id=pk).first()
    # Given back within this very moment by whoever had it: as good as free.
    return found or take(kind, pk, person)


def _end(now: datetime) -> datetime:
    return now + timedelta(minutes=settings.CLAIM_MINUTES)
