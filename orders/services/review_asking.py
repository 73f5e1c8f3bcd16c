"""Asking buyers once, some days after delivery, how the goods were."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from orders.models import Review, VendorOrder
from orders.policies import can_be_reviewed
from orders.services.notifying import tell_buyer

BATCH = 500
# Whoever has had the goods for longer is left in peace, as are buyers of the time before there were reviews.
NOT_AFTER = timedelta(days=30)


def ask_for_reviews(now: datetime) -> int:
    """Ask about what was delivered settings.REVIEW_ASK_DAYS ago, at most one batch; returns how many were asked.

    Safe to repeat and beside itself: each part of an order is marked by the statement that lets it be asked about.
    """
    until = now - timedelta(days=settings.REVIEW_ASK_DAYS)
    states = (VendorOrder.State.DELIVERED, VendorOrder.State.COMPLETED)
    due = VendorOrder.objects.filter(
        review_asked_at=None, state__in=states, delivered_at__range=(now - NOT_AFTER, until)
    )
    keys = list(due.order_by("delivered_at", "pk").values_list("pk", flat=True)[:BATCH])
    return sum(_ask(pk, now) for pk in keys)


@transaction.atomic
def _ask(pk: int, now: datetime) -> bool:
    if not VendorOrder.objects.filter(pk=pk, review_asked_at=None).update(review_asked_at=now):
        return False
    part = VendorOrder.objects.select_related("order__user", "vendor").get(pk=pk)
    lines = part.lines.select_related("product__parent")
    said = set(Review.objects.filter(line__vendor_order=part).values_list("line", flat=True))
    if not any(line.pk not in said and can_be_reviewed(part, line) for line in lines):
        return False
    tell_buyer(part.order, "review_asked", about=part.number, vendor=part.vendor.name)
    return True
