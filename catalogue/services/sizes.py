"""Sizes of a listing: children with their own stock record, or the listing itself while it has only one."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction

from catalogue.errors import ListingLocked, OnlySize
from catalogue.models import Product
from catalogue.services.listings import EDITABLE_STATES, SizeData, add_child, given_sku
from catalogue.services.prices import check_price, refresh_price_from
from marketplace.lib.words import plain_words
from vendors.models import StockMovement, StockRecord

SIZE_FIELDS = ("size_label", "net_quantity", "net_unit", "weight_grams")


@transaction.atomic
def add_size(listing: Product, size: SizeData, *, stock_note: Mapping[str, Any] | None = None) -> Product:
    """Add a size to a draft, returned or withdrawn listing; returns what holds its price and stock.

    stock_note: of vendors.services.stock.opening_note. Raises ListingLocked, PriceOutOfRange.
    """
    locked = lock_listing(listing.pk)
    if locked.state not in EDITABLE_STATES:
        raise ListingLocked
    holder = write_new_size(locked, size, stock_note=stock_note)
    listing.structure = locked.structure
    return holder


@transaction.atomic
def change_size(holder: Product, values: Mapping[str, Any]) -> None:
    """Write label and content of a size of a draft, returned or withdrawn listing; values as in a snapshot.

    Raises ListingLocked.
    """
    locked = lock_listing(holder.parent_id or holder.pk)
    if locked.state not in EDITABLE_STATES:
        raise ListingLocked
    write_size(holder.pk, values)


@transaction.atomic
def remove_size(size: Product) -> bool:
    """Take a size out of its listing, whatever the listing's state; False when it is out already.

    One that was never sold is deleted. One that was sold, or lies in a basket, is offered no more and stays, so that
    orders and the history of its stock do. Raises OnlySize.
    """
    locked = lock_listing(size.parent_id or size.pk)
    others = Product.objects.filter(parent=locked, is_removed=False).exclude(pk=size.pk)
    held = Product.objects.filter(parent=locked, is_removed=False, pk=size.pk).first()
    if held is None and size.parent_id:
        return False
    if held is None or not others.exists():
        raise OnlySize
    # A sale holds this row until it is written: afterwards it is seen.
    records = list(StockRecord.objects.select_for_update(of=("self",)).filter(product=held))
    if _was_sold(held, records):
        Product.objects.filter(pk=held.pk).update(
            is_removed=True, state=Product.State.WITHDRAWN, is_public=False
        )
    else:
        held.delete()
    refresh_price_from(locked.pk)
    return True


def _was_sold(size: Product, records: Sequence[StockRecord]) -> bool:
    moved = StockMovement.objects.filter(stock_record__in=records).exclude(reserved_change=0)
    # Lines of orders and baskets, which are of rooms above, by their reverse names.
    return bool(
        any(record.num_allocated for record in records)
        or moved.exists()
        or size.line_set.exists()
        or size.basket_lines.exists()
    )


def lock_listing(pk: int) -> Product:
    """The row of a whole listing, held by the caller's transaction."""
    locked: Product = Product.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    return locked


def write_size(pk: int, values: Mapping[str, Any]) -> None:
    """Write label, content and (where it is said) weight of a size whose listing the caller holds; as in a snapshot."""
    quantity = values["net_quantity"]
    weight = {"weight_grams": values["weight_grams"]} if "weight_grams" in values else {}
    Product.objects.filter(pk=pk).update(
        size_label=plain_words(values["label"]),
        net_quantity=Decimal(quantity) if quantity else None,
        net_unit=values["net_unit"],
        **weight,
    )


def write_new_size(
    locked: Product, size: SizeData, *, stock_note: Mapping[str, Any] | None = None
) -> Product:
    """Add a size to a listing whose row the caller holds. The second one makes children of both.

    Raises PriceOutOfRange.
    """
    check_price(size.price)
    locked.refresh_from_db(fields=["structure", *SIZE_FIELDS])
    record = StockRecord.objects.filter(product=locked).first()
    if record is None and locked.structure == Product.STANDALONE:
        return _first_size(locked, size, stock_note)
    currency = record.price_currency if record else locked.price_currency
    if record is not None:
        _make_parent(locked, record)
    child = add_child(locked, size)
    _add_record(child, size, currency=currency or settings.CHARGE_CURRENCY, note=stock_note)
    refresh_price_from(locked.pk)
    return child


def _first_size(locked: Product, size: SizeData, stock_note: Mapping[str, Any] | None) -> Product:
    locked.size_label, locked.net_quantity = plain_words(size.label), size.net_quantity
    locked.net_unit, locked.weight_grams = size.net_unit, size.weight_grams
    locked.save(update_fields=SIZE_FIELDS)
    _add_record(locked, size, currency=settings.CHARGE_CURRENCY, note=stock_note)
    refresh_price_from(locked.pk)
    return locked


def _make_parent(locked: Product, record: StockRecord) -> None:
    """Give what was the only size a child of its own; orders and reservations keep its stock record."""
    own = SizeData(
        price=record.price,
        label=locked.size_label,
        net_quantity=locked.net_quantity,
        net_unit=locked.net_unit,
        weight_grams=locked.weight_grams,
    )
    child = add_child(locked, own)
    StockRecord.objects.filter(pk=record.pk).update(product=child)
    # Baskets, which are of a room above: the size may be taken out later, and with it what lies there.
    locked.basket_lines.update(product=child)
    locked.structure = Product.PARENT
    locked.size_label, locked.net_quantity, locked.net_unit = "", None, ""
    locked.weight_grams = None
    locked.save(update_fields=["structure", *SIZE_FIELDS])


def _add_record(holder: Product, size: SizeData, *, currency: str, note: Mapping[str, Any] | None) -> None:
    StockRecord.objects.create(
        product=holder,
        partner=holder.vendor,
        partner_sku=size.sku or given_sku(holder),
        price=size.price,
        price_currency=currency,
        num_in_stock=size.units,
        move_note=note,
    )
