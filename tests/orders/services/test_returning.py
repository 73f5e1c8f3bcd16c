"""Goods that came back: noted once, and the money is looked for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.lib import queue
from marketplace.lib.states import IllegalTransition
from notices.models import Notice
from orders.errors import ReasonNeeded, ReturnWhole, UnitsNotThere
from orders.models import Order
from orders.services.cancelling import supply_short
from orders.services.fulfilment import accept, deliver, ship
from orders.services.returning import note_money_back, take_back
from tests.orders.services.parts_of_sales import COURIER, released_part, seen, shipped_part
from tests.support.race import race
from tests.support.sale import a_listing, notice_kinds, stock_of

pytestmark = pytest.mark.django_db

WHY = "The wrong size"


def test_units_that_came_back_are_noted_and_the_money_is_looked_for(
    monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(queue, "_send", lambda task, keys: sent.append((task, keys)))
    listing = a_listing()
    part, member = shipped_part((listing, 3))
    line = part.lines.get()

    with django_capture_on_commit_callbacks(execute=True):
        said = [take_back(part, {line.pk: 2}, actor=member, reason=WHY) for _try in range(2)]

    assert said == [True, False]
    assert (seen(part), stock_of(listing)) == (("shipped", [(3, 0, 2)]), (7, 0))
    assert [task for task in sent if task[0] == "payments.refund_owed"] == [
        ("payments.refund_owed", {"order_pk": part.order_id})
    ]
    notice = Notice.objects.get()
    assert (notice.kind, notice.context["goods"].split(" x ")[0]) == ("goods_returned", "2")


def test_when_everything_came_back_the_sale_is_over_and_may_be_settled():
    part, member = shipped_part((a_listing(), 3))
    deliver(part, actor=member)
    line = part.lines.get()
    take_back(part, {line.pk: 1}, actor=member, reason=WHY)

    take_back(part, {line.pk: 3}, actor=member, reason=WHY)

    part.refresh_from_db()
    assert seen(part) == ("returned", [(3, 0, 3)])
    assert part.payable_from <= timezone.now() + timedelta(days=7)
    assert take_back(part, {line.pk: 3}, actor=member, reason=WHY) is False


def test_what_was_never_sent_cannot_come_back():
    part, member = released_part((a_listing(), 3))
    line = part.lines.get()
    supply_short(part, {line.pk: 1}, actor=member, reason=WHY)
    accept(part, actor=member)
    with pytest.raises(IllegalTransition):
        take_back(part, {line.pk: 1}, actor=member, reason=WHY)
    ship(part, COURIER, actor=member)

    for wrong in ({line.pk: 3}, {line.pk: -1}, {line.pk + 1: 1}):
        with pytest.raises(UnitsNotThere):
            take_back(part, wrong, actor=member, reason=WHY)
    with pytest.raises(ReasonNeeded):
        take_back(part, {line.pk: 1}, actor=member, reason=" ")

    assert seen(part) == ("shipped", [(3, 1, 0)])
    take_back(part, {line.pk: 2}, actor=member, reason=WHY)
    assert seen(part) == ("returned", [(3, 1, 2)])


def test_goods_to_be_paid_at_the_door_come_back_whole():
    part, member = shipped_part((a_listing(), 3), is_paid=False)
    line = part.lines.get()

    with pytest.raises(ReturnWhole):
        take_back(part, {line.pk: 1}, actor=member, reason="Refused at the door")

    assert (seen(part), notice_kinds()) == (("shipped", [(3, 0, 0)]), [])
    take_back(part, {line.pk: 3}, actor=member, reason="Refused at the door")
    assert seen(part) == ("returned", [(3, 0, 3)])


@pytest.mark.django_db(transaction=True)
def test_noted_by_many_at_once_they_came_back_once():
    part, member = shipped_part((a_listing(), 3))
    line = part.lines.get()

    outcomes = race(lambda: take_back(part, {line.pk: 2}, actor=member, reason=WHY), contenders=6)

    assert outcomes == [None] * 6
    assert seen(part) == ("shipped", [(3, 0, 2)])
    assert notice_kinds() == ["goods_returned email"]


def test_an_order_whose_money_went_back_is_refunded_in_part_then_whole():
    part, _member = released_part((a_listing(), 3))
    order = Order.objects.get(pk=part.order_id)

    said = [note_money_back(order, is_whole=whole) for whole in (False, False, True, True, False)]

    order.refresh_from_db()
    assert (said, order.status) == ([True, False, True, False, False], "refunded")
    assert [event.to_state for event in order.events.all()][-2:] == ["part_refunded", "refunded"]


def test_an_order_that_nobody_paid_is_not_marked_as_refunded():
    part, _member = released_part((a_listing(), 3), is_paid=False)

    said = note_money_back(part.order, is_whole=True)

    part.order.refresh_from_db()
    assert (said, part.order.status) == (False, "pay_on_delivery")
