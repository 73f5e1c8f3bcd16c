"""The accept clock: a group is reminded of an order that it has not answered, then the order is given up."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from orders.models import VendorOrder
from orders.services.cancelling import cancel_unanswered
from orders.services.clockwork import apart, batch, deadline_words
from orders.services.notifying import tell_group


def keep_accept_clock(now: datetime) -> tuple[int, int]:
    """Remind and give up what is due, at most one batch of each; returns how many were reminded and given up.

    Times are settings.ACCEPT_REMINDER_HOURS and ACCEPT_WITHIN_HOURS after an order was handed to its group. Safe to
    repeat, beside itself and beside a group that answers: each order is looked at again under its lock.
    """
    late = VendorOrder.objects.unanswered_since(now - timedelta(hours=settings.ACCEPT_WITHIN_HOURS))
    given_up = sum(apart(cancel_unanswered, part, now) for part in batch(late, "released_at"))
    waiting = VendorOrder.objects.unanswered_since(now - timedelta(hours=settings.ACCEPT_REMINDER_HOURS))
    reminded = sum(
        apart(remind, part, now) for part in batch(waiting.filter(reminded_at=None), "released_at")
    )
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


def _deadline_words(part: VendorOrder) -> str:
    released_at = part.released_at or part.created_at
    return deadline_words(part, released_at + timedelta(hours=settings.ACCEPT_WITHIN_HOURS))
