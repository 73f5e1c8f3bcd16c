"""Kinds about returns."""

from django.utils.translation import gettext_lazy as _

from notices.kinds.base import Kind, Urgency
from notices.kinds.orders import BUYER, GROUP, ORDER

_RETURN = (*ORDER, "vendor", "goods", "reason", "on")
_PART = ("number", "vendor", "goods", "reason", "on", "link")

KINDS = (
    Kind("return_asked", _("Return asked for"), BUYER, Urgency.SOON, _RETURN),
    Kind("return_agreed", _("Return agreed, goods to be sent back"), BUYER, Urgency.SOON, _RETURN),
    Kind("return_refused", _("Return refused by the group"), BUYER, Urgency.SOON, _RETURN),
    Kind("return_at_office", _("The office looks at a return"), BUYER, Urgency.SOON, _RETURN),
    Kind("return_declined", _("Return closed without money"), BUYER, Urgency.SOON, _RETURN),
    Kind("return_ended", _("Return ended, goods stay with the buyer"), BUYER, Urgency.SOON, _RETURN),
    Kind(
        "goods_kept",
        _("Refunded, goods stay with the buyer"),
        BUYER,
        Urgency.SOON,
        (*ORDER, "vendor", "goods"),
    ),
    Kind("group_return_asked", _("A buyer asks for a return"), GROUP, Urgency.SOON, _PART),
    Kind("group_return_sent", _("Returned goods are on their way"), GROUP, Urgency.SOON, _PART),
    Kind("group_return_at_office", _("The office looks at a return"), GROUP, Urgency.SOON, _PART),
    Kind("group_return_decided", _("The office has decided a return"), GROUP, Urgency.SOON, _PART),
    Kind("group_return_withdrawn", _("A return has been given up"), GROUP, Urgency.SOON, _PART),
)
