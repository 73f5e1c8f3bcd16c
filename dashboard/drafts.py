"""Drafts as a member writes them: what the form says, handed to the services one by one."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet

from catalogue.domain.seasons import season_of
from catalogue.models import Product
from catalogue.selectors.snapshots import size_values, sizes_of, translations_of
from catalogue.services.listings import (
    ListingData,
    SizeData,
    create_listing,
    update_listing,
)
from catalogue.services.photos import add_photo
from catalogue.services.prices import set_price
from catalogue.services.sizes import add_size, change_size
from regions.models import IdentifiedProduct, Region
from vendors.models import Partner, StockRecord
from vendors.services.stock import set_in_stock

TOKEN_SECONDS = 24 * 60 * 60
PHOTO_SECONDS = 60 * 60
_UNDER_WAY = 0


def products_of(region: Region | None, *, held: Collection[int] = ()) -> QuerySet[IdentifiedProduct]:
    """Identified products that a listing of this place may belong to: of the place, within it, and of those above it.

    held: keys of those that it has, and may keep when their time is over.
    """
    if region is None:
        return IdentifiedProduct.objects.none()
    fitting = Q(region__path__startswith=region.path) | Q(region__code__in=region.codes)
    stands = Q(pk__in=IdentifiedProduct.objects.standing().values("pk")) | Q(pk__in=held)
    rows = IdentifiedProduct.objects.filter(fitting, stands).select_related("region", "scheme")
    # A country holds a thousand: too many to choose from on a phone.
    return rows.order_by("-region__depth", "name", "pk") if region.parent_id else rows.filter(region=region)


def create_once(token: str, create: Callable[[], Product]) -> tuple[int | None, bool]:
    """Key of the listing that a form makes, and whether this call made it: once however often the form is sent.

    token: random, one per form shown. The key is None while another request handles the same form.
    """
    key = f"dashboard-draft:{token}"
    if not cache.add(key, _UNDER_WAY, TOKEN_SECONDS):
        made: int | None = cache.get(key)
        return made or None, False
    try:
        listing = create()
    except Exception:
        # What failed may be sent again.
        cache.delete(key)
        raise
    cache.set(key, listing.pk, TOKEN_SECONDS)
    return int(listing.pk), True


def create_draft(vendor: Partner, typed: dict[str, Any], *, actor: Any = None) -> Product:
    """Write a draft from a valid form. Raises ListingError."""
    return create_listing(vendor, listing_data(vendor, typed), sizes=_typed_size(typed), actor=actor)


def update_draft(
    listing: Product,
    typed: dict[str, Any],
    *,
    record: StockRecord | None,
    sizes: Sequence[dict[str, Any]] = (),
    actor: Any = None,
) -> None:
    """Write a valid form into a draft. record: of its only size, None when it has several, or none yet.

    sizes: those of a listing with several, as in a snapshot, and new ones. Each step may be repeated, new sizes
    apart. Raises ListingError, CountRefused.
    """
    update_listing(listing, listing_data(listing.vendor, typed), actor=actor)
    if record is not None:
        _update_only_size(listing, typed, record)
    elif "price" in typed:
        for first in _typed_size(typed):
            add_size(listing, first)
    for size in sizes:
        if size["pk"] is None:
            _add_size(listing, size)
        else:
            change_size(Product.objects.get(pk=size["pk"], parent=listing), size)


def _update_only_size(listing: Product, typed: dict[str, Any], record: StockRecord) -> None:
    words = {
        "label": typed["size_label"].strip(),
        "net_quantity": typed["net_quantity"],
        "net_unit": typed["net_unit"] if typed["net_quantity"] else "",
        "weight_grams": typed["weight_grams"],
    }
    change_size(listing, words)
    price: Decimal | None = typed["price"]
    if price is not None and price != record.price:
        set_price(record, price)
    seen = typed["seen"] if typed["seen"] is not None else record.num_in_stock
    if typed["units"] is not None:
        set_in_stock(record.pk, typed["units"], seen=seen)


def _add_size(listing: Product, size: dict[str, Any]) -> None:
    quantity = size["net_quantity"]
    data = SizeData(
        price=Decimal(size["price"]),
        units=size["units"],
        label=size["label"],
        net_quantity=Decimal(quantity) if quantity else None,
        net_unit=size["net_unit"],
        weight_grams=size["weight_grams"],
    )
    # A form sent twice adds its size once: none is made like one that is there.
    if any(size_values(each) == {**size_values(each), **_plain(size)} for each in sizes_of(listing)):
        return
    add_size(listing, data)


def _plain(size: dict[str, Any]) -> dict[str, Any]:
    return {name: size[name] for name in ("label", "net_quantity", "net_unit")}


def _typed_size(typed: dict[str, Any]) -> list[SizeData]:
    if typed["price"] is None:
        return []
    return [
        SizeData(
            price=typed["price"],
            units=typed["units"] or 0,
            label=typed["size_label"].strip(),
            net_quantity=typed["net_quantity"],
            net_unit=typed["net_unit"] if typed["net_quantity"] else "",
            weight_grams=typed["weight_grams"],
        )
    ]


def add_photos(listing: Product, uploads: "Iterable[UploadedFile[Any]]") -> int:
    """Add photos in their order; returns how many. Raises PhotoRefused at the first that is none, ListingLocked.

    A form sent twice adds its photos once: the same file is not taken again while its photo is there.
    """
    return sum(_add_photo_once(listing, upload) for upload in uploads)


def _add_photo_once(listing: Product, upload: "UploadedFile[Any]") -> bool:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    key = f"dashboard-photo:{listing.pk}:{digest.hexdigest()}"
    if not cache.add(key, _UNDER_WAY, PHOTO_SECONDS):
        made: int | None = cache.get(key)
        if made == _UNDER_WAY or listing.images.filter(pk=made).exists():
            return False
    try:
        photo = add_photo(listing, upload)
    except Exception:
        cache.delete(key)
        raise
    cache.set(key, photo.pk, PHOTO_SECONDS)
    return True


def listing_data(vendor: Partner, typed: dict[str, Any]) -> ListingData:
    """Words and place of a valid form; a place that is not said is the group's own."""
    category = typed["category"]
    return ListingData(
        title=typed["title"],
        region=typed["region"] or vendor.home_region,
        description=typed["description"],
        identified_product=typed["identified_product"],
        ingredients=typed["ingredients"],
        storage=typed["storage"],
        lot_rule=typed["lot_rule"],
        is_perishable=typed["is_perishable"],
        season=season_of(typed["season_from"], typed["season_until"]),
        category_pks=[category.pk] if category else [],
        words_language=typed["words_language"],
        translations=translations_of(typed),
    )
