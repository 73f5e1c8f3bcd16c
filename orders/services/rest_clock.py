"""The clock of goods that leave in pieces: a group is reminded of the rest, then the rest is given up."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from orders.models import Shipment, VendorOrder
from orders.services.cancelling import give_up_rest, rest_due_at
from orders.services.clockwork import apart, batch, deadline_words
from orders.services.notifying import tell_group
from orders.services.packing import OPEN
from orders.services.parts import goods_words, lines_of, lock_part


def keep_rest_clock(now: datetime) -> tuple[int, int]:
    """Remind and give up what is due, at most one batch of each; returns how many were reminded and given up.

    Times are settings.REST_REMINDER_DAYS and REST_WITHIN_DAYS after the last shipment, so that each shipment gives the
    rest new time. Safe to repeat, beside itself and beside a shipment: each order is looked at again under its lock.
    """
    parts = VendorOrder.objects
    late = parts.rest_waiting_since(now - timedelta(days=settings.REST_WITHIN_DAYS))
    given_up = sum(apart(give_up_rest, part, now) for part in batch(late, "released_at"))
    waiting = parts.rest_waiting_since(now - timedelta(days=settings.REST_REMINDER_DAYS))
    reminded = sum(apart(remind, part, now) for part in batch(waiting.not_reminded_of_rest(), "released_at"))
    return reminded, given_up


@transaction.atomic
def remind(vendor_order: VendorOrder, *, now: datetime) -> bool:
    """Tell a group once after each shipment what it still has to send, and until when; False where that was said.

    Nothing is said either where the rest has left by now, or where another shipment has given it new time.
    """
    locked = lock_part(vendor_order)
    last = locked.shipments.order_by("shipped_at", "pk").last()
    if locked.state not in OPEN or last is None or last.reminded_at:
        return False
    if last.shipped_at + timedelta(days=settings.REST_REMINDER_DAYS) > now:
        return False
    Shipment.objects.filter(pk=last.pk).update(reminded_at=now)
    tell_group(
        locked,
        "rest_reminder",
        about=str(last.pk),
        until=deadline_words(locked, rest_due_at(last)),
        goods=goods_words({line: line.to_send for line in lines_of(locked, {})}),
    )
    return True
