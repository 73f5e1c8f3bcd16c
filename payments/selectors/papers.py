"""Which papers there are for an order."""

from orders.models import Order
from payments.models import Refund, RefundItem

_UNDECIDED = (Refund.State.PROPOSED, Refund.State.REJECTED)


def credited_parts(order: Order) -> dict[int, list[int]]:
    """Refunds decided on each part of an order, oldest first: key of the vendor order -> keys; one query."""
    rows = (
        RefundItem.objects.filter(vendor_order__order=order, amount__gt=0)
        .exclude(refund__state__in=_UNDECIDED)
        .order_by("refund_id")
        .values_list("vendor_order_id", "refund_id")
        .distinct()
    )
    found: dict[int, list[int]] = {}
    for part, refund in rows:
        found.setdefault(part, []).append(refund)
    return found
