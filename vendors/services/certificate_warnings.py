"""Telling a group that a certificate runs out: 60, 30 and 7 days before its last day, once each.

Found by query, so that a lost message or a missed run heals at the next one; a late one says how many days are left.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from vendors.models import Certificate, Partner
from vendors.selectors.certificates import WARNING_DAYS
from vendors.services.certificate_notices import tell_of_end

logger = logging.getLogger(__name__)

BATCH = 500
State = Certificate.State


def warn_of_ends() -> int:
    """Tell the groups of certificates whose end has come near since they were told; returns how many certificates.

    At most one batch. Safe to repeat and beside itself: each is told of under its row lock.
    """
    told = 0
    for pk in list(_near().order_by("valid_until", "pk").values_list("pk", flat=True)[:BATCH]):
        try:
            told += _warn(pk)
        except Exception:
            # The outer edge: one row that nobody foresaw must not keep the others silent.
            logger.exception("end of certificate not told", extra={"certificate": pk})
    return told


def _near() -> QuerySet[Certificate]:
    """Certificates that hold and of whose end the group may have to be told; the day of the country decides later."""
    # East of Greenwich a day begins earlier, so the net is cast a day wider than the calendar of UTC.
    today = timezone.now().date() + timedelta(days=1)
    due = Q(pk__in=())
    for days in WARNING_DAYS:
        is_new = Q(last_warning__isnull=True) | Q(last_warning__gt=days)
        due |= is_new & Q(valid_until__lte=today + timedelta(days=days))
    later = Certificate.objects.filter(
        Q(gi=OuterRef("gi")) | Q(gi__isnull=True),
        Q(number=OuterRef("number")) | Q(goods=OuterRef("goods")),
        vendor=OuterRef("vendor"),
        kind=OuterRef("kind"),
        state__in=Certificate.COUNTING,
        valid_until__gt=OuterRef("valid_until"),
    )
    rows = Certificate.objects.valid_now().filter(due, ~Exists(later))
    return rows.filter(vendor__state__in=(Partner.State.APPROVED, Partner.State.APPLIED))


@transaction.atomic
def _warn(pk: int) -> bool:
    # Nobody waits for a row that somebody decides about just now: the next run finds it again.
    rows = Certificate.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    locked = rows.select_related("vendor__home_region", "gi").filter(pk=pk).first()
    if locked is None or not locked.is_valid:
        return False
    left = (locked.valid_until - locked.today).days
    reached = [days for days in WARNING_DAYS if left <= days]
    if not reached or (locked.last_warning is not None and locked.last_warning <= min(reached)):
        return False
    Certificate.objects.filter(pk=pk).update(last_warning=min(reached))
    tell_of_end(locked, days=min(reached), left=left)
    return True
