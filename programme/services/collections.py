"""Which listings stand in a collection, and in which order."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from catalogue.models import Product
from programme.errors import CurationError
from programme.models import Collection, CollectionListing
from programme.policies import can_edit

MOST_LISTINGS = 48


@transaction.atomic
def add_listing(collection: Collection, listing: Product, *, actor: Any) -> bool:
    """Put a listing at the end of a collection; False when it stands there already.

    Raises CurationError for a size, goods of elsewhere, a full collection, and somebody who may not change it.
    """
    locked = _lock(collection, actor)
    if listing.is_child:
        raise CurationError(_("Choose the listing, not one of its sizes."))
    if locked.region and not listing.region.path.startswith(locked.region.path):
        words = _("%(listing)s does not come from %(place)s.")
        raise CurationError(words % {"listing": listing.title, "place": locked.region.name})
    there = CollectionListing.objects.filter(collection=locked)
    if there.filter(listing=listing).exists():
        return False
    if there.count() >= MOST_LISTINGS:
        words = _("A collection holds at most %(count)d listings. Take one out first.")
        raise CurationError(words % {"count": MOST_LISTINGS})
    last: int | None = there.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    CollectionListing.objects.create(collection=locked, listing=listing, position=position)
    return True


@transaction.atomic
def remove_listing(collection: Collection, listing_pk: int, *, actor: Any) -> bool:
    """Take a listing out; False when it does not stand there. Raises CurationError for somebody who may not change it."""
    locked = _lock(collection, actor)
    found, _rows = CollectionListing.objects.filter(collection=locked, listing=listing_pk).delete()
    return bool(found)


@transaction.atomic
def move_listing(collection: Collection, listing_pk: int, *, place: int, actor: Any) -> bool:
    """Put a listing at this place, 0 being the first; sent twice it stands there once. False when it stood there.

    Raises CurationError for somebody who may not change it.
    """
    locked = _lock(collection, actor)
    rows = list(CollectionListing.objects.filter(collection=locked).order_by("position", "pk"))
    order = [row.listing_id for row in rows]
    if listing_pk not in order or order.index(listing_pk) == place:
        return False
    moved = rows.pop(order.index(listing_pk))
    rows.insert(max(place, 0), moved)
    for position, row in enumerate(rows):
        row.position = position
    CollectionListing.objects.bulk_update(rows, ["position"])
    return True


def _lock(collection: Collection, actor: Any) -> Collection:
    locked = Collection.objects.select_for_update(of=("self",)).select_related("region").get(pk=collection.pk)
    if not can_edit(actor, locked):
        raise CurationError(_("This collection is changed by those who decide about it."))
    return locked
