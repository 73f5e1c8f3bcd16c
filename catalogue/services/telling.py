"""Telling a group what was decided about its listing."""

from django.conf import settings
from django.urls import reverse

from catalogue.models import Product
from vendors.services.telling import tell_members

KINDS = {
    Product.State.LIVE: "listing_approved",
    Product.State.RETURNED: "listing_returned",
    Product.State.REJECTED: "listing_rejected",
}


def tell_of_decision(listing: Product, *, note: str) -> None:
    """Queue a notice to the group about the state that its listing has just come into; nothing for a state of its own choice.

    Called once for each event of the listing, in the transaction that wrote it.
    """
    kind = KINDS.get(Product.State(listing.state))
    if kind is None:
        return
    event = listing.events.latest("pk")
    path = reverse("dashboard-listing-detail", kwargs={"pk": listing.pk})
    tell_members(
        listing.vendor,
        kind,
        key=f"listing-event:{event.pk}",
        context={"listing": listing.title, "note": note, "link": f"{settings.SITE_URL}{path}"},
    )
