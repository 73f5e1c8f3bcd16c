"""Drafts as a member writes them: what the form says, handed to the services one by one."""

import hashlib
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet

from catalogue.models import Product
from catalogue.services.listings import (
    ListingData,
    SizeData,
    create_listing,
    set_content,
    update_listing,
)
from catalogue.services.photos import add_photo
from catalogue.services.prices import set_price
from regions.models import IdentifiedProduct, Region
from vendors.models import Partner, StockRecord
from vendors.services.stock import set_in_stock

TOKEN_SECONDS = 24 * 60 * 60
PHOTO_SECONDS = 60 * 60
_UNDER_WAY = 0


def places_around(*homes: Region) -> QuerySet[Region]:
    """Places to choose from: each of these, what lies in and beside it, and the one above."""
    wanted = Q(pk__in=[home.pk for home in homes])
    for home in homes:
        wanted |= Q(path__startswith=_base(home))
    return Region.objects.filter(wanted).order_by("path")


def products_around(*homes: Region) -> QuerySet[IdentifiedProduct]:
    """Identified products of those places."""
    wanted = Q()
    for home in homes:
        wanted |= Q(region__path__startswith=_base(home))
    return IdentifiedProduct.objects.filter(wanted).select_related("region", "scheme").order_by("name", "pk")


def _base(home: Region) -> str:
    # A country holds a thousand places: too many to choose from on a phone.
    return str(home.parent.path) if home.parent is not None and home.parent.parent_id else str(home.path)


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


def create_draft(vendor: Partner, typed: dict[str, Any]) -> Product:
    """Write a draft from a valid form. Raises ListingError."""
    size = SizeData(
        price=typed["price"],
        units=typed["units"],
        net_quantity=typed["net_quantity"],
        net_unit=typed["net_unit"],
    )
    return create_listing(vendor, _listing_data(typed), sizes=[size])


def update_draft(listing: Product, typed: dict[str, Any], *, record: StockRecord | None) -> None:
    """Write a valid form into a draft. record: of its only size, None when it has several.

    Each step may be repeated. Raises ListingError, CountRefused.
    """
    update_listing(listing, _listing_data(typed))
    if record is None:
        return
    set_content(listing, typed["net_quantity"], net_unit=typed["net_unit"])
    price: Decimal = typed["price"]
    if price != record.price:
        set_price(record, price)
    seen = typed["seen"] if typed["seen"] is not None else record.num_in_stock
    set_in_stock(record.pk, typed["units"], seen=seen)


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


def _listing_data(typed: dict[str, Any]) -> ListingData:
    category = typed["category"]
    return ListingData(
        title=typed["title"],
        region=typed["region"],
        description=typed["description"],
        identified_product=typed["identified_product"],
        ingredients=typed["ingredients"],
        storage=typed["storage"],
        lot_rule=typed["lot_rule"],
        category_pks=[category.pk] if category else [],
    )
