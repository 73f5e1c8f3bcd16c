"""Kinds about listings."""

from django.utils.translation import gettext_lazy as _

from notices.kinds.base import Kind, Urgency
from notices.kinds.orders import GROUP

SHOPPER = _("whoever asked for it")
LISTING = ("vendor", "listing", "note", "link")

KINDS = (
    Kind("listing_approved", _("A listing is on sale"), GROUP, Urgency.SOON, LISTING),
    Kind("listing_returned", _("A listing needs changes"), GROUP, Urgency.SOON, LISTING),
    Kind("listing_rejected", _("A listing was refused"), GROUP, Urgency.SOON, LISTING),
    Kind("change_approved", _("A change of a listing is on sale"), GROUP, Urgency.SOON, LISTING),
    Kind("change_returned", _("A change of a listing needs something"), GROUP, Urgency.SOON, LISTING),
    Kind(
        "stock_low",
        _("Little is left of a listing"),
        GROUP,
        Urgency.DIGEST,
        ("vendor", "listing", "count", "link"),
    ),
    Kind("review_published", _("A buyer has written about goods"), GROUP, Urgency.DIGEST, LISTING),
    Kind("review_answer_refused", _("An answer to a buyer is not shown"), GROUP, Urgency.SOON, LISTING),
    Kind(
        "stock_asked",
        _("A guest confirms the wish to be told of stock"),
        SHOPPER,
        Urgency.NOW,
        ("listing", "vendor", "link"),
    ),
    Kind(
        "stock_back",
        _("Something is there again"),
        SHOPPER,
        Urgency.SOON,
        ("listing", "vendor", "link"),
    ),
    Kind(
        "follow_news",
        _("New at places and groups that somebody follows"),
        _("whoever follows them"),
        Urgency.DIGEST,
        ("count", "items", "link", "stop"),
    ),
    Kind("change_rejected", _("A change of a listing was refused"), GROUP, Urgency.SOON, LISTING),
)
