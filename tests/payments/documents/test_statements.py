"""Statement page, PDF and CSV: the same rows, days and sums, to the last coin."""

import csv
import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from payments.documents.statements import statement_csv
from payments.models import Refund
from payments.selectors.statements import StatementRow, statement
from payments.services.deciding import request_refund
from payments.services.payouts import plan_payouts
from tests.dashboard.given import member_of
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.payouts import bank_account, owe, sold
from tests.support.refunds import everything

pytestmark = pytest.mark.django_db

D = Decimal
EVER = {"first": "2020-01-01", "last": "2027-01-01"}


class Numbers(HTMLParser):
    """Values of <data> elements in their order."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag == "data":
            self.found.append(D(dict(attrs)["value"]))


@pytest.fixture
def vendor(fake_provider):
    """A group with sales of odd amounts, one refunded, one that owes a little, and a payout planned."""
    vendor = VendorFactory(name="Khoma Weavers", commission_rate=D("0.0833"))
    bank_account(vendor)
    parts = [sold(fake_provider, vendor, price=price)[0] for price in ("99.95", "1234.56", "0.07")]
    request_refund(
        parts[0].order,
        everything(parts[0].order),
        reason=Refund.Reason.LOST,
        remark="lost",
        actor=PersonFactory(finance=True),
    )
    owe(parts[1], "3.33")
    plan_payouts(timezone.now())
    return vendor


def amounts_of(text):
    return [D(found.replace(",", "").replace("₹", "")) for found in re.findall(r"-?₹[\d,]+\.\d\d", text)]


def test_page_pdf_csv_and_ledger_say_the_same(client, vendor):
    client.force_login(member_of(vendor))
    shown = statement(vendor, "INR", first=date(2020, 1, 1), last=date(2027, 1, 1))
    expected = [shown.opening]
    for row in shown.rows:
        expected += [row.amount, row.balance]
    expected.append(shown.closing)

    page = Numbers()
    page.feed(client.get(reverse("dashboard-statement"), EVER).content.decode())
    pdf = PdfReader(BytesIO(client.get(reverse("dashboard-statement-pdf"), EVER).content))
    pdf_text = "\n".join(sheet.extract_text() for sheet in pdf.pages)
    rows = list(
        csv.reader(StringIO(client.get(reverse("dashboard-statement-csv"), EVER).content.decode("utf-8-sig")))
    )

    assert len(shown.rows) == 5
    assert page.found == expected
    # The PDF repeats the balance after in large letters instead of in a row.
    assert amounts_of(pdf_text) == expected
    opening, *entries, closing, held = rows[1:]
    assert D(opening[4]) == shown.opening
    assert [(row[0], row[2], D(row[3]), D(row[4])) for row in entries] == [
        (f"{row.day}", row.number, row.amount, row.balance) for row in shown.rows
    ]
    assert (D(closing[4]), D(held[4])) == (shown.closing, shown.held)
    for row in shown.rows:
        assert row.number in pdf_text
        assert row.words in pdf_text


def test_the_balance_before_and_the_amounts_make_the_balance_after(vendor):
    shown = statement(vendor, "INR", first=date(2020, 1, 1), last=date(2030, 1, 1))

    assert shown.opening + sum(row.amount for row in shown.rows) == shown.closing


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_word_of_the_csv_begins_a_formula(vendor, words):
    shown = statement(vendor, "INR", first=date(2020, 1, 1), last=date(2020, 1, 2))
    row = StatementRow(day=date(2020, 1, 1), words=words, number=words, amount=D("-1.00"), balance=D("-1.00"))
    object.__setattr__(shown, "rows", [row])

    written = list(csv.reader(StringIO(statement_csv(shown).removeprefix("\ufeff"))))[2]

    assert all(cell.startswith("'") or cell[0].isalnum() for cell in written[1:3])
    assert written[3:5] == ["-1.00", "-1.00"]


def test_days_that_make_no_sense_are_said_on_the_page_and_refused_as_files(client, vendor):
    client.force_login(member_of(vendor))
    wrong = {"first": "2026-02-30", "last": "2026-01-01"}

    page = client.get(reverse("dashboard-statement"), wrong)

    assert page.status_code == 200
    assert "summary" in page.content.decode()
    assert client.get(reverse("dashboard-statement-pdf"), wrong).status_code == 404
    assert client.get(reverse("dashboard-statement-csv"), wrong).status_code == 404


def test_a_month_is_asked_for_by_its_name(client, vendor):
    client.force_login(member_of(vendor))

    answer = client.get(reverse("dashboard-statement"), {"month": "2024-02"})

    assert "29 February 2024" in answer.content.decode()
