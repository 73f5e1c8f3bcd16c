"""What buyers get back, part by part."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, Sum

from orders.models import Order
from payments.models import Refund, RefundItem

_UNDECIDED = (Refund.State.PROPOSED, Refund.State.REJECTED)
NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class GivenBack:
    """Money of one part, in the order's currency. sent: it has left us; on_its_way: decided, and not sent yet."""

    sent: Decimal = NOTHING
    on_its_way: Decimal = NOTHING

    @property
    def total(self) -> Decimal:
        """Both."""
        return self.sent + self.on_its_way


def given_back_parts(order: Order) -> dict[int, GivenBack]:
    """What was decided to go back for each part of an order: key of the vendor order -> sums; one query.

    A part for which nothing goes back is left out. What failed and was sent again counts as sent, once.
    """
    again = Refund.objects.filter(again_for=OuterRef("refund"), state=Refund.State.SUCCEEDED)
    rows = (
        RefundItem.objects.filter(vendor_order__order=order, amount__gt=0)
        .exclude(refund__state__in=_UNDECIDED)
        .annotate(has_left=Exists(again))
        .order_by()
        .values_list("vendor_order_id")
        .annotate(
            sent=Sum(
                "amount", filter=Q(refund__state=Refund.State.SUCCEEDED) | Q(has_left=True), default=NOTHING
            ),
            total=Sum("amount", default=NOTHING),
        )
    )
    found: dict[int, GivenBack] = {}
    for part, sent, total in rows:
        found[part] = GivenBack(sent, total - sent)
    return found
