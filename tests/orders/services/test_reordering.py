"""Ordering again: what can be had goes in once, the rest is named with its reason."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from orders.basket.models import Basket, Line
from orders.errors import BasketClosed
from orders.services import reordering
from orders.services.baskets import add_to_basket
from orders.services.reordering import reorder
from tests.factories.catalogue import SizeFactory
from tests.support.race import pause, race
from tests.support.sale import a_listing, filled_basket, placed_order
from vendors.models import StockRecord


def held(basket):
    return list(Line.objects.filter(basket=basket).order_by("pk").values_list("product__title", "quantity"))


def reasons(became):
    return [(gone.title, str(gone.reason)) for gone in became.missing]


@pytest.mark.django_db
def test_all_goes_in_at_the_price_of_today_and_a_changed_one_is_told():
    rice, honey = a_listing(title="Red rice"), a_listing(title="Honey")
    order = placed_order((rice, 2), (honey, 1))
    StockRecord.objects.filter(product=rice).update(price=Decimal("260.00"))
    basket = Basket()

    became = reorder(basket, order)

    assert held(basket) == [("Red rice", 2), ("Honey", 1)]
    assert [(each.title, each.price, each.before) for each in became.there] == [
        ("Red rice", Decimal("260.00"), Decimal("250.00")),
        ("Honey", Decimal("250.00"), None),
    ]
    assert reasons(became) == []


@pytest.mark.django_db
def test_done_again_it_puts_in_nothing_more_and_more_than_ordered_stays():
    rice, honey = a_listing(title="Red rice"), a_listing(title="Honey")
    order = placed_order((rice, 2), (honey, 1))
    basket = filled_basket((rice, 5))

    for _ in range(2):
        reorder(basket, order)

    assert held(basket) == [("Red rice", 5), ("Honey", 1)]


@pytest.mark.django_db
def test_of_what_is_nearly_gone_the_rest_goes_in_and_of_what_is_gone_nothing():
    rice, honey = a_listing(title="Red rice", units=5), a_listing(title="Honey", units=1)
    order = placed_order((rice, 3), (honey, 1))
    basket = Basket()

    became = reorder(basket, order)

    assert held(basket) == [("Red rice", 2)]
    assert [(each.units, each.ordered) for each in became.there] == [(2, 3)]
    assert reasons(became) == [("Honey", "sold out")]


@pytest.mark.django_db
def test_what_left_the_sale_or_whose_group_is_closed_is_named():
    gone, closed = a_listing(title="Red rice"), a_listing(title="Honey")
    order = placed_order((gone, 1), (closed, 1))
    type(gone).objects.filter(pk=gone.pk).update(is_public=False, state="withdrawn")
    vendor = closed.vendor
    vendor.closed_from, vendor.closed_until = vendor.today, vendor.today + timedelta(days=3)
    vendor.save()
    basket = Basket()

    became = reorder(basket, order)

    assert basket.pk is None
    assert [title for title, _reason in reasons(became)] == ["Red rice", "Honey"]
    assert reasons(became)[0][1] == "not for sale any more"
    assert reasons(became)[1][1].startswith("its group is closed until ")


@pytest.mark.django_db
def test_one_size_is_ordered_again_and_a_size_that_was_taken_out_is_named():
    small, large = SizeFactory(), SizeFactory()
    order = placed_order((small, 1), (large, 1))
    type(large).objects.filter(pk=large.pk).update(is_public=False, state="withdrawn")
    basket = Basket()

    became = reorder(basket, order)

    assert list(Line.objects.filter(basket=basket).values_list("product", flat=True)) == [small.pk]
    assert len(became.missing) == 1


@pytest.mark.django_db
def test_a_basket_in_another_currency_keeps_its_currency():
    rice = a_listing(title="Red rice")
    order = placed_order((rice, 1))
    dear = a_listing(title="Kira", stock__price_currency="USD")
    basket = filled_basket((dear, 1))

    became = reorder(basket, order)

    assert held(basket) == [("Kira", 1)]
    assert "another currency" in reasons(became)[0][1]


@pytest.mark.django_db
def test_a_deleted_listing_is_named_by_what_the_order_called_it():
    rice = a_listing(title="Red rice")
    order = placed_order((rice, 1))
    order.lines.update(product=None, stockrecord=None)

    became = reorder(Basket(), order)

    assert reasons(became) == [("Red rice", "not for sale any more")]


@pytest.mark.django_db
def test_a_basket_that_was_ordered_meanwhile_takes_nothing():
    rice = a_listing()
    order = placed_order((rice, 1))

    with pytest.raises(BasketClosed):
        reorder(order.basket, order)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
def test_pressed_many_times_at_once_it_puts_in_what_was_ordered(guarded, monkeypatch):
    rice, other = a_listing(title="Red rice", units=400), a_listing(title="Honey")
    order = placed_order((rice, 3))
    basket = filled_basket((other, 1))
    if not guarded:
        monkeypatch.setattr(reordering, "lock_basket", lambda _basket: None)

    @transaction.atomic
    def press():
        reorder(Basket.objects.get(pk=basket.pk), order)
        # Nobody sees what is put in until all have counted what is there, or wait for it.
        pause()

    race(press, contenders=8)

    assert Line.objects.get(basket=basket, product=rice).quantity == (3 if guarded else 24)


@pytest.mark.django_db
def test_an_amount_no_basket_holds_is_named(settings):
    rice = a_listing(title="Red rice", units=40)
    order = placed_order((rice, 3))
    basket = Basket.objects.create()
    add_to_basket(basket, a_listing().pk, 2)
    settings.OSCAR_MAX_BASKET_QUANTITY_THRESHOLD = 4

    became = reorder(basket, order)

    assert reasons(became) == [("Red rice", "so much does not go into one basket")]
