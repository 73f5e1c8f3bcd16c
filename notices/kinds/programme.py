"""Kinds about the work of the programme office."""

from django.utils.translation import gettext_lazy as _

from notices.kinds.base import Kind, Urgency
from notices.kinds.orders import GROUP

KINDS = (
    Kind(
        "misuse_changes_asked",
        _("Something shown must be changed"),
        GROUP,
        Urgency.SOON,
        ("vendor", "thing", "note", "link"),
    ),
    Kind(
        "misuse_decided",
        _("What came of a report"),
        _("whoever reported it"),
        Urgency.SOON,
        ("thing", "outcome"),
    ),
    Kind(
        "broadcast_waits",
        _("Message to groups that waits for a second person"),
        _("staff who may approve it"),
        Urgency.SOON,
        ("by", "subject", "link"),
    ),
)
