"""App of the orders: our fork of Oscar's."""

from oscar.apps.order.apps import OrderConfig


class OrdersConfig(OrderConfig):
    """Oscar's label, our name."""

    name = "orders"
