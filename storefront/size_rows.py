"""What the page of a listing says of each of its sizes, so that the one that is ticked can be shown without asking anew."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.shipping.options import DeliveryOption, delivery_of_each
from storefront.delivery import Destination
from storefront.offers import Offer
from vendors.models import Partner


@dataclass(frozen=True)
class SizeRow:
    """A size, or the listing itself where it has none, as it is bought alone; is_chosen: the one that the page begins with.

    delivery: its cheapest way to the place asked for; None with refusal, why there is none.
    """

    offer: Offer
    availability: str
    delivery: DeliveryOption | None
    refusal: str | Promise
    is_chosen: bool


def size_rows(
    offers: Sequence[Offer], chosen: Offer | None, *, vendor: Partner, to: Destination
) -> list[SizeRow]:
    """One row for each offer, in their order; two queries however many they are. The offers have one currency."""
    if chosen is None:
        return []
    packages = [offer.package for offer in offers]
    ways = delivery_of_each(vendor, packages, currency=chosen.currency, to_path=to.path)
    return [
        SizeRow(
            offer,
            availability_words(vendor, offer.units),
            next(iter(offered.options), None),
            offered.refusal,
            is_chosen=offer == chosen,
        )
        for offer, offered in zip(offers, ways, strict=True)
    ]


def availability_words(vendor: Partner, units: int) -> str:
    """How many are ready, and where."""
    if not units:
        return _("Sold out for now.")
    words = ngettext(
        "%(count)d ready to send from %(place)s.", "%(count)d ready to send from %(place)s.", units
    )
    return words % {"count": units, "place": vendor.home_region.name}
