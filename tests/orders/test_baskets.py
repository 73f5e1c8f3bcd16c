"""What goes into a basket, and what does not."""

from decimal import Decimal

import pytest
from django.db.models import F

from orders.basket.models import Basket, Line
from orders.errors import BasketClosed, ForeignCurrency, NotEnoughUnits, NotForSale, QuantityOutOfRange
from orders.selectors.baskets import basket_view
from orders.services.baskets import add_to_basket, remove_line, set_quantity
from tests.factories.catalogue import ListingFactory, SizeFactory
from tests.factories.vendors import VendorFactory
from tests.support.sale import a_listing, filled_basket
from vendors.models import StockRecord

pytestmark = pytest.mark.django_db

BAD_QUANTITIES = [0, -1, 501, 10**9, -(10**9), 2**63]


def lines_of(basket):
    return list(Line.objects.filter(basket=basket).order_by("pk").values_list("product_id", "quantity"))


def test_the_first_unit_makes_the_basket():
    listing = a_listing(price="99.90")
    basket = Basket()

    line = add_to_basket(basket, listing.pk, 2)

    assert lines_of(basket) == [(listing.pk, 2)]
    assert (line.price_incl_tax, line.price_excl_tax, line.price_currency) == (
        Decimal("99.90"),
        Decimal("99.90"),
        "INR",
    )


def test_the_same_listing_again_grows_its_line():
    listing = a_listing()
    basket = filled_basket((listing, 2))

    add_to_basket(basket, listing.pk, 3)

    assert lines_of(basket) == [(listing.pk, 5)]


def test_putting_something_in_reserves_nothing():
    listing = a_listing(units=3)

    filled_basket((listing, 3))

    assert StockRecord.objects.get(product=listing).num_allocated == 0


@pytest.mark.parametrize("quantity", BAD_QUANTITIES)
def test_a_quantity_out_of_range_is_refused_and_no_basket_is_made(quantity):
    listing = a_listing(units=1000)
    basket = Basket()

    with pytest.raises(QuantityOutOfRange, match="at least 1"):
        add_to_basket(basket, listing.pk, quantity)

    assert basket.pk is None
    assert Basket.objects.count() == 0


@pytest.mark.parametrize("quantity", BAD_QUANTITIES)
def test_a_line_keeps_its_quantity_when_the_new_one_is_out_of_range(quantity):
    listing = a_listing(units=1000)
    basket = filled_basket((listing, 2))

    with pytest.raises(QuantityOutOfRange):
        set_quantity(basket, Line.objects.get().pk, quantity)

    assert lines_of(basket) == [(listing.pk, 2)]


def test_all_lines_together_hold_at_most_what_one_order_may():
    first, second = a_listing(units=1000), a_listing(units=1000)
    basket = filled_basket((first, 499), (second, 1))

    with pytest.raises(QuantityOutOfRange):
        add_to_basket(basket, second.pk, 1)
    with pytest.raises(QuantityOutOfRange):
        set_quantity(basket, Line.objects.get(product=first).pk, 500)

    assert lines_of(basket) == [(first.pk, 499), (second.pk, 1)]


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "rejected", "withdrawn"])
def test_a_listing_that_is_not_approved_cannot_be_bought_by_its_id(state):
    listing = ListingFactory(**{state: True})
    basket = Basket()

    with pytest.raises(NotForSale):
        add_to_basket(basket, listing.pk, 1)

    assert basket.pk is None
    assert Line.objects.count() == 0


@pytest.mark.parametrize("state", ["applied", "returned", "suspended", "closed"])
def test_a_listing_of_a_group_that_is_not_approved_cannot_be_bought_by_its_id(state):
    listing = ListingFactory(vendor=VendorFactory(**{state: True}))
    basket = Basket()

    with pytest.raises(NotForSale):
        add_to_basket(basket, listing.pk, 1)

    assert basket.pk is None
    assert Line.objects.count() == 0


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_a_size_of_a_listing_that_is_not_approved_cannot_be_bought_by_its_id(state):
    size = SizeFactory(parent=ListingFactory(stock=None, **{state: True}))

    with pytest.raises(NotForSale):
        add_to_basket(Basket(), size.pk, 1)

    assert Line.objects.count() == 0


