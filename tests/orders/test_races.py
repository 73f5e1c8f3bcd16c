"""Orders placed at the same moment, on real connections; each race with a control that lost its guard."""

import threading
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection, transaction

from orders.basket.models import Basket
from orders.errors import NotEnoughUnits, ShopBusy
from orders.models import Order, VendorOrder
from orders.selectors.baskets import basket_view
from orders.services import placing
from orders.services.baskets import add_once, add_to_basket
from orders.services.placing import place_order
from tests.support.race import race
from tests.support.sale import (
    a_listing,
    checkout_data,
    count_of_sale_rows,
    filled_basket,
    notice_kinds,
    open_shop,
    stock_of,
)
from tests.support.unguarded_stock import unguarded_take, without_the_check_constraint
from vendors.models import StockRecord
from vendors.services import stock

__all__ = ["without_the_check_constraint"]

pytestmark = pytest.mark.django_db(transaction=True)


class Queue:
    """Hands each contender a thing of its own."""

    def __init__(self, things):
        self._things = list(things)
        self._lock = threading.Lock()

    def take(self):
        with self._lock:
            return self._things.pop()


def contenders_for(goods_of, *, count):
    """Baskets with what each buyer decided, filled before the race."""
    baskets = [filled_basket(*goods_of(place)) for place in range(count)]
    return Queue([(basket, checkout_data(basket)) for basket in baskets])


def place_next(queue):
    basket, data = queue.take()
    place_order(basket, data)


@pytest.mark.fault(31)
def test_a_hundred_buyers_of_fifty_units_place_exactly_fifty_orders():
    open_shop()
    listing = a_listing(units=50)
    queue = contenders_for(lambda _place: [(listing, 1)], count=100)

    outcomes = race(lambda: place_next(queue), contenders=100)

    refused = [outcome for outcome in outcomes if outcome]
    assert [type(error) for error in refused] == [NotEnoughUnits] * 50
    assert Order.objects.count() == VendorOrder.objects.count() == 50
    assert Basket.objects.filter(status=Basket.SUBMITTED).count() == 50
    assert stock_of(listing) == (50, 50)
    assert notice_kinds() == ["order_placed email"] * 50


@pytest.mark.parametrize(("guarded", "sold"), [(True, 5), (False, 10)], ids=["guarded", "control"])
def test_the_guard_alone_stops_overselling_of_orders(
    guarded, sold, monkeypatch, without_the_check_constraint
):
    open_shop()
    listing = a_listing(units=5)
    queue = contenders_for(lambda _place: [(listing, 1)], count=10)
    if not guarded:
        monkeypatch.setattr(stock, "_take", unguarded_take(contenders=10))

    outcomes = race(lambda: place_next(queue), contenders=10)

    assert outcomes.count(None) == Order.objects.count() == sold
    assert stock_of(listing) == (5, sold)


@pytest.mark.fault(25)
def test_one_basket_submitted_eight_times_makes_one_order():
    open_shop()
    listing = a_listing()
    basket = filled_basket((listing, 1))
    data = checkout_data(basket)
    placed = []

    outcomes = race(lambda: placed.append(place_order(basket, data).number), contenders=8)

    assert outcomes == [None] * 8
    assert placed == [Order.objects.get().number] * 8
    assert stock_of(listing) == (10, 1)
    assert notice_kinds() == ["order_placed email"]


def test_control_without_the_row_lock_the_same_basket_is_an_error_for_seven_of_eight(monkeypatch):
    open_shop()
    listing = a_listing()
    basket = filled_basket((listing, 1))
    data = checkout_data(basket)
    everybody_looked = threading.Barrier(8)
    lines_for_sale = placing._lines_for_sale

    def look_together(locked):
        everybody_looked.wait(timeout=30)
        return lines_for_sale(locked)

    monkeypatch.setattr(placing.Basket.objects, "select_for_update", Basket.objects.all)
    monkeypatch.setattr(placing, "_lines_for_sale", look_together)

    outcomes = race(lambda: place_order(basket, data), contenders=8)

    # Only the constraint is left: nobody is charged twice, but seven buyers see an error instead of their order.
    refused = [str(outcome) for outcome in outcomes if outcome]
    assert len(refused) == 7
    assert all("order_once_per_basket" in words for words in refused)
    assert Order.objects.count() == 1
    assert stock_of(listing) == (10, 1)


