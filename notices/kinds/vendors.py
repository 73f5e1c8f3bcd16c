"""Kinds about groups and their members."""

from django.utils.translation import gettext_lazy as _

from notices.kinds.base import Kind, Urgency

_GROUP = _("the group")
_MEMBER = _("the member and the chairs")
_WORK = ("person", "vendor", "role", "by", "reason", "link")
_DECIDED = ("vendor", "note", "link")
_BROADCAST = ("subject", "text", "short")
_CERTIFICATE = ("vendor", "certificate", "until", "note", "link")

KINDS: tuple[Kind, ...] = (
    Kind(
        "one_time_code",
        _("code to sign in"),
        _("whoever asked for it"),
        Urgency.NOW,
        ("code",),
        is_secret=True,
    ),
    Kind(
        "group_begun", _("application begun by an officer"), _("the chair"), Urgency.SOON, ("vendor", "link")
    ),
    Kind(
        "member_invited",
        _("invitation into a group"),
        _("whoever is invited"),
        Urgency.SOON,
        ("person", "vendor", "role", "by", "link", "until"),
    ),
    Kind("member_joined", _("new member of a group"), _MEMBER, Urgency.SOON, _WORK),
    Kind("member_role", _("other role of a member"), _MEMBER, Urgency.SOON, _WORK),
    Kind("member_left", _("member no longer works for a group"), _MEMBER, Urgency.SOON, _WORK),
    Kind("group_applied", _("application handed in"), _GROUP, Urgency.SOON, _DECIDED),
    Kind("group_returned", _("application returned with remarks"), _GROUP, Urgency.SOON, _DECIDED),
    Kind("group_approved", _("group approved"), _GROUP, Urgency.SOON, _DECIDED),
    Kind("group_suspended", _("group suspended"), _GROUP, Urgency.NOW, _DECIDED),
    Kind("group_reinstated", _("group reinstated"), _GROUP, Urgency.SOON, _DECIDED),
    Kind("group_change_approved", _("change of the group's page is shown"), _GROUP, Urgency.SOON, _DECIDED),
    Kind("group_change_returned", _("change of the group's page came back"), _GROUP, Urgency.SOON, _DECIDED),
    Kind("group_change_rejected", _("change of the group's page refused"), _GROUP, Urgency.SOON, _DECIDED),
    Kind(
        "certificate_handed_in",
        _("certificate handed in by the office"),
        _GROUP,
        Urgency.SOON,
        ("vendor", "certificate", "until", "by", "link"),
    ),
    Kind("certificate_verified", _("certificate verified"), _GROUP, Urgency.SOON, _CERTIFICATE),
    Kind("certificate_refused", _("certificate refused"), _GROUP, Urgency.SOON, _CERTIFICATE),
    Kind("certificate_withdrawn", _("certificate withdrawn"), _GROUP, Urgency.SOON, _CERTIFICATE),
    Kind(
        "certificate_corrected",
        _("certificate corrected"),
        _GROUP,
        Urgency.SOON,
        ("vendor", "certificate", "changes", "note", "link"),
    ),
    Kind(
        "certificate_ending",
        _("certificate runs out"),
        _GROUP,
        Urgency.SOON,
        ("vendor", "certificate", "until", "count", "link"),
    ),
    Kind("broadcast", _("message of the office"), _GROUP, Urgency.SOON, _BROADCAST),
    Kind("broadcast_important", _("important message of the office"), _GROUP, Urgency.NOW, _BROADCAST),
    Kind("group_closed", _("group closed for good"), _GROUP, Urgency.SOON, _DECIDED),
)
