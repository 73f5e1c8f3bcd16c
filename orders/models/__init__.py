"""Orders, vendor orders, and what belongs to them. Oscar's models of the app come last, as a fork asks."""

from orders.models.discounts import OrderDiscount, OrderLineDiscount
from orders.models.order import Order, OrderEvent, ShippingAddress
from orders.models.rates import CommissionRule, TaxRate
from orders.models.returns import Return, ReturnEvent, ReturnItem, ReturnPhoto
from orders.models.reviews import Review, ReviewAnswer, ReviewAnswerEvent, ReviewEvent
from orders.models.shipment import Package, PackageLine, Shipment
from orders.models.vendor_order import Line, VendorOrder, VendorOrderEvent

# isort: split
from oscar.apps.order.models import *  # noqa: F403 - Oscar: a fork's own models come first

__all__ = [
    "CommissionRule",
    "Line",
    "Order",
    "OrderDiscount",
    "OrderEvent",
    "OrderLineDiscount",
    "Package",
    "PackageLine",
    "Return",
    "ReturnEvent",
    "ReturnItem",
    "ReturnPhoto",
    "Review",
    "ReviewAnswer",
    "ReviewAnswerEvent",
    "ReviewEvent",
    "Shipment",
    "ShippingAddress",
    "TaxRate",
    "VendorOrder",
    "VendorOrderEvent",
]