def test_a_listing_with_sizes_is_bought_by_size_only():
    size = SizeFactory()
    basket = Basket()

    with pytest.raises(NotForSale):
        add_to_basket(basket, size.parent_id, 1)
    add_to_basket(basket, size.pk, 1)

    assert lines_of(basket) == [(size.pk, 1)]


@pytest.mark.parametrize("product_pk", [0, -1, 999_999_999])
def test_a_listing_that_does_not_exist_is_not_for_sale(product_pk):
    with pytest.raises(NotForSale):
        add_to_basket(Basket(), product_pk, 1)

    assert Basket.objects.count() == 0


def test_a_listing_without_a_price_is_not_for_sale():
    listing = ListingFactory(stock=None)

    with pytest.raises(NotForSale):
        add_to_basket(Basket(), listing.pk, 1)

    assert Basket.objects.count() == 0


def test_more_than_is_there_is_refused_and_says_how_many_are_left():
    listing = a_listing(units=3, title="Red rice")
    basket = filled_basket((listing, 2))

    with pytest.raises(NotEnoughUnits, match="Only 3 left of Red rice"):
        add_to_basket(basket, listing.pk, 2)
    with pytest.raises(NotEnoughUnits, match="Only 3 left of Red rice"):
        set_quantity(basket, Line.objects.get().pk, 4)

    assert lines_of(basket) == [(listing.pk, 2)]


def test_more_than_is_there_makes_no_basket():
    listing = a_listing(units=3)
    basket = Basket()

    with pytest.raises(NotEnoughUnits):
        add_to_basket(basket, listing.pk, 4)

    assert basket.pk is None
    assert Basket.objects.count() == 0


def test_reserved_units_are_not_there():
    listing = ListingFactory(sold_out=True, title="Red rice")

    with pytest.raises(NotEnoughUnits, match="Sold out: Red rice"):
        add_to_basket(Basket(), listing.pk, 1)

    assert Line.objects.count() == 0


def test_fewer_can_be_chosen_although_even_they_are_not_there_any_more():
    listing = a_listing(units=5)
    basket = filled_basket((listing, 5))
    StockRecord.objects.filter(product=listing).update(num_in_stock=1)

    set_quantity(basket, Line.objects.get().pk, 3)

    assert lines_of(basket) == [(listing.pk, 3)]


def test_a_second_currency_is_refused():
    rupees = a_listing()
    dollars = a_listing(stock__price_currency="USD")
    basket = filled_basket((rupees, 1))

    with pytest.raises(ForeignCurrency, match="another currency"):
        add_to_basket(basket, dollars.pk, 1)

    assert lines_of(basket) == [(rupees.pk, 1)]


@pytest.mark.parametrize("status", [Basket.SUBMITTED, Basket.FROZEN, Basket.MERGED])
def test_a_closed_basket_keeps_its_lines(status):
    listing, other = a_listing(), a_listing()
    basket = filled_basket((listing, 2))
    line = Line.objects.get()
    Basket.objects.filter(pk=basket.pk).update(status=status)

    for change in (
        lambda: add_to_basket(basket, other.pk, 1),
        lambda: set_quantity(basket, line.pk, 1),
        lambda: remove_line(basket, line.pk),
    ):
        with pytest.raises(BasketClosed):
            change()

    assert lines_of(basket) == [(listing.pk, 2)]


def test_a_line_of_another_basket_can_be_neither_changed_nor_removed():
    listing = a_listing()
    theirs, mine = filled_basket((listing, 2)), filled_basket((listing, 1))
    line = Line.objects.get(basket=theirs)

    with pytest.raises(Line.DoesNotExist):
        set_quantity(mine, line.pk, 5)
    remove_line(mine, line.pk)

    assert (lines_of(theirs), lines_of(mine)) == ([(listing.pk, 2)], [(listing.pk, 1)])


