"""Faults that show only in the whole file: a name that stands twice, cells beyond the header, sizes of one listing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from catalogue.imports.columns import LISTING_COLUMNS
from catalogue.imports.reading import ParsedRow
from vendors.domain.sku import sku_key


@dataclass
class Placed:
    """A row among the others. head: number of the row with the first size of its listing, where that is another one."""

    row: ParsedRow
    head: int | None = None
    faults: list[dict[str, Any]] = field(default_factory=list)

    def fault(self, column: str, code: str, **values: Any) -> None:
        """Note what is wrong with a cell."""
        value = self.row.cells.get(column, "")[:200]
        self.faults.append({"column": column, "value": value, "code": code, **values})


def place_rows(rows: Sequence[ParsedRow], *, width: int) -> list[Placed]:
    """Each row with its place among the others. width: cells of the header."""
    first: dict[str, ParsedRow] = {}
    placed = [Placed(row) for row in rows]
    for each in placed:
        key = sku_key(each.row.cells.get("sku", ""))
        if each.row.extra:
            each.fault("", "too_many_cells", count=each.row.extra, expected=width)
        if key and key in first:
            each.fault("sku", "sku_twice", row=first[key].number)
        first.setdefault(key, each.row)
    for each in placed:
        _find_head(each, first)
    return placed


def further_size_of(cells: dict[str, str]) -> str:
    """Key of the first size that a row names; empty when it is that itself, or the only one."""
    key = sku_key(cells.get("listing", ""))
    return "" if key == sku_key(cells.get("sku", "")) else key


def _find_head(placed: Placed, first: dict[str, ParsedRow]) -> None:
    key = further_size_of(placed.row.cells)
    head = first.get(key) if key else None
    if head is None:
        return
    placed.head = head.number
    if further_size_of(head.cells):
        placed.fault("listing", "listing_chain", row=head.number, sku=head.cells["listing"][:60])
        return
    for column in LISTING_COLUMNS:
        here, there = (_words(row.cells.get(column, "")) for row in (placed.row, head))
        if here and here != there:
            placed.fault(column, "listing_differs", row=head.number)


def _words(text: str) -> str:
    return " ".join(text.split())
