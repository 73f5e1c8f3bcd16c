"""Kinds to staff of the programme."""

from django.utils.translation import gettext_lazy as _

from notices.kinds.base import Kind, Urgency

KINDS = (Kind("staff_alert", _("Something needs a person"), _("staff"), Urgency.NOW, ("subject", "detail")),)
