"""Kinds to staff of the programme, and the daily message."""

from django.utils.translation import gettext_lazy as _

from notices.kinds.base import Kind, Urgency

KINDS = (
    Kind(
        "daily_digest", _("The daily message"), _("everybody who wants it"), Urgency.NOW, ("count", "items")
    ),
    Kind("text_trial", _("Trial of a text"), _("staff"), Urgency.NOW, ("subject", "text")),
    Kind("staff_alert", _("Something needs a person"), _("staff"), Urgency.NOW, ("subject", "detail")),
)
