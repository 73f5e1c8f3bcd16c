"""The room of places."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegionsConfig(AppConfig):
    """Countries, their places, and what each place is known for."""

    name = "regions"
    label = "regions"
    verbose_name = _("Places")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let open nominations follow places."""
        from regions.services.nomination_places import follow_places  # models are loaded only now

        follow_places()
