"""Invoices and credit notes on paper: everything a bill needs, shaped in each language, the same every time."""

from io import BytesIO

import pytest
from django.utils import translation
from pypdf import PdfReader

from orders.models import TaxRate
from payments.documents.invoices import invoice_pdf
from payments.models import Refund
from payments.services.deciding import request_refund
from payments.services.invoices import credit_notes_for, invoice_for
from payments.services.shares import Asked
from tests.factories.orders import TaxRateFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.refunds import paid_order, parts_of
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db


def text_of(content):
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return " ".join(text.split())


@pytest.fixture
def part(fake_provider):
    """A paid part: two units at 118.00 with 18 % tax in them, and 60.00 delivery."""
    TaxRateFactory(kind=TaxRate.Kind.GOODS)
    vendor = VendorFactory(name="Khoma Weavers", address="Khoma village")
    listing = a_listing("118.00", vendor=vendor, title="Kishuthara stole")
    order, _attempt = paid_order(fake_provider, (listing, 2))
    return parts_of(order)[0]


def test_an_invoice_names_seller_buyer_goods_delivery_tax_and_total(part):
    invoice = invoice_for(part)

    text = text_of(invoice_pdf(invoice, language="en", shows_buyer=True))

    for words in (
        f"Invoice {invoice.number}",
        part.number,
        "Khoma Weavers",
        "Khoma village",
        "Dema",
        "Norzin Lam 12",
        "Kishuthara stole",
        "₹118.00",
        "₹236.00",
        "Delivery: Post ₹60.00",
        "Total ₹296.00",
        "of it GST on goods, 18 % ₹36.00",
    ):
        assert words in text


def test_a_paper_calls_the_tax_what_it_was_called_at_the_sale(part):
    TaxRate.objects.update(name="BST")

    text = text_of(invoice_pdf(invoice_for(part), language="en", shows_buyer=True))

    assert "of it GST on goods, 18 % ₹36.00" in text
    assert "BST" not in text


def test_a_group_that_may_not_see_the_buyer_any_more_gets_an_invoice_without(part):
    text = text_of(invoice_pdf(invoice_for(part), language="en", shows_buyer=False))

    assert "Dema" not in text
    assert "Norzin" not in text


def test_a_credit_note_names_its_invoice_reason_and_amount(part):
    line = part.lines.get()
    request_refund(
        part.order,
        Asked({line.pk: 1}),
        reason=Refund.Reason.DAMAGED,
        remark="torn",
        actor=PersonFactory(finance=True),
    )
    (note,) = credit_notes_for(part)

    text = text_of(invoice_pdf(note, language="en", shows_buyer=True))

    for words in (
        f"Credit note {note.number}",
        invoice_for(part).number,
        "damaged or not as described",
        "Given back ₹118.00",
        "of it tax, 18 % ₹18.00",
    ):
        assert words in text


@pytest.mark.parametrize("language", ["en", "hi", "dz"])
def test_the_same_invoice_is_the_same_file(part, language):
    invoice = invoice_for(part)

    with translation.override(language):
        first = invoice_pdf(invoice, language=language, shows_buyer=True)
        second = invoice_pdf(invoice, language=language, shows_buyer=True)

    assert first == second
