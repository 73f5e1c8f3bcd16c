"""The button "order this again"."""

from decimal import Decimal

import pytest

from orders.basket.models import Line
from orders.services.notifying import status_key
from tests.factories.people import PersonFactory
from tests.storefront.test_orders import address, paid
from tests.support.sale import a_listing, placed_order
from vendors.models import StockRecord

pytestmark = pytest.mark.django_db


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def test_a_guest_orders_again_and_reads_what_is_new(client):
    rice, honey, gone = (a_listing(title=title) for title in ("Red rice", "Honey", "Kira"))
    order = paid(placed_order((rice, 2), (honey, 1), (gone, 1)))
    StockRecord.objects.filter(product=rice).update(price=Decimal("260.00"))
    type(gone).objects.filter(pk=gone.pk).update(is_public=False, state="withdrawn")
    page = client.get(address(order), {"key": status_key(order)}, follow=True)
    assert f"{address(order)}again/" in page.content.decode()

    for _ in range(2):
        answer = client.post(f"{address(order)}again/", follow=True)

        assert answer.redirect_chain == [("/basket/", 302)]
        assert said(answer) == [
            "In your basket: 2 x Red rice, 1 x Honey.",
            "Red rice cost ₹250 then, and costs ₹260 today.",
            "Not in your basket: Kira, not for sale any more.",
        ]


def test_where_nothing_can_be_had_the_order_says_so(client):
    gone = a_listing(title="Kira", units=1)
    order = paid(placed_order((gone, 1)))
    client.get(address(order), {"key": status_key(order)})

    answer = client.post(f"{address(order)}again/", follow=True)

    assert answer.redirect_chain == [(address(order), 302)]
    assert said(answer) == ["Not in your basket: Kira, sold out."]


def test_nobody_but_the_buyer_orders_it_again(client, admin_client):
    order = paid(placed_order(user=PersonFactory()))
    lines = Line.objects.count()

    assert client.post(f"{address(order)}again/").status_code == 404
    assert admin_client.post(f"{address(order)}again/").status_code == 404
    assert Line.objects.count() == lines
