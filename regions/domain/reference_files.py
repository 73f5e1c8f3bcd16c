"""Reading the files of reference data: text, header and cells, each fault named by file, line and column."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from pathlib import Path

HEADERS: dict[str, tuple[str, ...]] = {
    "regions.csv": ("code", "parent_code", "level", "name", "local_name", "lat", "lon"),
    "region_meta.csv": ("code", "lgd_code", "coord_basis", "name_source", "status_note"),
    "region_aliases.csv": ("code", "alias", "kind"),
    "region_changes.csv": (
        "on", "kind", "code", "to_code", "old_name", "old_parent_code", "source", "note",
    ),
    "map_tiles.csv": ("layout", "code", "col", "row"),
    "odop_products.csv": (
        "state", "district", "product", "category", "region_code", "programme", "rank", "sector_in_source", "source",
    ),
    "ogop_products.csv": (
        "product", "category", "gewog", "dzongkhag", "region_code", "programme", "year_of_source", "note", "source",
    ),
    "gi_tags.csv": (
        "country", "gi_serial", "application_number", "name", "class", "states", "region_codes", "year", "filed",
        "registered_window", "status", "note", "source",
    ),
}  # fmt: skip

# A cell may be at most this long: what the database can hold. The rest of the columns are checked by their rules.
LIMITS: dict[str, dict[str, int]] = {
    "regions.csv": {"code": 40, "name": 80, "local_name": 80},
    "region_meta.csv": {"lgd_code": 8, "coord_basis": 120, "name_source": 255, "status_note": 255},
    "region_aliases.csv": {"alias": 120, "kind": 60},
    "region_changes.csv": {"code": 40, "old_name": 80, "source": 400, "note": 255},
    "odop_products.csv": {
        "product": 160, "category": 60, "programme": 120, "sector_in_source": 60, "rank": 20, "source": 400,
    },
    "ogop_products.csv": {"product": 160, "category": 60, "programme": 120, "note": 255, "source": 400},
    "gi_tags.csv": {
        "application_number": 40, "name": 120, "states": 160, "filed": 60, "registered_window": 60, "status": 80,
        "note": 255, "source": 400,
    },
}  # fmt: skip

# Nothing may have changed yet.
_MAY_BE_EMPTY = frozenset({"region_changes.csv"})

_MISREAD = re.compile(
    "\u00c3[\u0080-\u00bf]|\u00e2\u20ac|\u00e0\u00a4|\ufffd"
)  # UTF-8 once taken for Latin-1
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u200b\ufeff]")


@dataclass(frozen=True)
class Problem:
    """A fault in a file: where it is, what stands there, and what to do. line and column are 0 and "" for a whole file."""

    file: str
    line: int
    column: str
    value: str
    remedy: str

    def __str__(self) -> str:
        where = self.file
        if self.line:
            where += f", line {self.line}"
        if self.column:
            where += f", column {self.column}"
        return (
            f"{where}: {self.value!r}: {self.remedy}"
            if self.value or self.column
            else f"{where}: {self.remedy}"
        )


@dataclass(frozen=True)
class Row:
    """One line of a file, by column name; line counts from 1, the header included."""

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def problem(self, column: str, remedy: str) -> Problem:
        """A fault of this row in that column."""
        return Problem(self.file, self.line, column, self.cells[column], remedy)


@dataclass(frozen=True)
class Files:
    """The rows of every file, the faults found in reading, and a fingerprint of the bytes.

    incomplete: files of which lines, or all of it, could not be read.
    """

    rows: Mapping[str, list[Row]]
    problems: list[Problem]
    incomplete: frozenset[str]
    fingerprint: str


def fingerprint(directory: Path, *, edition: int) -> str:
    """A sum over names and bytes of all files; a missing file counts as empty. edition: of the rules that read them."""
    summed = sha256(f"edition {edition}".encode())
    for name in HEADERS:
        path = directory / name
        content = path.read_bytes() if path.is_file() else b""
        summed.update(f"\n{name} {len(content)}\n".encode() + content)
    return summed.hexdigest()


def read_files(directory: Path, *, edition: int) -> Files:
    """All files of a directory. Never raises for their content: faults are listed, faulty lines left out."""
    rows: dict[str, list[Row]] = {}
    problems: list[Problem] = []
    incomplete = set()
    for name in HEADERS:
        rows[name], faults = _read(directory, name)
        problems += faults
        if faults:
            incomplete.add(name)
        for row in rows[name]:
            problems += _cell_problems(row)
    return Files(rows, problems, frozenset(incomplete), fingerprint(directory, edition=edition))


def _read(directory: Path, name: str) -> tuple[list[Row], list[Problem]]:
    path = directory / name
    if not path.is_file():
        return [], [Problem(name, 0, "", "", f"not found in {directory}; put the file there")]
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return [], [Problem(name, line, "", "", "not UTF-8; save the file as UTF-8")]
    if text.startswith("\ufeff"):
        return [], [Problem(name, 1, "", "", "starts with a byte order mark; save without one")]
    if "\r" in text:
        return [], [Problem(name, 0, "", "", "has carriage returns; save with line feeds only")]
    try:
        return _rows(name, text)
    except csv.Error as error:
        return [], [Problem(name, 0, "", "", f"not readable as CSV ({error}); check the quotation marks")]


def _rows(name: str, text: str) -> tuple[list[Row], list[Problem]]:
    header = HEADERS[name]
    reader = csv.reader(StringIO(text), strict=True)
    first = next(reader, [])
    if tuple(first) != header:
        return [], [Problem(name, 1, "", ",".join(first), f"wrong header; it must be {','.join(header)}")]
    rows: list[Row] = []
    problems: list[Problem] = []
    for fields in reader:
        if len(fields) != len(header):
            found = f"{len(fields)} fields, {len(header)} expected; check commas and quotation marks"
            problems.append(Problem(name, reader.line_num, "", ",".join(fields)[:80], found))
            continue
        rows.append(Row(name, reader.line_num, dict(zip(header, fields, strict=True))))
    if not rows and not problems and name not in _MAY_BE_EMPTY:
        problems.append(Problem(name, 0, "", "", "has no rows; restore the file"))
    return rows, problems


def _cell_problems(row: Row) -> Iterator[Problem]:
    limits = LIMITS.get(row.file, {})
    for column, value in row.cells.items():
        if value != value.strip():
            yield row.problem(column, "space at its beginning or end; remove it")
        if _MISREAD.search(value):
            yield row.problem(
                column, "characters garbled by a wrong encoding; take them from the source again"
            )
        if _HIDDEN.search(value):
            yield row.problem(column, "invisible characters; remove them")
        if len(value) > limits.get(column, 255):
            yield row.problem(column, f"longer than {limits.get(column, 255)} characters; shorten it")
