"""The accept clock: a group is reminded of an order that it has not answered, then the order is given up."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from marketplace.lib.dates import TIME_ZONES
from marketplace.lib.states import IllegalTransition
from orders.models import VendorOrder
from orders.services.cancelling import cancel_unanswered
from orders.services.notifying import tell_group

logger = logging.getLogger(__name__)

BATCH = 500


def keep_accept_clock(now: datetime) -> tuple[int, int]:
    """Remind and give up what is due, at most one batch of each; returns how many were reminded and given up.

    Times are settings.ACCEPT_REMINDER_HOURS and ACCEPT_WITHIN_HOURS after an order was handed to its group. Safe to
    repeat, beside itself and beside a group that answers: each order is looked at again under its lock.
    """
    late = VendorOrder.objects.unanswered_since(now - timedelta(hours=settings.ACCEPT_WITHIN_HOURS))
    given_up = sum(_apart(cancel_unanswered, part, now) for part in _batch(late))
    waiting = VendorOrder.objects.unanswered_since(now - timedelta(hours=settings.ACCEPT_REMINDER_HOURS))
    reminded = sum(_apart(remind, part, now) for part in _batch(waiting.filter(reminded_at=None)))
    return reminded, given_up


@transaction.atomic
def remind(vendor_order: VendorOrder, *, now: datetime) -> bool:
    """Tell a group once that its answer is waited for, and until when; False where it has answered or was told."""
    # Test and write in one statement: of two sweepers one reminds.
    unanswered = VendorOrder.objects.filter(pk=vendor_order.pk, state=VendorOrder.State.NEW, reminded_at=None)
    if not unanswered.update(reminded_at=now):
        return False
    tell_group(vendor_order, "accept_reminder", until=_deadline_words(vendor_order))
    return True


def _batch(rows: QuerySet[VendorOrder]) -> list[VendorOrder]:
    return list(rows.select_related("vendor__home_region").order_by("released_at", "pk")[:BATCH])


def _apart(step: Callable[..., bool], part: VendorOrder, now: datetime) -> bool:
    try:
        return step(part, now=now)
    except IllegalTransition:
        # Answered a moment ago.
        return False
    except Exception:
        # The outer edge: one part that nobody foresaw must not hold up the others.
        logger.exception("accept clock missed a part", extra={"vendor_order": part.pk})
        return False


def _deadline_words(part: VendorOrder) -> str:
    """Day and hour by the clock of the group's country, in figures that every language reads."""
    released_at = part.released_at or part.created_at
    deadline = released_at + timedelta(hours=settings.ACCEPT_WITHIN_HOURS)
    zone = TIME_ZONES.get(part.vendor.home_region.country_code)
    return date_format(timezone.localtime(deadline, zone), "Y-m-d H:i")
