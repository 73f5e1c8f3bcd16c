"""App of the payments."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    """Money: attempts, provider events, refunds and the ledger. Not Oscar's payment app."""

    name = "payments"
    verbose_name = _("Payments")
