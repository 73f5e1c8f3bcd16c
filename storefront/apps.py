"""App of the storefront."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StorefrontConfig(AppConfig):
    """Pages for shoppers; holds no rules and no models."""

    name = "storefront"
    verbose_name = _("Storefront")