def test_ten_buyers_of_three_units_in_opposing_order_place_three_orders_without_deadlock(monkeypatch):
    open_shop()
    given_up = []
    monkeypatch.setattr(placing, "is_busy", given_up.append)
    first, second = a_listing(units=3), a_listing(units=3)

    def goods_of(place):
        return [(first, 1), (second, 1)] if place % 2 else [(second, 1), (first, 1)]

    queue = contenders_for(goods_of, count=10)

    outcomes = race(lambda: place_next(queue), contenders=10)

    refused = [outcome for outcome in outcomes if outcome]
    assert [type(error) for error in refused] == [NotEnoughUnits] * 7
    assert given_up == []
    assert Order.objects.count() == 3
    assert (stock_of(first), stock_of(second)) == ((3, 3), (3, 3))


def test_a_price_raised_while_buyers_place_is_charged_to_nobody_who_was_not_shown_it():
    open_shop()
    listing = a_listing(price="250.00", units=8)
    queue = contenders_for(lambda _place: [(listing, 1)], count=8)
    raised = threading.Event()

    def place_or_raise_the_price():
        basket, data = queue.take()
        if not raised.is_set():
            raised.set()
            StockRecord.objects.filter(product=listing).update(price=Decimal("300.00"))
        place_order(basket, data)

    race(place_or_raise_the_price, contenders=8)

    totals = set(Order.objects.values_list("total_incl_tax", flat=True))
    assert totals <= {Decimal("310.00")}
    assert stock_of(listing) == (8, Order.objects.count())


def test_adding_to_a_basket_while_it_is_ordered_never_changes_the_order():
    open_shop()
    listing, late = a_listing(), a_listing()
    basket = filled_basket((listing, 1))
    data = checkout_data(basket)
    add = partial(add_to_basket, basket, late.pk, 1)
    jobs = Queue([add, add, partial(place_order, basket, data), add])

    race(lambda: jobs.take()(), contenders=4)

    order = Order.objects.filter(basket=basket).first()
    if order:
        assert [line.product for line in order.lines.all()] == [listing]
        assert order.total_incl_tax == data.expected_total
    else:
        # An addition came first, so the total was not the one shown any more.
        assert basket_view(basket).unit_count == 4
    assert stock_of(late) == (10, 0)


def place_with_little_patience(basket, data):
    """Each try gives up after a tenth of a second instead of three."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
    place_order(basket, data)


def test_a_buyer_who_waits_too_long_is_told_to_try_again_and_nothing_changes():
    open_shop()
    listing = a_listing()
    basket = filled_basket((listing, 1))
    data = checkout_data(basket)
    before = count_of_sale_rows()

    with transaction.atomic():
        StockRecord.objects.select_for_update().get(product=listing)
        outcomes = race(lambda: place_with_little_patience(basket, data), contenders=1)

    assert [type(outcome) for outcome in outcomes] == [ShopBusy]
    assert count_of_sale_rows() == before
    assert stock_of(listing) == (10, 0)
    assert Basket.objects.get(pk=basket.pk).status == Basket.OPEN


def test_a_buyer_who_waited_in_vain_gets_the_order_at_the_next_try(monkeypatch):
    open_shop()
    listing = a_listing()
    basket = filled_basket((listing, 1))
    data = checkout_data(basket)
    first_try_failed, is_free = threading.Event(), threading.Event()
    is_busy = placing.is_busy

    def note(error):
        first_try_failed.set()
        is_free.wait(timeout=30)
        return is_busy(error)

    monkeypatch.setattr(placing, "is_busy", note)
    buyer = threading.Thread(
        target=lambda: race(lambda: place_with_little_patience(basket, data), contenders=1)
    )

    with transaction.atomic():
        StockRecord.objects.select_for_update().get(product=listing)
        buyer.start()
        assert first_try_failed.wait(timeout=30)
    is_free.set()
    buyer.join(timeout=60)

    assert Order.objects.count() == 1
    assert stock_of(listing) == (10, 1)


@pytest.mark.parametrize(("form_key", "units"), [("a-form", 1), ("", 8)], ids=["guarded", "control"])
def test_a_form_tapped_many_times_at_once_puts_in_once(form_key, units):
    listing = a_listing(units=20)
    basket = Basket.objects.create()

    # Each request reads the basket for itself.
    outcomes = race(
        lambda: add_once(Basket.objects.get(pk=basket.pk), listing.pk, 1, form_key=form_key), contenders=8
    )

    assert outcomes == [None] * 8
    assert basket.lines.get().quantity == units
