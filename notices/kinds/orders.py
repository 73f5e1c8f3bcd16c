"""Kinds about an order and its parts."""

from django.utils.translation import gettext_lazy as _

from notices.kinds.base import Kind, Urgency

BUYER, GROUP = _("buyer"), _("group")
# What orders.services.notifying gives to every notice.
ORDER = ("number", "total", "currency", "link")
PART = ("number", "vendor", "total", "currency", "link")

KINDS = (
    Kind("order_placed", _("Order placed, not paid yet"), BUYER, Urgency.NOW, ORDER),
    Kind("order_paid", _("Order paid"), BUYER, Urgency.NOW, ORDER),
    Kind("order_on_delivery", _("Order placed, to be paid in cash"), BUYER, Urgency.NOW, ORDER),
    Kind("order_expired", _("Order not paid in time"), BUYER, Urgency.SOON, ORDER),
    Kind(
        "part_short",
        _("Some goods cannot be sent"),
        BUYER,
        Urgency.SOON,
        (*ORDER, "vendor", "goods", "reason"),
    ),
    Kind(
        "part_cancelled", _("A group's part is cancelled"), BUYER, Urgency.SOON, (*ORDER, "vendor", "reason")
    ),
    Kind(
        "vendor_order_shipped",
        _("A group has sent its goods"),
        BUYER,
        Urgency.SOON,
        (*ORDER, "vendor", "carrier", "tracking"),
    ),
    Kind("vendor_order_delivered", _("Goods handed over"), BUYER, Urgency.SOON, (*ORDER, "vendor")),
    Kind(
        "goods_returned", _("Returned goods have arrived"), BUYER, Urgency.SOON, (*ORDER, "vendor", "goods")
    ),
    Kind("new_sale", _("New paid order"), GROUP, Urgency.NOW, (*PART, "goods")),
    Kind("new_sale_cash", _("New order, paid in cash at hand-over"), GROUP, Urgency.NOW, (*PART, "goods")),
)
