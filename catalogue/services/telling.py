"""Telling a group what was decided about its listing or a change of it."""

from django.urls import reverse

from catalogue.models import ListingChange, Product
from marketplace.lib.addresses import public_link
from vendors.services.telling import tell_members

KINDS = {
    Product.State.LIVE: "listing_approved",
    Product.State.RETURNED: "listing_returned",
    Product.State.REJECTED: "listing_rejected",
}

KINDS_OF_CHANGE = {
    ListingChange.State.APPROVED: "change_approved",
    ListingChange.State.RETURNED: "change_returned",
    ListingChange.State.REJECTED: "change_rejected",
}


def tell_of_decision(listing: Product, *, note: str) -> None:
    """Queue a notice to the group about the state that its listing has just come into; nothing for a state of its own choice.

    Called once for each event of the listing, in the transaction that wrote it.
    """
    kind = KINDS.get(Product.State(listing.state))
    if kind is None:
        return
    _tell(listing, kind, key=f"listing-event:{listing.events.latest('pk').pk}", note=note)


def tell_of_change(change: ListingChange, *, note: str) -> None:
    """The same about a proposed change; called once for each decision about it."""
    kind = KINDS_OF_CHANGE[ListingChange.State(change.state)]
    _tell(change.listing, kind, key=f"change-event:{change.events.latest('pk').pk}", note=note)


def _tell(listing: Product, kind: str, *, key: str, note: str) -> None:
    path = reverse("dashboard-listing-detail", kwargs={"pk": listing.pk})
    context = {"listing": listing.title, "note": note, "link": public_link(path)}
    tell_members(listing.vendor, kind, key=key, context=context)
