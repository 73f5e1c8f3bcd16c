"""The shipped reference data, and copies of it to spoil."""

import csv
import shutil
from pathlib import Path

import pytest

SHIPPED = Path(__file__).resolve().parents[2] / "data"


class Copy:
    """A copy of the reference data whose cells and lines a test may spoil."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def lines(self, name):
        with (self.directory / name).open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def save(self, name, lines):
        with (self.directory / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(lines)

    def set(self, name, where, /, **cells):
        """Change cells of the first row whose cells are as in where; returns its line."""
        lines = self.lines(name)
        header = lines[0]
        number = next(
            n
            for n, line in enumerate(lines)
            if n and all(line[header.index(column)] == value for column, value in where.items())
        )
        for column, value in cells.items():
            lines[number][header.index(column)] = value
        self.save(name, lines)
        return number + 1

    def append(self, name, *rows):
        """Add rows at the end; returns the line of the last one."""
        lines = [*self.lines(name), *map(list, rows)]
        self.save(name, lines)
        return len(lines)

    def remove(self, name, where):
        """Take away the rows whose cells are as in where."""
        lines = self.lines(name)
        header = lines[0]
        self.save(
            name,
            [
                line
                for n, line in enumerate(lines)
                if not n or any(line[header.index(column)] != value for column, value in where.items())
            ],
        )

    def add_place(self, code, parent, name, *, level="gewog", **cells):
        """A place with its lines in regions.csv and region_meta.csv, and a tile where its level has a map."""
        self.append(
            "regions.csv", [code, parent, level, name, "", cells.get("lat", "27.5"), cells.get("lon", "90.5")]
        )
        self.append("region_meta.csv", [code, "", "polygon centroid", "test", ""])
        if level == "gewog":
            self.append("map_tiles.csv", ["bt_gewog", code, str(cells.get("col", 200)), "200"])

    def change(self, on, kind, code="", to_code="", *, old_name="", old_parent_code=""):
        """A line of region_changes.csv; returns it."""
        row = [on, kind, code, to_code, old_name, old_parent_code, "notification", ""]
        return self.append("region_changes.csv", row)


@pytest.fixture
def shipped():
    return SHIPPED


@pytest.fixture
def data_copy(tmp_path):
    directory = tmp_path / "data"
    directory.mkdir()
    for path in SHIPPED.glob("*.csv"):
        shutil.copy(path, directory / path.name)
    return Copy(directory)
