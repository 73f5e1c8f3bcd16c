"""Kinds about an order and its parts."""

from django.utils.translation import gettext_lazy as _

from notices.kinds.base import Kind, Urgency

BUYER, GROUP = _("buyer"), _("group")
# What orders.services.notifying gives to every notice.
ORDER = ("number", "total", "currency", "link")
# What orders.services.notifying.what_comes gives beside them.
HANDED_OVER = (*ORDER, "parts", "address")
PART = ("number", "vendor", "total", "currency", "link")
SENT = (*ORDER, "vendor", "carrier", "tracking", "goods", "hand_over")

KINDS = (
    Kind("order_placed", _("Order placed, not paid yet"), BUYER, Urgency.NOW, (*ORDER, "offers")),
    Kind("order_paid", _("Order paid"), BUYER, Urgency.NOW, HANDED_OVER),
    Kind("order_on_delivery", _("Order placed, to be paid in cash"), BUYER, Urgency.NOW, HANDED_OVER),
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
        SENT,
    ),
    Kind("package_shipped", _("A group has sent some of its goods"), BUYER, Urgency.SOON, SENT),
    Kind("part_accepted", _("A group has said yes"), BUYER, Urgency.DIGEST, (*ORDER, "vendor")),
    Kind("part_not_accepted", _("A group did not answer in time"), BUYER, Urgency.SOON, (*ORDER, "vendor")),
    Kind(
        "part_cancelled_by_buyer",
        _("The buyer has cancelled a group's part"),
        BUYER,
        Urgency.SOON,
        (*ORDER, "vendor"),
    ),
    Kind("review_asked", _("How were the goods?"), BUYER, Urgency.DIGEST, (*ORDER, "vendor")),
    Kind(
        "review_refused",
        _("What a buyer wrote is not shown"),
        BUYER,
        Urgency.SOON,
        (*ORDER, "listing", "note"),
    ),
    Kind(
        "review_taken_down",
        _("What a buyer wrote is shown no longer"),
        BUYER,
        Urgency.SOON,
        (*ORDER, "listing", "note"),
    ),
    Kind("vendor_order_delivered", _("Goods handed over"), BUYER, Urgency.SOON, (*ORDER, "vendor")),
    Kind(
        "goods_returned", _("Returned goods have arrived"), BUYER, Urgency.SOON, (*ORDER, "vendor", "goods")
    ),
    Kind("new_sale", _("New paid order"), GROUP, Urgency.NOW, (*PART, "goods")),
    Kind("new_sale_cash", _("New order, paid in cash at hand-over"), GROUP, Urgency.NOW, (*PART, "goods")),
    Kind("accept_reminder", _("An order waits for an answer"), GROUP, Urgency.SOON, (*PART, "until")),
    Kind("rest_reminder", _("Goods wait to be sent"), GROUP, Urgency.SOON, (*PART, "goods", "until")),
    Kind("rest_given_up", _("Goods were not sent in time"), GROUP, Urgency.SOON, (*PART, "goods")),
    Kind("sale_not_accepted", _("An order was not answered in time"), GROUP, Urgency.SOON, (*PART, "goods")),
    Kind(
        "sale_cancelled_by_buyer", _("The buyer has cancelled an order"), GROUP, Urgency.NOW, (*PART, "goods")
    ),
    Kind("sale_received", _("The goods have arrived"), GROUP, Urgency.DIGEST, PART),
)
