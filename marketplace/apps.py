"""The wiring as an app: its place in Django's start-up."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core import checks

from marketplace.celery import app as celery_app
from marketplace.checks import database_suits

__all__ = ["MarketplaceConfig", "celery_app"]


class MarketplaceConfig(AppConfig):
    """Makes our Celery application the current one in every process, and registers the database check."""

    name = "marketplace"

    def ready(self) -> None:
        """Register what needs settings."""
        checks.register(database_suits, checks.Tags.database)


class OfficeConfig(AdminConfig):
    """Django's admin, in which each row shows its own history."""

    default_site = "audit.site.OfficeSite"
