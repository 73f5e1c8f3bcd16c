"""Fixtures of the orders' tests."""

import pytest

from orders.basket.models import Basket, Line
from orders.services.placing import place_order
from tests.support.sale import (
    count_of_sale_rows,
    open_shop,
)
from vendors.models import StockRecord


@pytest.fixture
def shop():
    return open_shop()


@pytest.fixture
def refusal(shop):
    """Place a basket that must be refused; nothing may change and nobody may hear of it."""

    def refuse(basket, checkout, error, match=None):
        before, lines = count_of_sale_rows(), Line.objects.count()
        stock = list(StockRecord.objects.order_by("pk").values_list("num_in_stock", "num_allocated"))

        with pytest.raises(error, match=match) as refused:
            place_order(basket, checkout)

        assert count_of_sale_rows() == before
        assert Line.objects.count() == lines
        assert Basket.objects.get(pk=basket.pk).status == Basket.OPEN
        assert list(StockRecord.objects.order_by("pk").values_list("num_in_stock", "num_allocated")) == stock
        return refused.value

    return refuse
