"""The room of the programme office."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammeConfig(AppConfig):
    """What a programme wants to see across all rooms: coverage and impact."""

    name = "programme"
    verbose_name = _("Programme")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Pages of decisions ask the queue who has which thing."""
        from marketplace.lib.decision_admin import DecisionAdmin
        from programme.keeping import QueueClaims

        DecisionAdmin.claims = QueueClaims()
