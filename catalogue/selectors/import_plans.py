"""What rows of a file would do: new, changed, unchanged, or why they cannot be taken over. Nothing is written here."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings

from catalogue.imports.cells import (
    CellRefused,
    read_content,
    read_grams,
    read_language,
    read_months,
    read_price,
    read_truth,
    read_units,
)
from catalogue.imports.columns import COLUMNS, LONGEST, TRANSLATED
from catalogue.imports.families import further_size_of
from catalogue.imports.reading import UNREADABLE
from catalogue.models import ImportRow, ListingChange, Product
from catalogue.selectors import snapshots
from catalogue.selectors.import_names import Known
from catalogue.selectors.snapshots import plain_number
from marketplace.lib.words import plain_words
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
    **TRANSLATED,
}
_COLUMNS = {
    "region": "place",
    "categories": "category",
    "identified_product": "known_for",
    "is_perishable": "perishable",
    "words_language": "language",
    "season": "season",
    "label": "size",
    "net_quantity": "content",
    "net_unit": "unit",
    "weight_grams": "weight",
}
_NOT_PROPOSED = object()


@dataclass
class Planned:
    """One row, read. words, size: fields of a snapshot that differ; price, units: None where they stay.

    record: what the row is about, None for something new; listing: the listing that a new size is added to; head: whether
    a row above makes that listing; waiting: the new size as it waits with the listing's open change; home_pk: where a listing is made that says no place. faults: {column, value, code, values of its words}.
    """

    record: StockRecord | None = None
    listing: Product | None = None
    has_head: bool = False
    waiting: Mapping[str, Any] | None = None
    home_pk: int = 0
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
        if self.record is None and self.waiting is None:
            return Plan.NEW
        changes = (self.words, self.size, self.price is not None, self.units is not None)
        return Plan.CHANGED if any(changes) else Plan.UNCHANGED

    def fault(self, column: str, value: str, code: str, **values: Any) -> None:
        """Note what is wrong with a cell."""
        self.faults.append({"column": column, "value": value[:200], "code": code, **values})


def plan_rows(vendor: Partner, rows: Sequence[ImportRow], known: Known) -> list[Planned]:
    """Plans of rows of one group's file, in their order, first sizes before others; at most seven queries."""
    keys = [sku_key(row.cells.get("sku", "")) for row in rows]
    firsts = [further_size_of(row.cells) for row in rows]
    own = {record.sku_key: record for record in _records(vendor, {*keys, *firsts} - {""})}
    foreign = set(
        StockRecord.objects.exclude(partner=vendor).filter(sku_key__in=keys).values_list("sku_key", flat=True)
    )
    listings = {whole_of(record).pk for record in own.values()}
    changes = {
        change.listing_id: change for change in ListingChange.objects.open().filter(listing__in=listings)
    }
    heads = _plans_of_heads(rows)
    planned = []
    for row, key, first in zip(rows, keys, firsts, strict=True):
        plan = Planned(own.get(key), home_pk=vendor.home_region_id, faults=list(row.faults))
        if plan.record is None:
            _look_at_new_name(plan, row.cells.get("sku", ""), is_foreign=key in foreign)
        _look_at_listing(plan, row, own.get(first) if first else None, heads=heads)
        change = changes.get(plan.listing.pk) if plan.listing else None
        plan.waiting = _waiting_size(plan, key, change)
        _read(plan, row.cells, known, change)
        heads[row.number] = plan.plan
        planned.append(plan)
    return planned


def _plans_of_heads(rows: Sequence[ImportRow]) -> dict[int, str]:
    """Number -> plan of the rows with first sizes that others of these rows name."""
    numbers = [row.head for row in rows if row.head]
    if not numbers:
        return {}
    found = ImportRow.objects.filter(job=rows[0].job_id, number__in=numbers)
    return dict(found.values_list("number", "plan"))


def _look_at_listing(
    plan: Planned, row: ImportRow, base: StockRecord | None, *, heads: Mapping[int, str]
) -> None:
    """Find the listing that the row is about: its own, that of the first size it names, or one that a row makes."""
    further = bool(further_size_of(row.cells))
    if plan.record is not None:
        plan.listing = whole_of(plan.record)
        if plan.record.product.is_removed:
            plan.fault("sku", row.cells.get("sku", ""), "sku_removed")
        if further and (base is None or whole_of(base) != plan.listing):
            plan.fault("listing", row.cells["listing"], "listing_other")
    elif base is not None:
        plan.listing = whole_of(base)
    elif further and row.head:
        plan.has_head = True
        if heads.get(row.head) == Plan.FAULTY:
            plan.fault("listing", row.cells["listing"], "listing_faulty", row=row.head)
    elif further:
        plan.fault("listing", row.cells["listing"], "listing_unknown")


def _waiting_size(plan: Planned, key: str, change: ListingChange | None) -> Mapping[str, Any] | None:
    if plan.record is not None or change is None:
        return None
    entries = [entry for entry in change.proposed.get("sizes", ()) if entry["pk"] is None]
    return next((entry for entry in entries if sku_key(entry.get("sku", "")) == key), None)


def whole_of(record: StockRecord) -> Product:
    """The listing of a stock record."""
    found: Product = record.product.parent or record.product
    return found


