"""App of the vendors: our fork of Oscar's partner."""

from django.utils.translation import gettext_lazy as _
from oscar.apps.partner.apps import PartnerConfig


class VendorsConfig(PartnerConfig):
    """Oscar's label, our name."""

    name = "vendors"
    verbose_name = _("Producer groups")

    def ready(self) -> None:
        """Let groups follow places. Stock alerts are found by query, and Oscar's receiver writes on each sale."""
        from vendors.services.places import follow_places  # models are loaded only now

        follow_places()
