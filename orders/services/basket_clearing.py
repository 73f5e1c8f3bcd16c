"""Baskets that nobody comes back to."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from orders.basket.models import Basket, Line

BATCH = 500
# A submitted basket belongs to its order; what was joined into another at sign-in is left over.
_CLEARED = (Basket.OPEN, Basket.MERGED)


@transaction.atomic
def clear_abandoned(now: datetime) -> int:
    """Delete baskets that were not touched for long, at most a batch; returns how many.

    Those of accounts are kept longer. One that somebody fills at this moment stays: it is locked, and asked again.
    """
    old = _abandoned(now).order_by("pk")
    locked = old.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)[:BATCH]
    # A statement of its own, so that it sees what was put in just before the lock.
    there = list(_abandoned(now).filter(pk__in=list(locked)).values_list("pk", flat=True))
    Basket.objects.filter(pk__in=there).delete()
    return len(there)


def _abandoned(now: datetime) -> QuerySet[Basket]:
    guests = Q(owner=None) & _untouched_since(now - timedelta(days=settings.BASKET_KEEP_DAYS))
    accounts = _untouched_since(now - timedelta(days=settings.OWN_BASKET_KEEP_DAYS))
    return Basket.objects.filter(guests | accounts, status__in=_CLEARED)


def _untouched_since(moment: datetime) -> Q:
    newer = Line.objects.filter(basket=OuterRef("pk"), date_updated__gte=moment)
    return Q(date_created__lt=moment) & ~Q(Exists(newer))
