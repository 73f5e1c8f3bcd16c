"""The buyer's receipt: every group, every sum, and what went back."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from orders.models import Order
from payments.documents.receipts import receipt_pdf
from payments.models import Refund
from payments.services.deciding import request_refund
from payments.services.shares import Asked
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.refunds import paid_order, parts_of
from tests.support.sale import a_listing, placed_order

pytestmark = pytest.mark.django_db


def text_of(order):
    content = receipt_pdf(Order.objects.get(pk=order.pk), language="en")
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


@pytest.fixture
def order(fake_provider):
    """Two groups, one unit of 250.00 and two of 80.00, each with 60.00 delivery."""
    weavers, farmers = VendorFactory(name="Khoma Weavers"), VendorFactory(name="Paro Farmers")
    goods = [(a_listing(vendor=weavers, title="Stole"), 1), (a_listing("80.00", vendor=farmers), 2)]
    return paid_order(fake_provider, *goods)[0]


def test_a_receipt_names_groups_goods_delivery_sums_and_way_of_payment(order):
    text = text_of(order)

    for words in (
        f"Receipt for order {order.number}",
        "Paid by card",
        "Dema",
        "Khoma Weavers",
        "Stole 1 ₹250.00",
        "Paro Farmers",
        "Goods ₹410.00",
        "Delivery ₹120.00",
        "Paid ₹530.00",
        "No tax is contained in it.",
    ):
        assert words in text
    assert "Given back" not in text


def test_refunds_stand_on_it_and_what_was_paid_in_the_end(order):
    line = parts_of(order)[1].lines.get()
    request_refund(
        order,
        Asked({line.pk: 1}),
        reason=Refund.Reason.LOST,
        remark="lost",
        actor=PersonFactory(finance=True),
    )

    text = text_of(order)

    assert "lost on the way -₹80.00" in text
    assert "Paid in the end ₹450.00" in text


def test_there_is_none_for_an_order_that_was_not_paid():
    with pytest.raises(ValueError, match="was not paid"):
        receipt_pdf(placed_order(), language="en")
