"""What became of a file: counts, faults, and the file of the rows that could not be taken over."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from catalogue.imports.columns import TEMPLATE, TRANSLATED, WRITTEN
from catalogue.imports.faults import words
from catalogue.imports.reading import safe_cell
from catalogue.models import ImportJob, ImportRow, Product
from catalogue.selectors.import_names import category_codes, product_code
from catalogue.selectors.snapshots import plain_number, text_values
from vendors.models import Partner, StockRecord

Plan = ImportRow.Plan
_NAMED = ("region", "identified_product__region", "identified_product__scheme")


@dataclass(frozen=True)
class Progress:
    """Rows by what becomes of them; looked: looked at; done: taken over."""

    rows: int
    looked: int
    done: int
    new: int
    changed: int
    unchanged: int
    faulty: int

    @property
    def good(self) -> int:
        """Rows that something is to be done for, or was."""
        return self.new + self.changed


@dataclass(frozen=True)
class FaultLine:
    """One fault of a row, in words."""

    row: int
    column: str
    value: str
    remedy: str


def progress_of(job: ImportJob) -> Progress:
    """How far a file is; one query."""
    found = ImportRow.objects.filter(job=job).aggregate(
        rows=Count("pk"),
        looked=Count("pk", filter=~Q(plan="")),
        done=Count("pk", filter=Q(is_done=True)),
        **{str(plan): Count("pk", filter=Q(plan=plan)) for plan in Plan.values},
    )
    return Progress(**found)


def fault_lines(job: ImportJob, *, most: int) -> list[FaultLine]:
    """Faults in the order of the rows, those of the first rows when there are more than most; one query."""
    rows = ImportRow.objects.filter(job=job, plan=Plan.FAULTY).order_by("number")
    lines = [
        FaultLine(row.number, fault["column"], fault["value"], words(fault))
        for row in rows[:most]
        for fault in row.faults
    ]
    return lines[:most]


def error_file(job: ImportJob) -> str:
    """The rows that could not be taken over, as they were written, with the reason: to be corrected and sent again."""
    columns = [name for name in job.columns if name != "reason"]
    rows = ImportRow.objects.filter(job=job, plan=Plan.FAULTY).order_by("number")
    lines = [
        [*(row.cells.get(name, "") for name in columns), " ".join(_reason(fault) for fault in row.faults)]
        for row in rows.iterator()
    ]
    return _csv([*columns, "reason"], lines)


def export_file(vendor: Partner) -> str:
    """All listings of a group as the file that an import reads: a row for each size. Five queries.

    Words of the listing stand in each of its rows.
    """
    records = (
        StockRecord.objects.filter(partner=vendor, product__vendor=vendor, product__is_removed=False)
        .select_related(
            *(f"{whole}{name}" for whole in ("product__", "product__parent__") for name in _NAMED),
        )
        .prefetch_related("product__categories", "product__parent__categories")
        .order_by("product__parent_id", "product_id")
    )
    codes = category_codes()
    firsts: dict[int, str] = {}
    for record in records:
        if record.product.parent_id:
            firsts.setdefault(record.product.parent_id, record.partner_sku)
    return _csv(WRITTEN, (_export_row(record, codes, firsts) for record in records))


def template_file(examples: Sequence[Mapping[str, str]]) -> str:
    """An empty file with rows that show how it is filled in: cells by column."""
    return _csv(TEMPLATE, [[example[name] for name in TEMPLATE] for example in examples])


def _reason(fault: dict[str, str]) -> str:
    return f"{fault['column']}: {words(fault)}" if fault["column"] else words(fault)


def _export_row(record: StockRecord, codes: Mapping[int, str], firsts: Mapping[int, str]) -> list[str]:
    size: Product = record.product
    listing: Product = size.parent or size
    category = min(listing.categories.all(), key=lambda each: each.pk, default=None)
    texts = text_values(listing)
    values = {
        "sku": record.partner_sku,
        "listing": firsts.get(listing.pk, ""),
        "title": listing.title,
        "size": size.size_label,
        "price": f"{record.price:.2f}",
        "currency": record.price_currency,
        "stock": str(record.num_in_stock),
        "stock_seen": str(record.num_in_stock),
        "content": plain_number(size.net_quantity) or "",
        "unit": size.net_unit if size.net_quantity else "",
        "weight": str(size.weight_grams or ""),
        "place": listing.region.code,
        "known_for": product_code(listing.identified_product) if listing.identified_product else "",
        "category": codes[category.pk] if category else "",
        "description": listing.description,
        "ingredients": listing.ingredients,
        "storage": listing.storage,
        "lots": listing.lot_rule,
        "perishable": "yes" if listing.is_perishable else "no",
        "language": listing.words_language,
        **{column: texts[field] for column, field in TRANSLATED.items()},
        "season": listing.season,
        "state": str(listing.get_state_display()),
        "sold": str(record.num_allocated),
    }
    return [values[name] for name in WRITTEN]


def _csv(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A file for spreadsheets: with a mark that it is UTF-8, and no cell that would run as a formula."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(cell) for cell in line] for line in lines)
    return out.getvalue()
