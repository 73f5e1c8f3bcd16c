"""The file for the bank: cells that no spreadsheet runs, zeros that stay, a last line that proves the others."""

import csv
import hashlib
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.lib.cells import safe_cell
from payments.domain.bank_file import BankLine, is_whole, written


def line(**changes):
    fields = {
        "reference": "PO00000001",
        "holder": "Khoma weavers",
        "bank": "Bank of Bhutan",
        "bank_code": "BHUBBTBT",
        "account_number": "0012345678",
        "amount": Decimal("1140.50"),
        "currency": "INR",
    }
    return BankLine(**{**fields, **changes})


def test_file_holds_a_line_for_each_payout_and_a_last_one_with_count_total_and_hash():
    content, digest = written([line(), line(reference="PO00000002", amount=Decimal("9.5"))])

    rows = content.split("\r\n")
    assert rows[0] == '"reference","holder","bank","bank_code","account_number","amount","currency"'
    assert rows[1] == '"PO00000001","Khoma weavers","Bank of Bhutan","BHUBBTBT","0012345678","1140.50","INR"'
    assert rows[2].endswith('"0012345678","9.50","INR"')
    assert rows[3] == f'"total","2","sha256","{digest}","","1150.00","INR"'
    assert rows[4:] == [""]
    assert digest == hashlib.sha256("\r\n".join([*rows[:3], ""]).encode()).hexdigest()


def test_file_that_was_changed_is_not_whole():
    content, digest = written([line()])

    assert is_whole(content, digest)
    assert not is_whole(content.replace("0012345678", "0012345679"), digest)
    assert not is_whole(content.replace("1140.50", "1140.51"), digest)
    assert not is_whole("", digest)


@pytest.mark.parametrize(
    "words", ["=1+1", "+975", "-2", "@SUM(A1)", "|calc", "%x", " =1+1", "\t=1", "\r=1", "\0=1"]
)
def test_words_that_would_begin_a_formula_are_led_by_an_apostrophe(words):
    assert safe_cell(words).startswith("'")


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6))
def test_any_holder_stays_one_cell_of_one_line(holders):
    content, digest = written([line(holder=holder) for holder in holders])

    rows = list(csv.reader(io.StringIO(content, newline="")))

    assert {len(row) for row in rows} == {7}
    assert len(rows) == len(holders) + 2
    assert not any(row[1].startswith(("=", "+", "-", "@")) for row in rows)
    assert is_whole(content, digest)
