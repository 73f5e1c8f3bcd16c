"""Kinds about money: in, back, and out to the groups."""

from django.utils.translation import gettext_lazy as _

from notices.kinds.base import Kind, Urgency
from notices.kinds.orders import BUYER, GROUP, ORDER

PAYOUT = ("vendor", "amount", "account", "reference", "reason", "link")
DISPUTE = ("vendor", "number", "amount", "link")

KINDS = (
    Kind(
        "bank_transfer",
        _("How to pay by bank transfer"),
        BUYER,
        Urgency.NOW,
        (*ORDER, "until", "holder", "account", "bank"),
    ),
    Kind("payment_short", _("Too little was transferred"), BUYER, Urgency.NOW, (*ORDER, "amount", "missing")),
    Kind("payment_over", _("Too much was transferred"), BUYER, Urgency.SOON, (*ORDER, "amount")),
    Kind("payment_returned", _("A payment goes back whole"), BUYER, Urgency.NOW, (*ORDER, "amount")),
    Kind("cash_taken", _("A group noted cash"), BUYER, Urgency.NOW, (*ORDER, "vendor", "amount")),
    Kind(
        "cash_taken_back",
        _("Cash noted by mistake"),
        GROUP,
        Urgency.NOW,
        (*ORDER, "vendor", "amount", "reason"),
    ),
    Kind("refund_made", _("Money goes back to the buyer"), BUYER, Urgency.SOON, (*ORDER, "amount", "goods")),
    Kind("dispute_held", _("A buyer's bank asks money back"), GROUP, Urgency.SOON, DISPUTE),
    Kind("dispute_free", _("Money is held no more"), GROUP, Urgency.SOON, DISPUTE),
    Kind("dispute_lost", _("A bank took money back"), GROUP, Urgency.SOON, DISPUTE),
    Kind("payout_paid", _("Payout sent"), GROUP, Urgency.SOON, PAYOUT),
    Kind("payout_returned", _("Payout came back"), GROUP, Urgency.SOON, PAYOUT),
    Kind(
        "payout_details_given",
        _("New account details"),
        GROUP,
        Urgency.NOW,
        ("vendor", "account", "on", "contact"),
    ),
    Kind(
        "payout_details_withdrawn", _("Account details withdrawn"), GROUP, Urgency.NOW, ("vendor", "account")
    ),
)
