"""The small fonts hold every name of a place that the reference data brings."""

import csv
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


@pytest.mark.parametrize(
    ("font", "first", "last"),
    [("noto-serif-tibetan", "\u0f00", "\u0fff"), ("noto-sans-devanagari", "\u0900", "\u097f")],
)
def test_every_name_of_the_script_was_cut_out(font, first, last):
    cut = set((ROOT / "static" / "vendor" / font / "names.txt").read_text("utf-8").splitlines())
    with (ROOT / "data" / "regions.csv").open(encoding="utf-8", newline="") as rows:
        names = {row["local_name"] for row in csv.DictReader(rows)}

    assert {name for name in names if name and first <= name[0] <= last} <= cut


@pytest.mark.parametrize(
    ("font", "part"),
    [("noto-serif-tibetan", "names"), ("noto-sans-devanagari", "names"), ("noto-sans-thai", "400")],
)
def test_a_page_with_names_loads_little(font, part):
    folder = ROOT / "static" / "vendor" / font

    assert (folder / f"{font}-{part}.woff2").stat().st_size <= 16 * 1024
    assert (folder / "LICENSE").read_text().lower().count("sil open font license") >= 1
