"""Bank statements: what can be read is entered once, the rest is named row by row."""

import pytest
from django.utils import timezone

from payments.models import BankReceipt, LedgerPosting
from payments.services.statements import RowError, StatementUnreadable, import_statement
from tests.factories.people import PersonFactory
from tests.payments.given import D, balances, on

pytestmark = pytest.mark.django_db

STATEMENT = """\
Date,Journal No,Narration,Debit,Credit
2026-11-02,JRNL0001,order K7,,310.00
03/11/2026,JRNL0002,,,"1,240.50"
04.11.2026,JRNL0003,charges,25.00,
"""


def read(text, **changes):
    content = text.encode() if isinstance(text, str) else text
    return import_statement(content, **{"currency": "INR", "actor": PersonFactory(), **changes})


def test_credits_are_entered_and_debits_passed_over(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: on("2026-11-23"))

    report = read(STATEMENT)

    assert (report.entered, report.known, report.errors) == (2, 0, [])
    rows = BankReceipt.objects.order_by("reference").values_list(
        "reference", "received_on", "amount", "currency", "note"
    )
    assert list(rows) == [
        ("JRNL0001", on("2026-11-02"), D("310.00"), "INR", "order K7"),
        ("JRNL0002", on("2026-11-03"), D("1240.50"), "INR", ""),
    ]
    assert balances() == {"bank": D("1550.50"), "customer_unapplied": D("-1550.50")}


def test_read_again_it_enters_nothing_twice(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: on("2026-11-23"))
    read(STATEMENT)

    report = read("\ufeff" + STATEMENT.replace("\n", "\r\n"))

    assert (report.entered, report.known, report.errors) == (0, 2, [])
    assert BankReceipt.objects.count() == LedgerPosting.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        ("2026-11-02,,310.00", "reference", ""),
        ("2026-11-02,=HYPERLINK(1),310.00", "reference", "=HYPERLINK(1)"),
        ("2026-11-02,JRNL0009,3e2", "amount", "3e2"),
        ("2026-11-02,JRNL0009,-5.00", "amount", "-5.00"),
        ("2026-11-02,JRNL0009,1.005", "amount", "1.005"),
        ("2026-11-02,JRNL0009,NaN", "amount", "NaN"),
        ("2026-11-02,JRNL0009,99999999999999.00", "amount", "99999999999999.00"),
        ("31/02/2026,JRNL0009,5.00", "received_on", "31/02/2026"),
        (",JRNL0009,5.00", "received_on", ""),
        ("2999-01-01,JRNL0009,5.00", "received_on", "2999-01-01"),
        ("2020-01-22,JRNL0009,5.00", "received_on", "2020-01-22"),
        ("2019-01-19,JRNL0009,5.00", "received_on", "2019-01-19"),
        ("2020-01-01,JRNL0009,5.00,rupees", "currency", "RUPEES"),
        ("2020-01-01,JRNL0009,5.00,EUR", "currency", "EUR"),
        ("2020-01-01,JRNL0001,5.00,BTN", "reference", "JRNL0001"),
        ('2020-01-01,JRNL0009,"310,00"', "amount", "310,00"),
        ('2020-01-01,JRNL0009,"1,2,400.00"', "amount", "1,2,400.00"),
        ('2020-01-01,JRNL0009,"0,310"', "amount", "0,310"),
        ('2020-01-01,JRNL0009,"1,24,00"', "amount", "1,24,00"),
        ("2020-01-01,JRNL0009,310 00", "amount", "310 00"),
        ("2020-01-01,JRNL0009,1,240.00,INR", "row", "2020-01-01,JRNL0009,1,240.00,INR"),
        ('2020-01-01,JRNL0009,5.00,"INR\n2020-01-02,JRNL0010,6.00,"', "row", None),
        ("2020-01-01,JRNL0001,6.00", "reference", "JRNL0001"),
    ],
)
def test_a_row_with_an_error_is_named_and_does_not_hold_up_the_others(row, column, value, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: on("2020-01-20"))
    known = "2020-01-01,JRNL0001,5.00"

    report = read(f"date,reference,amount,currency\n{known}\n\n{row}\n2020-01-03,JRNL0003,7.00\n")

    assert (report.entered, report.known) == (2, 0)
    [error] = report.errors
    assert isinstance(error, RowError)
    assert (error.row, error.column) == (4, column)
    assert value is None or error.value.upper() == value.upper()
    assert len(error.remedy) > 10
    assert BankReceipt.objects.count() == LedgerPosting.objects.count() == 2


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1240", "1240.00"),
        ("1,240.5", "1240.50"),
        ("12,40,000.00", "1240000.00"),
        ("124,000,000", "124000000.00"),
    ],
)
def test_commas_group_digits_as_in_england_and_in_india(written, amount, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: on("2020-01-20"))

    report = read(f'date,reference,amount\n2020-01-01,JRNL0001,"{written}"\n')

    assert (report.entered, report.errors) == (1, [])
    receipt = BankReceipt.objects.get()
    assert (receipt.amount, receipt.is_imported) == (D(amount), True)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"one,two\n1,2\n",
        b"date,amount\n2020-01-01,5\n",
        "date,reference,amount\n2020-01-01,JRNL,5,\u20ac".encode("utf-16"),
        b"date,reference,amount\n\x00",
        b"date,reference,amount\n" + b"2020-01-01,JRNL,5\n" * 5001,
        b"x" * (1024 * 1024 + 1),
        b'date,reference,amount,note\n2026-11-02,JRNL1,5,"open\n2026-11-02,JRNL2,6,\n',
        b'date,reference,amount,note\n2026-11-02,JRNL1,5,"open\n2026-11-02,JRNL2,6,"open\n',
    ],
    ids=[
        "empty",
        "other columns",
        "no number",
        "utf-16",
        "nul",
        "too many rows",
        "too large",
        "open quote",
        "two",
    ],
)
def test_a_file_that_cannot_be_read_enters_nothing(content):
    with pytest.raises(StatementUnreadable):
        read(content)

    assert not BankReceipt.objects.exists()