def test_a_visitor_without_a_basket_has_no_lines_to_change():
    listing = a_listing()
    theirs = filled_basket((listing, 2))
    line = Line.objects.get()

    with pytest.raises(Line.DoesNotExist):
        set_quantity(Basket(), line.pk, 5)
    remove_line(Basket(), line.pk)

    assert lines_of(theirs) == [(listing.pk, 2)]


def test_what_left_the_sale_stays_in_the_basket_with_a_warning_and_cannot_grow():
    listing = a_listing()
    basket = filled_basket((listing, 2))
    listing.vendor.state = "suspended"
    listing.vendor.save()

    with pytest.raises(NotForSale):
        set_quantity(basket, Line.objects.get().pk, 1)

    view = basket_view(basket, to_path="BT/")
    assert lines_of(basket) == [(listing.pk, 2)]
    assert "not for sale any more" in str(view.groups[0].lines[0].warning)
    assert view.can_check_out is False


def test_a_line_taken_out_twice_is_out():
    basket = filled_basket((a_listing(), 2))
    line = Line.objects.get()

    remove_line(basket, line.pk)
    remove_line(basket, line.pk)

    assert lines_of(basket) == []


def test_the_view_groups_lines_by_group_with_todays_price_and_stock():
    first, second = a_listing(price="10.05", units=4), a_listing(price="99.99", units=9)
    third = a_listing(price="1.00", vendor=first.vendor)
    basket = filled_basket((first, 3), (second, 1), (third, 2))
    StockRecord.objects.filter(product=second).update(price=F("price") + 1)

    view = basket_view(basket)

    assert [(group.vendor, group.goods_total) for group in view.groups] == [
        (first.vendor, Decimal("32.15")),
        (second.vendor, Decimal("100.99")),
    ]
    assert (view.goods_total, view.currency, view.unit_count) == (Decimal("133.14"), "INR", 6)
    assert [line.left for group in view.groups for line in group.lines] == [4, 10, 9]
    assert view.can_check_out is True


def test_the_view_of_a_basket_not_yet_made_is_empty():
    view = basket_view(Basket(), to_path="BT/")

    assert (view.groups, view.goods_total, view.can_check_out) == ([], Decimal("0.00"), False)


def test_baskets_joined_at_sign_in_keep_each_line_once_with_the_larger_quantity():
    both, only_new = a_listing(units=5), a_listing()
    saved, fresh = filled_basket((both, 4)), filled_basket((both, 3), (only_new, 2))

    saved.merge(fresh, add_quantities=False)

    assert lines_of(saved) == [(both.pk, 4), (only_new.pk, 2)]
    assert Basket.objects.get(pk=fresh.pk).status == Basket.MERGED


def test_a_basket_that_came_to_hold_two_currencies_says_so_and_sums_one():
    rupees, dollars = a_listing(price="250.00"), a_listing(price="9.00", stock__price_currency="USD")
    saved, fresh = filled_basket((rupees, 1)), filled_basket((dollars, 1))
    saved.merge(fresh, add_quantities=False)

    view = basket_view(saved, to_path="BT/")

    warnings = {line.product: str(line.warning) for group in view.groups for line in group.lines}
    assert warnings[rupees] == ""
    assert "another currency" in warnings[dollars]
    assert (view.goods_total, view.currency, view.can_check_out) == (Decimal("250.00"), "INR", False)


@pytest.mark.parametrize("count", [1, 20])
def test_the_view_takes_as_many_queries_for_one_line_as_for_twenty(count, django_assert_num_queries):
    basket = filled_basket(*[(a_listing(), 1) for _ in range(count)])

    with django_assert_num_queries(5):
        basket_view(basket, to_path="BT/")
