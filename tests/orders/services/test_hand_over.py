"""Orders paid at hand-over: handed to their groups unpaid, then paid or cancelled; each once."""

import pytest
from django.db import transaction

from marketplace.lib.states import IllegalTransition
from orders.models import Order, OrderEvent
from orders.services.releasing import (
    deliver_part,
    expire,
    lock_order,
    note_cash_complete,
    note_nothing_delivered,
    release,
    release_unpaid,
)
from tests.factories.offers import an_offer
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory
from tests.support.sale import a_listing, notice_kinds, placed_order, states_of, stock_of

pytestmark = pytest.mark.django_db

HANDED_OVER = ("pay_on_delivery", ["new"])


def locked(order, call, **named):
    with transaction.atomic():
        return call(lock_order(order.pk), **named)


def test_groups_are_told_to_take_the_money_and_the_stock_stays_reserved():
    listing = a_listing()
    MembershipFactory(vendor=listing.vendor)
    order = placed_order((listing, 2))

    done, again = locked(order, release_unpaid), locked(order, release_unpaid)

    order.refresh_from_db()
    assert (done, again) == (True, False)
    assert (states_of(order), stock_of(listing)) == (HANDED_OVER, (10, 2))
    assert (order.paid_at, order.released_at is not None) == (None, True)
    assert notice_kinds() == ["new_sale_cash email", "order_on_delivery email", "order_placed email"]


def test_it_neither_expires_nor_is_released_for_money_again():
    order = placed_order()
    locked(order, release_unpaid)

    assert (locked(order, expire), locked(order, release)) == (False, False)
    assert states_of(order) == HANDED_OVER


@pytest.mark.parametrize("status", ["paid", "expired", "cancelled"])
def test_an_order_that_waits_for_nothing_is_not_handed_over(status):
    order = placed_order()
    locked(order, release)
    Order.objects.filter(pk=order.pk).update(status=status)
    moves = OrderEvent.objects.count()

    assert locked(order, release_unpaid) is False
    assert OrderEvent.objects.count() == moves


@pytest.mark.parametrize(
    ("end", "status"), [(note_cash_complete, "paid"), (note_nothing_delivered, "cancelled")]
)
def test_it_ends_once(end, status):
    order = placed_order()
    locked(order, release_unpaid)

    done, again = locked(order, end), locked(order, end)

    order.refresh_from_db()
    assert (done, again, order.status) == (True, False, status)
    assert (order.paid_at is not None) == (status == "paid")


def test_where_all_was_refused_at_the_door_the_offer_may_be_used_again():
    offer = an_offer(percent=10)
    order = placed_order()
    locked(order, release_unpaid)
    order.vendor_orders.update(state="returned")

    locked(order, note_nothing_delivered)

    offer.refresh_from_db()
    assert (offer.num_applications, offer.total_discount) == (0, 0)
    assert order.discounts.get().given_back_at is not None


def test_a_card_order_is_not_ended_by_cash():
    order = placed_order()

    assert (locked(order, note_cash_complete), locked(order, note_nothing_delivered)) == (False, False)
    assert states_of(order) == ("awaiting_payment", ["awaiting_payment"])


def test_goods_that_are_still_with_the_group_are_not_delivered():
    order = placed_order()
    locked(order, release_unpaid)
    part = order.vendor_orders.get()

    with pytest.raises(IllegalTransition):
        deliver_part(part, actor=PersonFactory())

    part.refresh_from_db()
    assert (part.state, part.delivered_at, part.payable_from) == ("new", None, None)
