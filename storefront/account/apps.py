"""App of the account pages: our fork of Oscar's customer."""

from oscar.apps.customer.apps import CustomerConfig


class AccountConfig(CustomerConfig):
    """Oscar's label and table of stock alerts; its pages are not built."""

    name = "storefront.account"

    def ready(self) -> None:
        """Load none of Oscar's account views."""
