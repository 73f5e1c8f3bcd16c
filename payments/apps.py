"""App of the payments."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    """Money: attempts, provider events, refunds and the ledger. Not Oscar's payment app."""

    name = "payments"
    verbose_name = _("Payments")

    def ready(self) -> None:
        """Let the programme ask groups for account details, and rules follow places: lower rooms cannot look here."""
        from payments.selectors.requirements import offer_checks  # models are loaded only now
        from payments.services.places import follow_places

        offer_checks()
        follow_places()
