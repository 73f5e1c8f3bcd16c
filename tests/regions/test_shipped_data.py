"""What the shipped rows must hold beyond the rules for any rows: how many there are, and where."""

from collections import Counter
from datetime import date

import pytest

from regions.domain.reference_files import read_files
from regions.domain.reference_rules import check
from regions.services.reference_data import EDITION
from tests.regions.conftest import SHIPPED

GEWOGS = {
    "BT-11": 10, "BT-12": 11, "BT-13": 6, "BT-14": 15, "BT-15": 8, "BT-21": 12, "BT-22": 14, "BT-23": 11,
    "BT-24": 15, "BT-31": 12, "BT-32": 5, "BT-33": 4, "BT-34": 8, "BT-41": 15, "BT-42": 17, "BT-43": 11,
    "BT-44": 8, "BT-45": 11, "BT-GA": 4, "BT-TY": 8,
}  # fmt: skip


@pytest.fixture(scope="module")
def files():
    return read_files(SHIPPED, edition=EDITION)


def test_the_shipped_files_have_no_fault(files):
    assert check(files, today=date(2026, 1, 1)) == []


def test_there_are_as_many_places_of_each_level_as_there_should_be(files):
    levels = Counter(row["level"] for row in files.rows["regions.csv"])

    assert levels == {
        "country": 3, "dzongkhag": 20, "gewog": 205, "state": 36, "district": 786, "province": 77,
    }  # fmt: skip


def test_each_dzongkhag_has_its_gewogs_and_each_state_a_district(files):
    rows = files.rows["regions.csv"]

    below = Counter(row["parent_code"] for row in rows)

    assert {code: below[code] for code in GEWOGS} == GEWOGS
    assert all(below[row["code"]] for row in rows if row["level"] == "state")


def test_countries_dzongkhags_states_and_provinces_have_a_local_name(files):
    rows = files.rows["regions.csv"]

    unnamed = [
        row["code"] for row in rows if not row["local_name"] and row["level"] not in ("gewog", "district")
    ]

    assert unnamed == []


def test_local_names_are_different_below_one_place(files):
    names = Counter(
        (row["parent_code"], row["local_name"]) for row in files.rows["regions.csv"] if row["local_name"]
    )

    assert max(names.values()) == 1


def test_the_lists_are_whole(files):
    assert {name: len(rows) for name, rows in files.rows.items()} == {
        "regions.csv": 1127,
        "region_meta.csv": 1127,
        "region_aliases.csv": 385,
        "region_changes.csv": 8,
        "map_tiles.csv": 338,
        "odop_products.csv": 1028,
        "ogop_products.csv": 55,
        "gi_tags.csv": 711,
    }
    assert Counter(row["layout"] for row in files.rows["map_tiles.csv"]) == {
        "bt_dzongkhag": 20, "bt_gewog": 205, "in_state": 36, "th_province": 77,
    }  # fmt: skip