def _records(vendor: Partner, keys: Collection[str]) -> list[StockRecord]:
    rows = StockRecord.objects.filter(partner=vendor, sku_key__in=keys).select_related("product__parent")
    if not keys:
        return []
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
        is_further = bool(further_size_of(cells))
        for column in COLUMNS:
            is_needed = column.needed and column.name != "sku" and (column.name == "price" or not is_further)
            if is_needed and not cells.get(column.name):
                plan.fault(column.name, "", "missing")
        if is_further and not cells.get("size") and not cells.get("content"):
            plan.fault("size", "", "size_nameless")
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
        if plan.waiting is not None:
            plan.price = None if price is None or f"{price:.2f}" == plan.waiting["price"] else price
            plan.units = None if units in (None, plan.waiting["units"]) else units
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
    wanted: dict[str, Any] = {TEXTS[name]: plain_words(cells[name]) for name in TEXTS if name in cells}
    place = _cell(plan, cells, "place", known.places.find)
    category = _cell(plan, cells, "category", known.categories.find)
    perishable = _cell(plan, cells, "perishable", read_truth)
    language = _read_language(plan, cells)
    season = _cell(plan, cells, "season", read_months)
    if place is not None:
        wanted["region"] = place
    if season is not None:
        wanted["season"] = season
    if perishable is not None:
        wanted["is_perishable"] = perishable
    if language is not None:
        wanted["words_language"] = language
    product = _read_known_for(plan, cells, known, place=place)
    if product is not None:
        wanted["identified_product"] = product
    if plan.listing is None:
        # The first size says the words of a listing that is made by the same file.
        plan.words = {} if plan.has_head else {**wanted, "categories": [category] if category else []}
        return
    listing = plan.listing
    proposed: dict[str, Any] = change.proposed if change else {}
    for name, value in wanted.items():
        if value not in (_word_now(listing, name), proposed.get(name, _NOT_PROPOSED)):
            plan.words[name] = value
    kinds = {each.pk for each in listing.categories.all()} | set(proposed.get("categories", ()))
    if category is not None and category not in kinds:
        plan.words["categories"] = [category]


def _read_language(plan: Planned, cells: dict[str, str]) -> str | None:
    """The language of the row's own words, which none of its translations may be in."""
    language: str | None = _cell(plan, cells, "language", read_language)
    own = language or (plan.listing.words_language if plan.listing else settings.LANGUAGE_CODE)
    for column, field_name in TRANSLATED.items():
        if cells.get(column) and field_name.endswith(f":{own}"):
            plan.fault(column, cells[column], "language_own")
    return language


def _word_now(listing: Product, name: str) -> Any:
    if name in snapshots.TRANSLATED:
        field_name, code = snapshots.TRANSLATED[name]
        return listing.translations.get(code, {}).get(field_name, "")
    if name in ("region", "identified_product"):
        return getattr(listing, f"{name}_id")
    value = getattr(listing, name)
    return plain_words(value) if isinstance(value, str) else value


def _read_known_for(plan: Planned, cells: dict[str, str], known: Known, *, place: int | None) -> int | None:
    """The identified product of the row, which must be one of its place; so must one that the listing has already."""
    here = place or (plan.listing.region_id if plan.listing else plan.home_pk)

    def fits(key: int) -> bool:
        return known.is_of_place(key, here)

    own = plan.listing.identified_product_id if plan.listing else None
    found: int | None = _cell(
        plan, cells, "known_for", lambda text: known.find_product(text, own=own, fits=fits)
    )
    said = found or (own if place else None)
    if said and not fits(said):
        column = "known_for" if found else "place"
        plan.fault(column, cells.get(column, ""), "known_other_place")
        return None
    return found


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
    grams = _cell(plan, cells, "weight", read_grams)
    if grams is not None:
        size["weight_grams"] = grams
    if "size" in cells:
        size["label"] = plain_words(cells["size"])
    if content and unit:
        size.update(net_quantity=plain_number(content), net_unit=unit)
    plan.size = {name: value for name, value in size.items() if not _is_said(plan, name, value, change)}


def _is_said(plan: Planned, name: str, value: Any, change: ListingChange | None) -> bool:
    """Whether the size is so already, or is to become so by the change that waits."""
    if plan.waiting is not None:
        return bool(plan.waiting.get(name) == value)
    if plan.record is None:
        return False
    entries = change.proposed.get("sizes", ()) if change else ()
    proposed: dict[str, Any] = next((each for each in entries if each["pk"] == plan.record.product_id), {})
    return value in (_size_now(plan.record.product)[name], proposed.get(name))


def _size_now(size: Product) -> dict[str, Any]:
    return {
        "label": size.size_label,
        "net_quantity": plain_number(size.net_quantity),
        "net_unit": size.net_unit,
        "weight_grams": size.weight_grams,
    }


def _refuse_locked(plan: Planned, cells: dict[str, str]) -> None:
    """Words of a listing that is under review or was refused are not changed; on sale they become a proposed change."""
    listing = plan.listing
    is_new = plan.record is None
    if listing is None or not (plan.words or plan.size or is_new):
        return
    if listing.state in EDITABLE or listing.state == Product.State.LIVE:
        return
    columns = {field_name: name for name, field_name in TEXTS.items()} | _COLUMNS
    names = ["listing"] if is_new else [*plan.words, *plan.size]
    for column in dict.fromkeys(columns.get(name, name) for name in names):
        plan.fault(column, cells.get(column, ""), "locked", state=str(listing.get_state_display()))
