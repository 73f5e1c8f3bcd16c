"""Kinds about products that places propose."""

from django.utils.translation import gettext_lazy as _

from notices.kinds.base import Kind, Urgency

_PROPOSER = _("whoever proposed it")
_ABOUT = ("thing", "place", "note", "link")

KINDS = (
    Kind(
        "nomination_waits",
        _("Nomination that waits for a decision"),
        _("staff who may recommend or approve it"),
        Urgency.SOON,
        ("by", "thing", "place", "link"),
    ),
    Kind("nomination_recommended", _("Nomination was recommended"), _PROPOSER, Urgency.DIGEST, _ABOUT),
    Kind("nomination_returned", _("Nomination was returned"), _PROPOSER, Urgency.SOON, _ABOUT),
    Kind("nomination_approved", _("Nomination was approved"), _PROPOSER, Urgency.SOON, (*_ABOUT, "on")),
    Kind("nomination_refused", _("Nomination was refused"), _PROPOSER, Urgency.SOON, _ABOUT),
    Kind("nomination_ended", _("Nomination ended with its place"), _PROPOSER, Urgency.SOON, _ABOUT),
    Kind(
        "nominations_decided",
        _("What a committee decided"),
        _PROPOSER,
        Urgency.SOON,
        ("subject", "count", "decided", "link"),
    ),
)
