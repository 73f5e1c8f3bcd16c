"""The room of the audit."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Who changed what, when, on whose behalf and why; written by triggers, never edited."""

    name = "audit"
    verbose_name = _("Audit")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the triggers; each migration brings those of the database up to date."""
        # The declarations name models of every room.
        from audit import triggers

        triggers.declare()
        post_migrate.connect(triggers.after_migrations, sender=self)
        checks.register(triggers.all_installed, checks.Tags.database)
