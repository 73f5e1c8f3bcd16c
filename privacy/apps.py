"""App of what is a person's own."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """Files of one's data, and the closing of accounts."""

    name = "privacy"
    verbose_name = _("Data of persons")
    default_auto_field = "django.db.models.BigAutoField"
