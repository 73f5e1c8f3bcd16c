"""The cloth of a place: always the same, one house one look, safe to put in any page."""

import csv
import subprocess
import sys
import xml.etree.ElementTree as ET  # our own drawings only
from hashlib import sha256
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regions import weave
from regions.weave.dyes import DYES, HOUSE_OF, PALETTES
from regions.weave.strokes import short
from regions.weave.structures import STRUCTURES, Lot
from tests.regions.conftest import SHIPPED

PIECES = {"band": weave.band, "swatch": weave.swatch, "cover": weave.cover}


def codes():
    with (SHIPPED / "regions.csv").open(encoding="utf-8") as file:
        return [row["code"] for row in csv.DictReader(file)]


def summed(text):
    return sha256(text.encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("piece", "code", "expected"),
    [
        ("band", "BT", "43861b508b94cbb6"),
        ("band", "BT-33", "0b03613ae51aa36c"),
        ("band", "BT-33-TANG", "5dbb2426dd7bcea9"),
        ("band", "IN-RJ", "e78283aa130b7abf"),
        ("band", "IN-ML-740", "aeb9e5eb5602d542"),
        ("band", "TH-50", "42d538ee5474d6ab"),
        ("swatch", "BT-33", "b58e6dbec9ef66a3"),
        ("swatch", "IN-ML-740", "6a5d24b2325da874"),
        ("cover", "BT-33-TANG", "fce2dd52efb6ab58"),
        ("cover", "IN-RJ", "348c95aeab7f65c5"),
    ],
)
def test_a_place_keeps_the_cloth_it_was_given(piece, code, expected):
    assert summed(PIECES[piece](code)) == expected


def test_another_process_weaves_the_same():
    program = "from regions import weave; print(weave.band('BT-33-TANG'), end='')"

    woven = subprocess.run(
        [sys.executable, "-c", program],
        cwd=SHIPPED.parent,
        env={"PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert woven == weave.band("BT-33-TANG")


def test_the_cloth_of_every_place_can_be_drawn_small_and_safe():
    for code in codes():
        band = weave.band(code)
        drawing = ET.fromstring(band)  # noqa: S314
        assert drawing.attrib["viewBox"] == "0 0 240 25"
        assert len(band) < 6000
        assert not {"id", "href", "style", "onload"} & {
            name for node in drawing.iter() for name in node.attrib
        }
        assert {node.tag.partition("}")[2] for node in drawing.iter()} <= {"svg", "g", "path"}


def test_nearly_every_place_of_a_dzongkhag_can_be_told_from_the_others():
    bhutan = [code for code in codes() if code.startswith("BT-")]

    bands = {weave.band(code) for code in bhutan}

    assert len(bands) == len(bhutan)


def test_a_place_has_the_ground_of_the_one_above_it():
    for code in codes():
        house = "-".join(code.split("-")[:2])
        assert weave.cloth(code).dyes[0] == weave.cloth(house).dyes[0]


def test_every_dzongkhag_and_state_has_a_look_of_its_own():
    houses = [code for code in codes() if code.count("-") == 1 and not code.startswith("TH")]

    assert set(houses) | {"BT", "IN", "TH"} == set(HOUSE_OF)
    assert all(structure in STRUCTURES and palette in PALETTES for structure, palette in HOUSE_OF.values())
    looks = [HOUSE_OF[code] for code in houses]
    assert [pair for pair in combinations(looks, 2) if pair[0] == pair[1]] == []


def test_palettes_are_made_of_the_dyes():
    assert {name for palette in PALETTES.values() for name in palette} <= set(DYES)


@given(st.text(max_size=30))
def test_any_text_gives_a_cloth_of_whole_rows(code):
    woven = weave.cloth(code)

    width = len(woven.motif[0])
    assert {len(row) for row in woven.band} == {width}
    assert len(woven.band) == 25
    assert {dye for row in woven.band for dye in row} <= {0, 1, 2, 3}
    ET.fromstring(weave.band(code))  # noqa: S314


@given(st.text(max_size=20), st.lists(st.integers(1, 50), max_size=20))
def test_lots_stay_below_their_limit(name, limits):
    lot = Lot(name)

    assert all(0 <= lot.below(limit) < limit for limit in limits)


@pytest.mark.parametrize(
    ("one", "other", "share", "mixed"),
    [
        ("#000000", "#ffffff", 0, "#000000"),
        ("#000000", "#ffffff", 1, "#ffffff"),
        ("#102030", "#304050", 0.5, "#203040"),
    ],
)
def test_colours_mix_by_share(one, other, share, mixed):
    assert weave.mix(one, other, share=share) == mixed


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0"), (2.0, "2"), (0.25, "0.25"), (-0.5, "-.5"), (1.999, "2")]
)
def test_numbers_are_short(number, text):
    assert short(number) == text
