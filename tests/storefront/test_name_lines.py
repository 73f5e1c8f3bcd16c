"""Names of gewogs on the tiles of a map."""

import csv

import pytest
from django.conf import settings

from storefront.name_lines import LONGEST, name_lines


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Doga", ["Doga"]),
        ("Lungnyi", ["Lungnyi"]),
        ("Drametse", ["Drametse"]),
        ("Thangrong", ["Thang-", "rong"]),
        ("Phuentsholing", ["Phuen-", "tsholing"]),
        ("Sangachhoeling", ["Sanga-", "chhoeling"]),
        ("Chokhorling", ["Chokhor-", "ling"]),
        ("Lhamoi Dzingkha", ["Lhamoi", "Dzingkha"]),
        ("Hmmmmmmmmmmm", ["Hmmmmmmmmmmm"]),
    ],
)
def test_a_long_name_is_broken_before_a_syllable(name, lines):
    assert name_lines(name) == lines


def test_no_line_of_a_gewog_is_wider_than_its_tile():
    with (settings.BASE_DIR / "data" / "regions.csv").open() as file:
        gewogs = [row["name"] for row in csv.DictReader(file) if row["level"] == "gewog"]

    assert len(gewogs) > 200
    # Two letters more than stand in one line still fit in the smallest ones.
    assert max(len(line) for name in gewogs for line in name_lines(name)) <= LONGEST + 2
