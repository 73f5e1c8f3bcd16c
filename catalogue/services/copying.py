"""A listing copied as a draft: the quick way to the next one of its kind."""

from dataclasses import replace

from django.core.files.storage import default_storage
from django.db import transaction

from catalogue.models import Product, ProductImage
from catalogue.selectors.snapshots import sizes_of, snapshot
from catalogue.services.changes import listing_data
from catalogue.services.listings import SizeData, create_listing
from catalogue.services.photos import FOLDER
from marketplace.lib.photos import CleanPicture, store_picture
from marketplace.lib.queue import enqueue
from vendors.models import StockRecord


def copy_listing(listing: Product) -> Product:
    """A new draft of the same group with the same words, sizes, prices and photos, and nothing in the store.

    The photos are files of their own, so that one listing may lose them and the other keep them; one whose file is lost
    is left out. Raises ListingError.
    """
    photos = list(listing.images.order_by("display_order", "pk"))
    stored = [(photo, _file_copy(photo)) for photo in photos]
    try:
        with transaction.atomic():
            return _copy(listing, [(photo, name) for photo, name in stored if name])
    except Exception:
        for _photo, name in stored:
            if name:
                default_storage.delete(name)
        raise


def _copy(listing: Product, photos: list[tuple[ProductImage, str]]) -> Product:
    records = {
        record.product_id: record for record in StockRecord.objects.filter(product__in=sizes_of(listing))
    }
    sizes = [
        SizeData(
            price=records[size.pk].price,
            label=size.size_label,
            net_quantity=size.net_quantity,
            net_unit=size.net_unit,
            weight_grams=size.weight_grams,
        )
        for size in sizes_of(listing)
        if size.pk in records
    ]
    data = listing_data(snapshot(listing))
    if data.identified_product is not None and not data.identified_product.is_standing:
        # A listing keeps a product that has ended; a new one does not begin with it.
        data = replace(data, identified_product=None)
    made = create_listing(listing.vendor, data, sizes=sizes, currency=listing.price_currency)
    for place, (photo, name) in enumerate(photos):
        row = ProductImage.objects.create(
            product=made,
            original=name,
            alt_text=photo.alt_text,
            width=photo.width,
            height=photo.height,
            display_order=place,
        )
        enqueue("catalogue.make_renditions", photo_pk=row.pk)
    return made


def _file_copy(photo: ProductImage) -> str:
    try:
        with default_storage.open(str(photo.original.name)) as file:
            picture = CleanPicture(file.read(), photo.width, photo.height)
    except FileNotFoundError:
        return ""
    return store_picture(picture, folder=FOLDER)
