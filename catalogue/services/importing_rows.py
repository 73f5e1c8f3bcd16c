"""One row of a file taken over: by the same services as the forms, with its outcome in the same transaction."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from catalogue.errors import ListingError
from catalogue.models import ImportJob, ImportRow, Product
from catalogue.selectors.import_names import Known
from catalogue.selectors.import_plans import Planned, plan_rows
from catalogue.selectors.snapshots import size_values, snapshot, translations_of
from catalogue.services.changes import Wanted, listing_data, merged, open_change, propose
from catalogue.services.listings import ListingData, SizeData, create_listing, update_listing
from catalogue.services.prices import set_price
from catalogue.services.sizes import add_size, change_size, lock_listing
from regions.models import IdentifiedProduct, Region
from vendors.domain.sku import plain_sku
from vendors.models import StockMovement
from vendors.services import stock
from vendors.services.stock import CountRefused

Plan = ImportRow.Plan
Why = StockMovement.Why


@transaction.atomic
def take_over(job: ImportJob, row_pk: int, known: Known) -> bool:
    """Take over one row that waits for it; False when it was done before or another worker has it.

    What cannot be taken over any more is marked as faulty, with the reason, and nothing of it is kept.
    Raises OperationalError when somebody holds the listing: nothing is written, and the row waits on.
    """
    waiting = ImportRow.objects.select_for_update(skip_locked=True).filter(
        pk=row_pk, job=job, is_done=False, plan__in=(Plan.NEW, Plan.CHANGED)
    )
    row = waiting.first()
    if row is None:
        return False
    planned = _done(job, row, known)
    if planned is None:
        return False
    # A row that was new when it was looked at stays so in the report, though it changes something that is there by now.
    if planned.plan in (Plan.FAULTY, Plan.UNCHANGED):
        row.plan = planned.plan
    row.faults, row.is_done = planned.faults, not planned.faults
    row.save(update_fields=["plan", "faults", "is_done"])
    return True


def _done(job: ImportJob, row: ImportRow, known: Known) -> Planned | None:
    """The row as it was taken over, or what kept it from being; None while the row with its first size waits itself."""
    planned = plan_rows(job.vendor, [row], known)[0]
    if planned.faults:
        return planned
    if planned.has_head:
        return None
    try:
        with transaction.atomic():
            _apply(job, row, planned)
    except ListingError as error:
        planned.fault("sku", row.cells.get("sku", ""), "refused", why=str(error.message))
    except CountRefused as refused:
        moved = {"in_stock": refused.in_stock, "reserved": refused.reserved}
        planned.fault("stock", row.cells.get("stock", ""), "stock_moved", **moved)
    except IntegrityError:
        again = plan_rows(job.vendor, [row], known)[0]
        if planned.record is not None or again.record is None:
            raise
        # The same file beside this one has made it meanwhile: now it is there to be changed, or as it should be.
        return _done(job, row, known)
    return planned


def _apply(job: ImportJob, row: ImportRow, planned: Planned) -> None:
    listing = planned.listing
    if listing is None:
        _create(job, row, planned)
        return
    if planned.record is None or planned.words or planned.size:
        _write_words(job, row, listing, planned)
    if planned.record is None:
        return
    if planned.price is not None:
        set_price(planned.record, planned.price)
    if planned.units is not None:
        seen = row.seen_stock if row.seen_stock is not None else planned.record.num_in_stock
        stock.set_in_stock(
            planned.record.pk,
            planned.units,
            seen=seen,
            actor=job.made_by,
            why=Why.IMPORTED,
            reference=job.file_name,
        )


def _create(job: ImportJob, row: ImportRow, planned: Planned) -> None:
    words = planned.words
    region_pk: int = words.get("region") or job.vendor.home_region.pk
    product_pk: int | None = words.get("identified_product")
    products = IdentifiedProduct.objects.select_related("region")
    create_listing(
        job.vendor,
        ListingData(
            title=words["title"],
            region=Region.objects.get(pk=region_pk),
            identified_product=products.get(pk=product_pk) if product_pk else None,
            description=words.get("description", ""),
            ingredients=words.get("ingredients", ""),
            storage=words.get("storage", ""),
            lot_rule=words.get("lot_rule", ""),
            is_perishable=words.get("is_perishable", False),
            season=words.get("season", ""),
            category_pks=words["categories"],
            words_language=words.get("words_language", settings.LANGUAGE_CODE),
            translations=translations_of(words),
        ),
        sizes=[_size_data(row, planned)],
        stock_note=_stock_note(job),
        actor=job.made_by,
    )


def _size_data(row: ImportRow, planned: Planned) -> SizeData:
    size = planned.size
    if planned.price is None or planned.units is None:
        raise ValueError("a new size needs its price")
    quantity = size.get("net_quantity")
    return SizeData(
        price=planned.price,
        units=planned.units,
        label=size.get("label", ""),
        sku=plain_sku(row.cells["sku"]),
        net_quantity=Decimal(quantity) if quantity else None,
        net_unit=size.get("net_unit", ""),
        weight_grams=size.get("weight_grams"),
    )


def _stock_note(job: ImportJob) -> dict[str, Any]:
    return stock.opening_note(Why.IMPORTED, actor=job.made_by, reference=job.file_name)


def _write_words(job: ImportJob, row: ImportRow, listing: Product, planned: Planned) -> None:
    """Write words of a draft, or propose them for a listing on sale; a new size likewise."""
    locked = lock_listing(listing.pk)
    current = snapshot(locked)
    if locked.state == Product.State.LIVE:
        values: dict[str, Any] = dict(planned.words)
        values["sizes"] = _wanted_sizes(merged(current, open_change(locked.pk))["sizes"], row, planned)
        propose(locked, Wanted(values), job.made_by, send=True)
        return
    if planned.words:
        update_listing(locked, listing_data({**current, **planned.words}), actor=job.made_by)
    if planned.record is None:
        add_size(locked, _size_data(row, planned), stock_note=_stock_note(job))
    elif planned.size:
        holder: Product = planned.record.product
        change_size(holder, {**size_values(holder), **planned.size})


def _wanted_sizes(
    sizes: Sequence[Mapping[str, Any]], row: ImportRow, planned: Planned
) -> list[Mapping[str, Any]]:
    """Sizes of a listing on sale as the row wants them, each as in a snapshot."""
    if planned.record is not None:
        pk = planned.record.product_id
        return [{**entry, **planned.size} if entry["pk"] == pk else entry for entry in sizes]
    offer: dict[str, Any] = {}
    if planned.price is not None:
        offer["price"] = f"{planned.price:.2f}"
    if planned.units is not None:
        offer["units"] = planned.units
    if planned.waiting is not None:
        return [{**entry, **planned.size, **offer} if entry == planned.waiting else entry for entry in sizes]
    plain = {"label": "", "net_quantity": None, "net_unit": "", "weight_grams": None}
    named = {"pk": None, "sku": plain_sku(row.cells["sku"])}
    return [*sizes, {**plain, **named, **planned.size, **offer}]
