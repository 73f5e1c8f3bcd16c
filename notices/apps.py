"""App of the notices: our fork of Oscar's communication."""

from django.utils.translation import gettext_lazy as _
from oscar.apps.communication.apps import CommunicationConfig


class NoticesConfig(CommunicationConfig):
    """Oscar's label, our name."""

    name = "notices"
    verbose_name = _("Notices")
