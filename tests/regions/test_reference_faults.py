"""Each kind of fault in the reference data is named by file, line, column and value, and then nothing is loaded."""

import pytest

from regions.models import GeographicalIndication, IdentifiedProduct, MapTile, Region, RegionAlias, Scheme
from regions.services.reference_data import InvalidReferenceData, load

pytestmark = pytest.mark.django_db

PARO, SHILLONG, GI = {"code": "BT-11"}, {"region_code": "IN-ML-276"}, {"gi_serial": "1"}
DOGA = {"code": "BT-11-DOGA"}
TILE = {"layout": "bt_dzongkhag", "code": "BT-11"}
KHOMA = {"region_code": "BT-44-KHOMA"}

SPOILT_CELLS = [
    ("regions.csv", PARO, "level", "valley", "no such level"),
    ("regions.csv", PARO, "name", "", "empty"),
    ("regions.csv", DOGA, "code", "BT-11-doga", "not the form of a gewog code"),
    ("regions.csv", DOGA, "parent_code", "BT-99", "no such place"),
    ("regions.csv", DOGA, "parent_code", "IN-BR", "is a state; a gewog is part of a dzongkhag"),
    ("regions.csv", DOGA, "parent_code", "", "no such place"),
    ("regions.csv", {"code": "BT"}, "parent_code", "IN", "a country is part of nothing"),
    ("regions.csv", PARO, "lat", "far", "not a number of degrees"),
    ("regions.csv", PARO, "lat", "nan", "not a number of degrees"),
    ("regions.csv", PARO, "lat", "37.1234", "outside the country"),
    ("regions.csv", PARO, "lon", "12.0", "outside the country"),
    ("regions.csv", PARO, "lon", "", "half a point"),
    ("regions.csv", PARO, "local_name", "སྤ་ro", "no single script"),
    ("regions.csv", PARO, "local_name", "Paro", "foreign to BT"),
    ("regions.csv", PARO, "local_name", "पारो", "foreign to BT"),
    ("regions.csv", PARO, "name", " Paro", "space at its beginning or end"),
    ("regions.csv", PARO, "name", "Pa\u200bro", "invisible characters"),
    ("regions.csv", PARO, "name", "Par\u00c3\u00b3", "garbled"),
    ("regions.csv", PARO, "name", "P" * 81, "longer than 80 characters"),
    ("region_meta.csv", DOGA, "code", "BT-11-NOWHERE", "no such place"),
    ("region_meta.csv", {"code": "IN-ML-276"}, "lgd_code", "277", "is not the number at the end of the code"),
    ("region_meta.csv", PARO, "coord_basis", "none", "does not fit regions.csv"),
    ("region_aliases.csv", DOGA, "code", "BT-00", "no such place"),
    ("region_aliases.csv", DOGA, "alias", "", "empty"),
    ("map_tiles.csv", TILE, "layout", "bt_moon", "no such map"),
    ("map_tiles.csv", TILE, "col", "-1", "not a whole number"),
    ("map_tiles.csv", TILE, "code", "BT-11-DOGA", "not a dzongkhag"),
    ("odop_products.csv", SHILLONG, "product", "", "empty"),
    ("odop_products.csv", SHILLONG, "category", "Things", "no such category"),
    ("odop_products.csv", SHILLONG, "programme", "OGOP", "no such programme"),
    ("odop_products.csv", SHILLONG, "region_code", "IN-ML", "not a district"),
    ("odop_products.csv", SHILLONG, "district", "Paro", "the code stands for"),
    ("odop_products.csv", SHILLONG, "state", "Assam", "the code stands for Meghalaya"),
    ("ogop_products.csv", KHOMA, "region_code", "IN-BR", "not a gewog or dzongkhag"),
    ("ogop_products.csv", KHOMA, "region_code", "", "a place without its code"),
    ("ogop_products.csv", KHOMA, "gewog", "Radhi", "the code stands for Khoma"),
    ("ogop_products.csv", KHOMA, "dzongkhag", "Paro", "the code stands for Lhuentse"),
    ("ogop_products.csv", KHOMA, "year_of_source", "lately", "not a year"),
    ("gi_tags.csv", GI, "country", "India", "not an ISO 3166 code"),
    ("gi_tags.csv", GI, "gi_serial", "first", "not a serial number"),
    ("gi_tags.csv", GI, "class", "Beverage", "no such class"),
    ("gi_tags.csv", GI, "year", "3022", "not a year"),
    ("gi_tags.csv", GI, "region_codes", "IN-XX", "IN-XX is no place of IN"),
    ("gi_tags.csv", GI, "region_codes", "BT-11", "BT-11 is no place of IN"),
    ("gi_tags.csv", GI, "region_codes", "", "a GI of India belongs to a state at least"),
    ("gi_tags.csv", GI, "source", "", "empty"),
]


def faults(directory):
    """The faults that loading finds; asserts that nothing at all was loaded."""
    with pytest.raises(InvalidReferenceData) as refused:
        load(directory)
    for model in (Region, RegionAlias, MapTile, Scheme, IdentifiedProduct, GeographicalIndication):
        assert model.objects.count() == 0
    return refused.value.problems


