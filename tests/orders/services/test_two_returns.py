"""Two returns of one group's part at once, each of other goods; of the same goods one at a time."""

import pytest
from django.urls import reverse

from orders.errors import ReturnUnderWay
from orders.models import Return, ReturnItem
from orders.selectors.returns import returnable_lines
from orders.services import returns
from orders.services.notifying import status_key
from orders.services.returns import ReturnData
from tests.orders.returned import delivered_part
from tests.orders.services.parts_of_sales import seen
from tests.support.race import race
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db


def part_of_two_lines():
    """A delivered part of two units of one thing and one of another, a member, and the keys of the lines."""
    listing = a_listing()
    part, member = delivered_part((listing, 2), (a_listing(vendor=listing.vendor), 1))
    return part, member, list(part.lines.order_by("pk").values_list("pk", flat=True))


def asked(part, units, key):
    data = ReturnData(form_key=key, units=units, reason=Return.Reason.DAMAGED)
    return returns.ask(part, data, actor=None)


def test_other_goods_may_be_asked_for_while_one_return_is_running():
    part, member, (many, one) = part_of_two_lines()

    first = asked(part, {many: 1}, "k1")
    with pytest.raises(ReturnUnderWay):
        asked(part, {many: 1, one: 1}, "k2")
    offered = [line.pk for line, _units in returnable_lines(part)]
    second = asked(part, {one: 1}, "k3")
    returns.agree(second, goods_stay=True, actor=member)
    returns.agree(first, goods_stay=True, actor=member)

    assert offered == [one]
    assert seen(part) == ("delivered", [(2, 0, 1), (1, 0, 1)])
    assert not ReturnItem.objects.filter(is_open=True).exists()
    returns.agree(asked(part, {many: 1}, "k4"), goods_stay=True, actor=member)
    assert seen(part) == ("returned", [(2, 0, 2), (1, 0, 1)])


def test_the_order_leads_to_another_form_while_goods_are_left_to_be_asked_for(client):
    part, _member, (many, one) = part_of_two_lines()
    order_page = reverse("order-detail", args=[part.order.number])
    client.get(order_page, {"key": status_key(part.order)})
    form = reverse("order-return-ask", args=[part.order.number, part.number])

    asked(part, {many: 1}, "k1")
    half = (form in client.get(order_page).content.decode(), client.get(form).content.decode())
    last = asked(part, {one: 1}, "k2")

    assert (half[0], f"units-{one}" in half[1], f"units-{many}" in half[1]) == (True, True, False)
    assert form not in client.get(order_page).content.decode()
    assert client.get(form)["Location"] == reverse("order-return", args=[part.order.number, last.pk])


@pytest.mark.django_db(transaction=True)
def test_two_forms_for_the_same_goods_at_once_ask_once():
    part, _member, (many, _one) = part_of_two_lines()
    keys = ["k1", "k2", "k3"]

    outcomes = race(lambda: asked(part, {many: 1}, keys.pop()), contenders=3)

    assert sorted(type(each).__name__ for each in outcomes) == [
        "NoneType",
        "ReturnUnderWay",
        "ReturnUnderWay",
    ]
    assert (Return.objects.count(), ReturnItem.objects.count()) == (1, 1)
