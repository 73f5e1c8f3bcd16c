"""App of the delivery methods."""

from oscar.apps.shipping.apps import ShippingConfig as OscarShippingConfig


class ShippingConfig(OscarShippingConfig):
    """Oscar's label, our methods per group."""

    name = "orders.shipping"