@pytest.mark.parametrize(
    ("name", "where", "column", "value", "remedy"),
    SPOILT_CELLS,
    ids=[f"{name[:-4]}-{column}-{remedy[:24]}" for name, _, column, _, remedy in SPOILT_CELLS],
)
def test_a_spoilt_cell_is_named(data_copy, name, where, column, value, remedy):
    line = data_copy.set(name, where, **{column: value})
    if remedy == "a place without its code":
        column, value = "gewog", "Khoma"

    found = faults(data_copy.directory)

    named = [fault for fault in found if (fault.file, fault.line, fault.column) == (name, line, column)]
    assert any(remedy in fault.remedy and fault.value == value for fault in named), [str(f) for f in found]


@pytest.mark.parametrize(
    ("name", "where", "cells", "column"),
    [
        ("regions.csv", PARO, {}, "code"),
        ("regions.csv", DOGA, {"code": "BT-11-OTHER"}, "name"),
        ("region_meta.csv", PARO, {}, "code"),
        ("region_meta.csv", {"code": "IN-ML-276"}, {"code": "IN-ML-277"}, "lgd_code"),
        ("region_aliases.csv", DOGA, {"alias": "DOGAR"}, "alias"),
        ("map_tiles.csv", TILE, {"col": "90"}, "code"),
        ("map_tiles.csv", TILE, {"code": "BT-12"}, "col"),
        ("odop_products.csv", SHILLONG, {}, "product"),
        ("ogop_products.csv", KHOMA, {}, "product"),
        ("gi_tags.csv", GI, {}, "gi_serial"),
        ("gi_tags.csv", {"gi_serial": ""}, {}, "name"),
    ],
)
def test_a_row_that_stands_twice_is_named_with_the_line_of_the_first(data_copy, name, where, cells, column):
    first = data_copy.set(name, where)
    lines = data_copy.lines(name)
    copied = [cells.get(head, value) for head, value in zip(lines[0], lines[first - 1], strict=True)]
    line = data_copy.append(name, copied)

    found = faults(data_copy.directory)

    assert any(
        (fault.file, fault.line, fault.column) == (name, line, column)
        and fault.remedy == f"stands in line {first} already; keep one of the two"
        for fault in found
    ), [str(fault) for fault in found]


def test_every_fault_is_named_not_only_the_first(data_copy):
    lines = {
        ("regions.csv", data_copy.set("regions.csv", PARO, name=" Paro")),
        ("odop_products.csv", data_copy.set("odop_products.csv", SHILLONG, category="Things")),
        ("gi_tags.csv", data_copy.set("gi_tags.csv", GI, year="3022")),
        ("map_tiles.csv", data_copy.append("map_tiles.csv", ["bt_gewog", "BT-11-DOGA"])),
    }

    found = faults(data_copy.directory)

    assert lines <= {(fault.file, fault.line) for fault in found}


def test_a_place_without_description_or_tile_is_named(data_copy):
    data_copy.remove("region_meta.csv", DOGA)
    data_copy.remove("map_tiles.csv", {"code": "BT-11-DOGA"})
    line = data_copy.set("regions.csv", DOGA)

    found = faults(data_copy.directory)

    assert [(fault.file, fault.line, fault.value, fault.remedy) for fault in found] == [
        ("regions.csv", line, "BT-11-DOGA", "has no line in region_meta.csv; add one"),
        ("regions.csv", line, "BT-11-DOGA", "has no tile of bt_gewog in map_tiles.csv; add one"),
    ]


@pytest.mark.parametrize("name", ["regions.csv", "gi_tags.csv"])
def test_a_missing_file_is_named(data_copy, name):
    (data_copy.directory / name).unlink()

    found = faults(data_copy.directory)

    assert (name, 0) in {(fault.file, fault.line) for fault in found}
    assert "put the file there" in str(found[0])


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"code,alias,kind\nBT-11,Par\xf3,spelling\n", 2, "not UTF-8"),
        (b"\xef\xbb\xbfcode,alias,kind\n", 1, "byte order mark"),
        (b"code,alias,kind\r\nBT-11,Paaro,spelling\r\n", 0, "carriage returns"),
        (b"code;alias;kind\n", 1, "wrong header"),
        (b"", 1, "wrong header"),
        (b"code,alias,kind\n", 0, "no rows"),
        (b'code,alias,kind\nBT-11,"Paaro,spelling\n', 0, "not readable as CSV"),
        (b"code,alias,kind\nBT-11,Paaro,spelling\nBT-11,Pa,ro,spelling\n", 3, "4 fields, 3 expected"),
        (b"code,alias,kind\nBT-11,Paaro,spelling\n\n", 3, "0 fields, 3 expected"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(data_copy, content, line, words):
    (data_copy.directory / "region_aliases.csv").write_bytes(content)

    found = faults(data_copy.directory)

    assert [(fault.file, fault.line) for fault in found] == [("region_aliases.csv", line)]
    assert words in found[0].remedy


def test_faulty_files_change_nothing_of_what_is_loaded(shipped, data_copy):
    load(shipped)
    before = list(Region.objects.values())
    data_copy.set("regions.csv", PARO, name="Paro Dzongkhag")
    data_copy.set("gi_tags.csv", GI, year="3022")

    with pytest.raises(InvalidReferenceData):
        load(data_copy.directory)

    assert list(Region.objects.values()) == before
