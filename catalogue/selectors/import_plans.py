"""What rows of a file would do: new, changed, unchanged, or why they cannot be taken over. Nothing is written here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings

from catalogue.imports.cells import CellRefused, read_content, read_price, read_units
from catalogue.imports.columns import COLUMNS, LONGEST
from catalogue.imports.reading import UNREADABLE
from catalogue.models import ImportRow, ListingChange, Product
from catalogue.selectors.import_names import Known
from catalogue.selectors.snapshots import plain_number
from vendors.domain.sku import is_given_by_shop, plain_sku, sku_key
from vendors.models import Partner, StockRecord

Plan = ImportRow.Plan
MOST_UNITS = 100_000
EDITABLE = (Product.State.DRAFT, Product.State.RETURNED, Product.State.WITHDRAWN)
# Column -> field of a listing and of its snapshot.
TEXTS = {
    "title": "title",
    "description": "description",
    "ingredients": "ingredients",
    "storage": "storage",
    "lots": "lot_rule",
}


@dataclass
class Planned:
    """One row, read. words, size: fields of a snapshot that differ; price, units: None where they stay.

    record: what the row is about, None for a new listing; faults: {column, value, code, values of its words}.
    """

    record: StockRecord | None = None
    faults: list[dict[str, Any]] = field(default_factory=list)
    words: dict[str, Any] = field(default_factory=dict)
    size: dict[str, Any] = field(default_factory=dict)
    price: Decimal | None = None
    units: int | None = None

    @property
    def plan(self) -> str:
        """What becomes of the row."""
        if self.faults:
            return Plan.FAULTY
        if self.record is None:
            return Plan.NEW
        changes = (self.words, self.size, self.price is not None, self.units is not None)
        return Plan.CHANGED if any(changes) else Plan.UNCHANGED

    def fault(self, column: str, value: str, code: str, **values: Any) -> None:
        """Note what is wrong with a cell."""
        self.faults.append({"column": column, "value": value[:200], "code": code, **values})


def plan_rows(vendor: Partner, rows: Sequence[ImportRow], known: Known) -> list[Planned]:
    """Plans of rows of one group's file, in their order; at most six queries however many they are."""
    keys = [sku_key(row.cells.get("sku", "")) for row in rows]
    own = {record.sku_key: record for record in _records(vendor, keys)}
    foreign = set(
        StockRecord.objects.exclude(partner=vendor).filter(sku_key__in=keys).values_list("sku_key", flat=True)
    )
    listings = {whole_of(record).pk for record in own.values()}
    changes = {
        change.listing_id: change for change in ListingChange.objects.open().filter(listing__in=listings)
    }
    planned = []
    for row, key in zip(rows, keys, strict=True):
        record = own.get(key)
        plan = Planned(record, faults=list(row.faults))
        if record is None:
            _look_at_new_name(plan, row.cells.get("sku", ""), is_foreign=key in foreign)
        change = changes.get(whole_of(record).pk) if record else None
        _read(plan, row.cells, known, change)
        planned.append(plan)
    return planned


def whole_of(record: StockRecord) -> Product:
    """The listing of a stock record."""
    found: Product = record.product.parent or record.product
    return found


