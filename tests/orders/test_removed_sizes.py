"""A size that is taken out of its listing beside an order, or while it lies in a basket, is not sold."""

import threading

import pytest
from django.db import connections

from catalogue.models import Product
from catalogue.services import sizes
from catalogue.services.listings import SizeData
from orders.errors import NotForSale
from orders.models import Order
from orders.selectors.baskets import basket_view
from orders.services import placing
from orders.services.baskets import set_quantity
from tests.factories.catalogue import ListingFactory, PhotoFactory, SizeFactory
from tests.support.sale import a_listing, checkout_data, filled_basket, open_shop
from vendors.models import StockRecord


def beside(call):
    """Run the call to its end on a connection of its own."""

    def run():
        try:
            call()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(timeout=20)
    assert not thread.is_alive()


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_size_taken_out_while_its_order_is_placed_is_not_sold(is_guarded, monkeypatch):
    open_shop()
    listing = ListingFactory(stock=None)
    PhotoFactory(product=listing)
    small, _large = SizeFactory(parent=listing), SizeFactory(parent=listing)
    basket = filled_basket((small, 1))
    checkout = checkout_data(basket)
    reserve = placing._reserve

    def late(lines, *, order):
        # The lines were for sale when they were read.
        beside(lambda: sizes.remove_size(small))
        reserve(lines, order=order)

    monkeypatch.setattr(placing, "_reserve", late)
    if not is_guarded:
        monkeypatch.setattr(placing, "_refuse_gone", lambda records: None)

    outcome = None
    try:
        placing.place_order(basket, checkout)
    except NotForSale as refused:
        outcome = refused

    small.refresh_from_db()
    assert small.is_removed
    assert StockRecord.objects.get(product=small).num_allocated == Order.objects.count()
    assert (outcome is None, Order.objects.count()) == ((False, 0) if is_guarded else (True, 1))


@pytest.mark.django_db
def test_basket_follows_the_only_size_when_it_becomes_one_of_several():
    open_shop()
    listing = a_listing(weight_grams=1200)
    basket = filled_basket((listing, 1))
    sizes.write_new_size(listing, SizeData(price=StockRecord.objects.get().price, units=1, label="Large"))
    first = Product.objects.filter(parent=listing).order_by("pk").first()

    line = basket.lines.get()
    assert (line.product, line.product.sent_grams) == (first, 1200)
    set_quantity(basket, line.pk, 2)

    checkout = checkout_data(basket)
    sizes.remove_size(first)
    with pytest.raises(NotForSale):
        placing.place_order(basket, checkout)
    assert not Order.objects.exists()
    assert basket_view(basket, to_path="BT/").groups[0].lines[0].warning
