"""Baskets that nobody comes back to are cleared; what is in use, or was ordered, stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.basket.models import Basket, Line
from orders.errors import BasketClosed
from orders.services.basket_clearing import clear_abandoned
from orders.services.baskets import add_to_basket
from tests.factories.people import PersonFactory
from tests.support.sale import a_listing, filled_basket, placed_order

pytestmark = pytest.mark.django_db


def aged(basket, days):
    then = timezone.now() - timedelta(days=days)
    Basket.objects.filter(pk=basket.pk).update(date_created=then)
    Line.objects.filter(basket=basket).update(date_updated=then)
    return basket


def test_old_baskets_go_and_others_stay():
    order = placed_order()
    kept = [aged(order.basket, 900), aged(filled_basket((a_listing(), 1)), 29)]
    touched = aged(filled_basket((a_listing(), 1)), 90)
    add_to_basket(touched, a_listing().pk, 1)
    own = aged(filled_basket((a_listing(), 1)), 90)
    Basket.objects.filter(pk=own.pk).update(owner=PersonFactory())
    gone = [aged(filled_basket((a_listing(), 1)), 31), aged(Basket.objects.create(status=Basket.MERGED), 31)]

    for count in (len(gone), 0):
        assert clear_abandoned(timezone.now()) == count

    assert set(Basket.objects.values_list("pk", flat=True)) == {each.pk for each in (*kept, touched, own)}
    assert clear_abandoned(timezone.now() + timedelta(days=300)) == 3


def test_whoever_comes_back_to_a_cleared_basket_is_told():
    basket = filled_basket((a_listing(), 1))
    Basket.objects.filter(pk=basket.pk).delete()

    with pytest.raises(BasketClosed):
        add_to_basket(basket, a_listing().pk, 1)
