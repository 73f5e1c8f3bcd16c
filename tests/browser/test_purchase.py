"""The whole purchase, from the home page to the order: without scripts, by keys alone, in large text, in each language."""

import re

import pytest

from orders.models import Order
from tests.browser.buying import ADDRESS, Buyer, Way, buy
from tests.browser.goods import one_stall
from tests.payments.given import allow_cash

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WAYS = {
    "scripts": Way(),
    "no scripts": Way(has_scripts=False),
    "keys": Way(by_keys=True),
    "large text": Way(is_large=True),
    "Hindi, large text": Way(language="hi", digits="०१२३४५६७८९", is_large=True),
    "Dzongkha": Way(language="dz", digits="༠༡༢༣༤༥༦༧༨༩"),
    "Dzongkha, no scripts, large": Way(language="dz", has_scripts=False, is_large=True),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_guest_buys_from_the_home_page_to_the_order(shop, visitors, way):
    stall = one_stall()
    allow_cash(stall.vendor, region=stall.place.parent.parent)

    number = buy(Buyer(visitors(**way.window), shop, way), stall)

    order = Order.objects.get()
    part = order.vendor_orders.get()
    assert order.number == number
    assert (order.status, order.total_incl_tax) == (Order.Status.PAY_ON_DELIVERY, stall.total)
    assert (part.delivery_name, order.language) == (stall.delivery.name, way.language)
    assert [line.quantity for line in order.lines.all()] == [stall.quantity]
    assert re.sub(r"\D", "", str(order.contact_phone)).endswith(ADDRESS["phone"])
