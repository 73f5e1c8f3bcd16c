"""App of the basket."""

from oscar.apps.basket.apps import BasketConfig as OscarBasketConfig


class BasketConfig(OscarBasketConfig):
    """Oscar's label and models; its pages add unpublished products and are not built."""

    name = "orders.basket"

    def ready(self) -> None:
        """Load none of Oscar's basket views."""
