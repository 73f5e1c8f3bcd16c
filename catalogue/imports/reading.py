"""A file as people save it from a spreadsheet, read into rows of cells: no words are guessed, what is unclear is refused."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.imports.columns import NAMES, READ

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
# Stands for a NUL, which no database keeps as text.
UNREADABLE = "\N{SYMBOL FOR NULL}"
_DELIMITERS = (",", ";", "\t")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KINDS = {
    b"PK\x03\x04": "Excel (.xlsx)",
    b"\xd0\xcf\x11\xe0": "Excel (.xls)",
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"\x1f\x8b": "gzip",
    b"<htm": "HTML",
    b"<!do": "HTML",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class FileRefused(Exception):
    """The file as a whole cannot be read. fault: a code of catalogue.imports.faults with its values."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.fault: dict[str, Any] = {"code": code, **values}


@dataclass(frozen=True)
class ParsedRow:
    """One row. number: as a spreadsheet counts; cells: by column, without empty ones; extra: cells beyond the header."""

    number: int
    cells: dict[str, str]
    extra: int = 0


@dataclass(frozen=True)
class ParsedFile:
    """columns: names of the header, in its order."""

    columns: list[str]
    rows: list[ParsedRow]


def parse(content: bytes) -> ParsedFile:
    """Read a file: UTF-8 or UTF-16, parted by comma, semicolon or tab. Raises FileRefused."""
    _refuse_other_kinds(content)
    text = _decoded(content).replace("\x00", UNREADABLE)
    delimiter, text = _delimiter(text)
    rows = _rows(text, delimiter)
    columns: list[str] = []
    found: list[ParsedRow] = []
    count = 0
    for number, cells in enumerate(rows, start=1):
        if not any(cell.strip() for cell in cells):
            continue
        if not columns:
            columns = _columns(cells)
            continue
        count += 1
        if count <= MOST_ROWS:
            found.append(_row(number, cells, columns))
    if not columns:
        raise FileRefused("file_empty")
    if not found:
        raise FileRefused("file_no_rows")
    if count > MOST_ROWS:
        raise FileRefused("file_too_many_rows", count=count, most=MOST_ROWS)
    return ParsedFile(columns, found)


def safe_cell(text: str) -> str:
    """A cell that a spreadsheet shows instead of running it as a formula; plain_cell takes the mark off again."""
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text


def plain_cell(text: str) -> str:
    """A cell without the mark of safe_cell."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*_FORMULA, "'")) else text


def _refuse_other_kinds(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise FileRefused("file_too_large", most=MOST_BYTES // 1024 // 1024)
    if not content.strip():
        raise FileRefused("file_empty")
    start = content[:4].lower() if content[:1] == b"<" else content
    for mark, kind in _KINDS.items():
        if start.startswith(mark):
            raise FileRefused("file_no_csv", kind=kind)


def _decoded(content: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    if encoding is None:
        # Every second byte of Latin text in UTF-16 is zero.
        head = content[:200]
        if head[1::2].count(0) > len(head) // 3:
            encoding = "utf-16-le"
        elif head[::2].count(0) > len(head) // 3:
            encoding = "utf-16-be"
    try:
        return content.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise FileRefused("file_encoding", row=row) from error


def _delimiter(text: str) -> tuple[str, str]:
    """What parts the cells, and the text without the line in which Excel says so."""
    first, _, rest = text.partition("\n")
    said = first.strip().lower()
    if said.startswith("sep=") and len(said) <= 5:
        return first.strip()[4:] or "\t", rest
    header = next((line for line in text.splitlines() if line.strip(" ,;\t")), "")
    return max(_DELIMITERS, key=lambda sign: _known(header, sign)), text


def _known(header: str, delimiter: str) -> tuple[int, int]:
    names = {name.strip().strip('"').lower() for name in header.split(delimiter)}
    return len(names & set(NAMES)), header.count(delimiter)


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    # Lines are kept with their ends: a cell may hold some.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    read = 0
    try:
        for cells in reader:
            read += 1
            yield cells
    except csv.Error as error:
        raise FileRefused("file_broken", row=read + 1) from error


def _columns(cells: Sequence[str]) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    if "sku" not in columns:
        raise FileRefused("header_missing")
    for name in columns:
        if columns.count(name) > 1:
            raise FileRefused("header_twice", name=name or "(empty)")
        if name not in NAMES:
            raise FileRefused("header_unknown", name=name[:40] or "(empty)", names=", ".join(READ))
    return columns


def _row(number: int, cells: Sequence[str], columns: Sequence[str]) -> ParsedRow:
    beyond = list(cells[len(columns) :])
    while beyond and not beyond[-1].strip():
        beyond.pop()
    named = {
        name: plain_cell(cell.strip()) for name, cell in zip(columns, cells, strict=False) if cell.strip()
    }
    return ParsedRow(number, named, extra=len(columns) + len(beyond) if beyond else 0)
