"""Files and cells of an import, as spreadsheets of many people save them."""

from decimal import Decimal

import pytest

from catalogue.imports.cells import CellRefused, read_content, read_price, read_units
from catalogue.imports.faults import words
from catalogue.imports.reading import MOST_BYTES, FileRefused, parse, plain_cell, safe_cell

PLAIN = "sku,title,price\nA,Red rice,280\n"
WANTED = {"sku": "A", "title": "Red rice", "price": "280"}


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        b"sep=;\r\n" + PLAIN.replace(",", ";").encode(),
        b"SKU , Title,PRICE,,\nA,Red rice,280,,\n,,,,\n\n",
        b'"sku","title","price"\n"A","Red rice","280"\n',
    ],
    ids=["utf-8", "bom", "utf-16", "le", "be", "crlf", "cr", "semicolon", "tab", "sep", "spaces", "quotes"],
)
def test_file_is_read_however_it_was_saved(content):
    assert parse(content).rows[0].cells == WANTED


def test_quotes_line_ends_and_commas_inside_a_cell_belong_to_it():
    rows = parse(b'sku,title,description\nA,"Rice, ""red""","one\r\ntwo"\nB,Tea,x\n').rows

    assert rows[0].cells == {"sku": "A", "title": 'Rice, "red"', "description": "one\r\ntwo"}
    assert [row.number for row in rows] == [2, 3]


def test_empty_rows_count_as_the_spreadsheet_counts_them():
    assert [row.number for row in parse(b"sku\nA\n\n,,\nB\n").rows] == [2, 5]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \n\n", "file_empty"),
        (b"sku,title\n", "file_no_rows"),
        (b"A,Red rice,280\n", "header_missing"),
        (b"title,price\nRice,1\n", "header_missing"),
        (b"sku,sku\nA,B\n", "header_twice"),
        (b"sku,colour\nA,B\n", "header_unknown"),
        (b"sku,,title\nA,,B\n", "header_unknown"),
        (b"PK\x03\x04\x14\x00", "file_no_csv"),
        (b"%PDF-1.4\n", "file_no_csv"),
        (b"<html><body>", "file_no_csv"),
        (b"\xff\xd8\xff\xe0", "file_no_csv"),
        ("sku,title\nA,Thé\n".encode("latin-1"), "file_encoding"),
        (b'sku,title\nA,"Rice\nB,Tea\n', "file_broken"),
        (b"sku\n" + b"A\n" * 5001, "file_too_many_rows"),
        (b"x" * 20 * 1024 * 1024, "file_too_large"),
        (b"sku\n" + b"a" * 200_000, "file_broken"),
    ],
)
def test_file_that_cannot_be_read_is_refused_with_what_to_do(content, code):
    with pytest.raises(FileRefused) as refused:
        parse(content)

    assert refused.value.fault["code"] == code
    assert words(refused.value.fault)


def test_nul_is_kept_as_a_sign_that_stands_for_it():
    assert parse(b"sku,title\nA,Red\x00rice\n").rows[0].cells["title"] == "Red\N{SYMBOL FOR NULL}rice"
    assert MOST_BYTES < 20 * 1024 * 1024


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("280", "280.00"),
        ("280.5", "280.50"),
        (" 280.50 ", "280.50"),
        ("280.500", "280.50"),
        ("२८०.५०", "280.50"),
        ("༢༨༠", "280.00"),
        ("+5", "5.00"),
    ],
)
def test_price_is_read_in_any_figures(text, price):
    assert str(read_price(text)) == price


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.234,50", "price_comma"),
        ("1,234.50", "price_comma"),
        ("280,50", "price_comma"),
        ("free", "price_no_number"),
        ("Nu. 280", "price_no_number"),
        ("1e3", "price_no_number"),
        ("NaN", "price_no_number"),
        ("Infinity", "price_no_number"),
        ("२८०/-", "price_no_number"),
        ("0", "price_not_positive"),
        ("0.00", "price_not_positive"),
        ("-5", "price_not_positive"),
        ("1.234", "price_decimals"),
        ("99999999999", "price_too_high"),
    ],
)
def test_price_that_is_not_clear_is_refused_and_never_zero(text, code):
    with pytest.raises(CellRefused) as refused:
        read_price(text)

    assert refused.value.code == code


def test_units_and_content_are_read():
    assert (read_units("25.0", most=100), read_units("༢༥", most=100)) == (25, 25)
    assert read_content("0.5") == Decimal("0.5")
    for text in ("-1", "1.5", "many", "1,000", "101"):
        with pytest.raises(CellRefused):
            read_units(text, most=100)
    for text in ("0", "-1", "0.0001", "much", "99999999"):
        with pytest.raises(CellRefused):
            read_content(text)


@pytest.mark.parametrize(
    "text", ["=1+1", "+975 17", "-5", "@home", "\tx", "'=1", "'quoted", "''x", "plain", ""]
)
def test_cell_that_would_run_as_a_formula_is_marked_and_comes_back_as_it_was(text):
    written = safe_cell(text)

    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert plain_cell(written) == text
