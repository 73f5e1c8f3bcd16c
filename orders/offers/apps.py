"""App of the offers."""

from oscar.apps.offer.apps import OfferConfig as OscarOfferConfig


class OfferConfig(OscarOfferConfig):
    """Oscar's label and models; its pages and its applicator are not used (docs/adr/0020)."""

    name = "orders.offers"

    def ready(self) -> None:
        """Load none of Oscar's views, nor its receiver: no offer that was used is ever deleted."""
