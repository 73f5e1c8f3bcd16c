"""Papers of an order: for the buyer and whoever holds the signed link, for nobody else."""

import pytest
from django.urls import reverse

from orders.services.notifying import status_key
from payments.models import Invoice, Refund
from payments.services.deciding import request_refund
from payments.services.shares import Asked
from tests.factories.people import PersonFactory
from tests.support.refunds import paid_order, parts_of
from tests.support.sale import a_listing, fake_provider, placed_order

__all__ = ["fake_provider"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(fake_provider):
    return paid_order(fake_provider, (a_listing(), 2), (a_listing(), 1))[0]


def papers_of(order):
    """Addresses of the receipt and all invoices."""
    invoices = [reverse("order-invoice", args=[order.number, part.number]) for part in parts_of(order)]
    return [reverse("order-receipt", args=[order.number]), *invoices]


def test_strangers_find_no_paper_and_no_number_is_given(client, order):
    client.force_login(PersonFactory())

    assert [client.get(paper).status_code for paper in papers_of(order)] == [404, 404, 404]
    assert not Invoice.objects.exists()


def test_the_signed_key_opens_each_paper(client, order):
    for paper in papers_of(order):
        answer = client.get(paper, {"key": status_key(order)})

        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert answer.content.startswith(b"%PDF-")
        assert "no-store" in answer["Cache-Control"]


def test_a_wrong_key_opens_nothing(client, order):
    for paper in papers_of(order):
        assert client.get(paper, {"key": "wrong"}).status_code == 404


def test_the_order_page_leads_to_every_paper_that_there_is(client, order):
    part = parts_of(order)[0]
    refund = request_refund(
        order,
        Asked({part.lines.get().pk: 1}),
        reason=Refund.Reason.DAMAGED,
        remark="torn",
        actor=PersonFactory(finance=True),
    )
    client.get(reverse("order-detail", args=[order.number]), {"key": status_key(order)})

    page = client.get(reverse("order-detail", args=[order.number])).content.decode()

    note = reverse("order-credit-note", args=[order.number, part.number, refund.pk])
    for address in [*papers_of(order), note]:
        assert f'href="{address}"' in page
    assert client.get(note).content.startswith(b"%PDF-")


def test_an_invoice_of_another_order_is_not_found_under_this_one(client, order, fake_provider):
    other, _attempt = paid_order(fake_provider)
    foreign = reverse("order-invoice", args=[order.number, parts_of(other)[0].number])

    assert client.get(foreign, {"key": status_key(order)}).status_code == 404


def test_an_order_that_is_not_paid_has_no_papers(client):
    order = placed_order()
    page = client.get(reverse("order-detail", args=[order.number]), {"key": status_key(order)}, follow=True)

    assert [client.get(paper).status_code for paper in papers_of(order)] == [404, 404]
    assert b"invoice.pdf" not in page.content