def same_words(text: str) -> str:
    """Words as they are compared: spreadsheets and browsers end lines differently."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _records(vendor: Partner, keys: Sequence[str]) -> list[StockRecord]:
    rows = StockRecord.objects.filter(partner=vendor, sku_key__in=keys).select_related("product__parent")
    return list(rows.prefetch_related("product__categories", "product__parent__categories"))


def _look_at_new_name(plan: Planned, sku: str, *, is_foreign: bool) -> None:
    name = plain_sku(sku)
    if not name:
        plan.fault("sku", sku, "sku_missing")
    elif is_foreign:
        plan.fault("sku", sku, "sku_foreign")
    elif is_given_by_shop(sku):
        plan.fault("sku", sku, "sku_reserved")
    elif len(name) > LONGEST["sku"] >= len(sku):
        plan.fault("sku", sku, "too_long", length=len(name), most=LONGEST["sku"])


def _read(plan: Planned, cells: dict[str, str], known: Known, change: ListingChange | None) -> None:
    readable = dict(cells)
    for name, text in cells.items():
        if UNREADABLE in text:
            plan.fault(name, text, "unreadable_sign")
            del readable[name]
        elif len(text) > LONGEST.get(name, len(text)):
            plan.fault(name, text, "too_long", length=len(text), most=LONGEST[name])
            del readable[name]
    if plan.record is None:
        for column in COLUMNS:
            if column.needed and column.name != "sku" and not cells.get(column.name):
                plan.fault(column.name, "", "missing")
    _read_offer(plan, readable)
    _read_words(plan, readable, known, change)
    _read_size(plan, readable, change)
    _refuse_locked(plan, cells)


def _cell(plan: Planned, cells: dict[str, str], name: str, read: Callable[[str], Any]) -> Any:
    """What a cell says; None when it is empty, or says nothing that can be read, which is noted."""
    text = cells.get(name, "")
    if not text:
        return None
    try:
        return read(text)
    except CellRefused as refused:
        plan.fault(name, text, refused.code, **refused.values)
        return None


def _read_offer(plan: Planned, cells: dict[str, str]) -> None:
    record = plan.record
    currency = record.price_currency if record else settings.CHARGE_CURRENCY
    if cells.get("currency", currency).upper() != currency:
        plan.fault("currency", cells["currency"], "currency_other", expected=currency)
    price = _cell(plan, cells, "price", read_price)
    units = _cell(plan, cells, "stock", lambda text: read_units(text, most=MOST_UNITS))
    seen = _cell(plan, cells, "stock_seen", lambda text: read_units(text, most=2**31 - 1))
    if record is None:
        plan.price, plan.units = price, units or 0
        return
    if price != record.price:
        plan.price = price
    # A number that was not touched since the file was made says nothing about today.
    if units is None or units in (seen, record.num_in_stock):
        return
    plan.units = units
    if seen is not None and seen != record.num_in_stock:
        moved = {"in_stock": record.num_in_stock, "reserved": record.num_allocated}
        plan.fault("stock", cells["stock"], "stock_moved", **moved)
    elif units < record.num_allocated:
        plan.fault("stock", cells["stock"], "stock_reserved", reserved=record.num_allocated)


def _read_words(plan: Planned, cells: dict[str, str], known: Known, change: ListingChange | None) -> None:
    wanted = {TEXTS[name]: same_words(cells[name]) for name in TEXTS if name in cells}
    place = _cell(plan, cells, "place", known.places.find)
    category = _cell(plan, cells, "category", known.categories.find)
    if place is not None:
        wanted["region"] = place
    if plan.record is None:
        plan.words = {**wanted, "categories": [category] if category else []}
        return
    listing = whole_of(plan.record)
    proposed: dict[str, Any] = change.proposed if change else {}
    for name, value in wanted.items():
        now = listing.region_id if name == "region" else same_words(getattr(listing, name))
        if value not in (now, proposed.get(name)):
            plan.words[name] = value
    kinds = {each.pk for each in listing.categories.all()} | set(proposed.get("categories", ()))
    if category is not None and category not in kinds:
        plan.words["categories"] = [category]


def _read_size(plan: Planned, cells: dict[str, str], change: ListingChange | None) -> None:
    unit = cells.get("unit", "").lower()
    if unit and unit not in Product.Unit.values:
        plan.fault("unit", cells["unit"], "unit_unknown")
        return
    content = _cell(plan, cells, "content", read_content)
    is_content_read = content is not None or "content" not in cells
    if is_content_read and bool(content) != bool(unit):
        plan.fault("content" if unit else "unit", cells.get("content", ""), "content_and_unit")
        return
    size: dict[str, Any] = {}
    if "size" in cells:
        size["label"] = cells["size"]
    if content and unit:
        size.update(net_quantity=plain_number(content), net_unit=unit)
    if plan.record is not None:
        now = _size_now(plan.record.product)
        pk = plan.record.product_id
        entries = change.proposed.get("sizes", ()) if change else ()
        proposed: dict[str, Any] = next((entry for entry in entries if entry["pk"] == pk), {})
        size = {name: value for name, value in size.items() if value not in (now[name], proposed.get(name))}
    plan.size = size


def _size_now(size: Product) -> dict[str, Any]:
    return {
        "label": size.size_label,
        "net_quantity": plain_number(size.net_quantity),
        "net_unit": size.net_unit,
    }


def _refuse_locked(plan: Planned, cells: dict[str, str]) -> None:
    """Words of a listing that is under review or was refused are not changed; on sale they become a proposed change."""
    if plan.record is None or not (plan.words or plan.size):
        return
    listing = whole_of(plan.record)
    if listing.state in EDITABLE or listing.state == Product.State.LIVE:
        return
    columns = {field_name: name for name, field_name in TEXTS.items()}
    columns |= {"region": "place", "categories": "category", "label": "size", "net_quantity": "content"}
    columns |= {"net_unit": "unit"}
    for name in (*plan.words, *plan.size):
        column = columns[name]
        plan.fault(column, cells.get(column, ""), "locked", state=str(listing.get_state_display()))
