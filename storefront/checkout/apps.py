"""App of the checkout: our fork of Oscar's."""

from oscar.apps.checkout.apps import CheckoutConfig as OscarCheckoutConfig


class CheckoutConfig(OscarCheckoutConfig):
    """Oscar's label; its checkout thaws baskets and charges before an order exists, so none of it is built."""

    name = "storefront.checkout"

    def ready(self) -> None:
        """Load none of Oscar's checkout views."""
