"""Listings follow their places: when these are renamed, and when the land goes to another place."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from catalogue.models import ListingChange, Product
from catalogue.services.listings import fits, search_words
from regions.models import IdentifiedProduct, Region
from regions.services import holders
from regions.services.placing import PlacingError

_BATCH = 500


def follow_places() -> None:
    """Have listings told of what happens to places."""
    holders.hold(holders.Holder("listing", _("listings"), _listings_at, _move))
    holders.hear_of_names(refresh_words)
    holders.hear_of_products(_name_other_product)


def refresh_words(places: Sequence[Region]) -> None:
    """Write the names of these places into the words under which their listings are found."""
    for place in places:
        refresh_rows(Product.objects.filter(region=place))


def _listings_at(place: Region) -> Any:
    rows = Product.objects.filter(region=place).exclude(structure=Product.CHILD)
    return rows.select_related("vendor").order_by("vendor__name", "pk")


def _move(keys: Sequence[int], old: Region, new: Region) -> int:
    """Listings with their sizes, and their open changes. Raises PlacingError where the known product stays behind."""
    listings = Product.objects.filter(pk__in=keys, region=old).exclude(structure=Product.CHILD).order_by("pk")
    locked = list(
        listings.select_for_update(of=("self",), no_key=True).select_related("identified_product__region")
    )
    for listing in locked:
        if listing.identified_product and not fits(listing.identified_product, new):
            raise PlacingError(
                _("“%(listing)s” belongs to the product %(product)s; place that first, or with it.")
                % {"listing": listing.title, "product": listing.identified_product.name}
            )
    found = [listing.pk for listing in locked]
    rows = Product.objects.filter(Q(pk__in=found) | Q(parent__in=found))
    rows.update(region=new)
    refresh_rows(rows)
    _rewrite("region", old.pk, new.pk, Q(listing__in=found))
    return len(found)


def _name_other_product(old: IdentifiedProduct, new: IdentifiedProduct) -> None:
    Product.objects.filter(identified_product=old).update(identified_product=new)
    _rewrite("identified_product", old.pk, new.pk, Q())


def _rewrite(field: str, old: int, new: int, listings: Q) -> None:
    """Let open changes speak of what the listing has now, so that they are not taken for written on another state."""
    stale = Q(**{f"proposed__{field}": old}) | Q(**{f"base__{field}": old})
    for change in (
        ListingChange.objects.open().filter(stale, listings).order_by("pk").select_for_update(of=("self",))
    ):
        for values in (change.proposed, change.base):
            if values.get(field) == old:
                values[field] = new
        change.save(update_fields=["proposed", "base"])


def refresh_rows(found: "QuerySet[Product]") -> int:
    """Write the words under which these rows are found, where they are others by now; returns how many were."""
    rows = found.select_related(
        "vendor", "region", "identified_product__region", "parent__identified_product__region"
    ).order_by("pk")
    words: dict[tuple[int, int, int | None, int | None], str] = {}
    changed = []
    for row in rows:
        known = row if row.structure != Product.CHILD else row.parent
        own = known.pk if known.translations else None
        key = (row.vendor_id, row.region_id, known.identified_product_id, own)
        if key not in words:
            words[key] = search_words(
                row.vendor, row.region, product=known.identified_product, translations=known.translations
            )
        if row.search_words != words[key]:
            row.search_words = words[key]
            changed.append(row)
    Product.objects.bulk_update(changed, ["search_words"], batch_size=_BATCH)
    return len(changed)
