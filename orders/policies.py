"""Who may do what to a vendor order."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from orders.models import Line, Return, VendorOrder
from regions.policies import reach_of
from vendors.domain.rights import Right
from vendors.models import Partner
from vendors.policies import has_right

# Packers need the address while goods are on their way and shortly after; then it is nobody's business any more.
BUYER_SHOWN_FOR = timedelta(days=14)
_BUYER_NEEDED_IN = frozenset(
    {
        VendorOrder.State.NEW,
        VendorOrder.State.ACCEPTED,
        VendorOrder.State.PACKED,
        VendorOrder.State.SHIPPED,
    }
)
_DELIVERED = frozenset({VendorOrder.State.DELIVERED, VendorOrder.State.COMPLETED})


def can_accept(user: Any, vendor_order: VendorOrder) -> bool:
    """Say yes to an order: every member of its group, whatever the role; one query."""
    return has_right(user, vendor_order.vendor_id, Right.WORK_ON_ORDERS)


def can_ship(user: Any, vendor_order: VendorOrder) -> bool:
    """Hand the goods over: every member of its group, whatever the role; one query."""
    return has_right(user, vendor_order.vendor_id, Right.WORK_ON_ORDERS)


def can_decline(user: Any, vendor_order: VendorOrder) -> bool:
    """Say no, or that something is missing: every member of its group, whatever the role; one query."""
    return has_right(user, vendor_order.vendor_id, Right.WORK_ON_ORDERS)


def can_see_order_of(user: Any, vendor_order: VendorOrder, *, proved: Collection[str]) -> bool:
    """Whether a visitor may see this order anyway: its buyer, a member of its group, or staff; at most one query.

    user: None, or who visits. proved: numbers of orders whose contact the visitor has proved.
    """
    if vendor_order.order.number in proved:
        return True
    if user is None or not user.is_authenticated:
        return False
    if vendor_order.order.user_id == user.pk:
        return True
    return VendorOrder.objects.visible_to(user).filter(pk=vendor_order.pk).exists()


def can_see_buyer(vendor_order: VendorOrder, *, now: datetime) -> bool:
    """Whether the group still sees the buyer's name, address, phone and words to a gift.

    From payment until 14 days after delivery; never for a cancelled or returned order. No query.
    """
    if vendor_order.state in _BUYER_NEEDED_IN:
        return True
    if vendor_order.state not in _DELIVERED or vendor_order.delivered_at is None:
        return False
    return now <= vendor_order.delivered_at + BUYER_SHOWN_FOR


def can_answer_return(user: Any, case: Return) -> bool:
    """Say yes or no to a return, and that its goods came back: members of its group with that right; one query."""
    return has_right(user, case.vendor_order.vendor_id, Right.ANSWER_RETURNS)


def can_decide_return(user: Any) -> bool:
    """Decide returns, among those that are visible, about which buyer and group do not agree: staff with that right."""
    return bool(user.is_active and user.is_staff and user.has_perm("order.decide_return"))


def returnable_until(vendor_order: VendorOrder) -> datetime | None:
    """Until when the buyer may ask to give goods of it back; None while, and where, that cannot be. No query."""
    if vendor_order.state not in _DELIVERED or vendor_order.delivered_at is None:
        return None
    return vendor_order.delivered_at + timedelta(days=settings.RETURN_DAYS)


def can_be_reviewed(vendor_order: VendorOrder, line: Line) -> bool:
    """Whether the buyer may say how the goods of a line were: they came, and some were neither missing nor given back.

    No query, the line's product and its parent should have been read.
    """
    if vendor_order.state not in _DELIVERED or line.product is None:
        return False
    return bool(line.quantity > line.cancelled_quantity + line.returned_quantity)


def can_decide_review(user: Any, vendor: Partner | None = None) -> bool:
    """Publish, refuse or take down reviews and answers: staff with that right, officers who decide in the group's place.

    vendor: of the goods, read with its home region; without one: any at all. No query per review.
    """
    has_right = user.has_perm("order.decide_review")
    return reach_of(user).may_decide(vendor.home_region if vendor else None, has_right=has_right)


def can_make_offers(user: Any) -> bool:
    """Make offers that the programme pays: staff with that right."""
    return bool(user.is_active and user.is_staff and user.has_perm("offer.add_conditionaloffer"))


def can_decide_offers(user: Any) -> bool:
    """Agree to offers that another made, and stop any: staff with that right."""
    return bool(user.is_active and user.is_staff and user.has_perm("offer.change_conditionaloffer"))
