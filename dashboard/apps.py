"""App of the dashboard, which replaces Oscar's."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    """Pages for members; holds no rules and no models."""

    name = "dashboard"
    verbose_name = _("Dashboard")
