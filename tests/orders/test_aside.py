"""Saved for later out of the basket, and back: nothing is lost, whatever is pressed twice or at once."""

import pytest

from orders.basket.models import Basket, Line, SetAside
from orders.errors import BasketClosed, NotEnoughUnits, NotForSale, TooMuchSetAside
from orders.selectors.aside import set_aside_by
from orders.services import aside
from orders.services.aside import Returned, forget, put_back, set_aside
from orders.services.baskets import add_to_basket
from tests.factories.catalogue import ListingFactory, SizeFactory
from tests.factories.people import PersonFactory
from tests.support.race import race
from vendors.models import StockRecord

pytestmark = pytest.mark.django_db


def filled(person, *things):
    """The open basket of a person with units of listings."""
    basket = Basket.objects.create(owner=person)
    for product, units in things:
        add_to_basket(basket, product.pk, units)
    return basket


def in_basket():
    return list(Line.objects.order_by("pk").values_list("product", "quantity"))


def on_list(person):
    return list(SetAside.objects.filter(person=person).order_by("pk").values_list("product", "quantity"))


def test_a_line_goes_on_the_list_with_its_units_and_back_and_each_press_twice_does_it_once():
    person, rice, honey = PersonFactory(), ListingFactory(title="Red rice"), ListingFactory()
    basket = filled(person, (rice, 3), (honey, 1))

    assert [set_aside(basket, person, rice.pk) for _ in range(2)] == ["Red rice", None]
    assert (in_basket(), on_list(person)) == ([(honey.pk, 1)], [(rice.pk, 3)])

    assert [put_back(basket, person, rice.pk) for _ in range(2)] == [Returned("Red rice", 3, 0), None]
    assert (in_basket(), on_list(person)) == ([(honey.pk, 1), (rice.pk, 3)], [])


def test_a_size_stays_the_size_it_was():
    person, size = PersonFactory(), SizeFactory(size_label="1 kg", parent__title="Red rice")
    basket = filled(person, (size, 2))

    assert set_aside(basket, person, size.pk) == "Red rice"
    (line,) = set_aside_by(person)

    assert (line.product.size_label, line.quantity, line.listing.pk) == ("1 kg", 2, size.parent_id)


def test_units_set_aside_before_are_added_to():
    person, rice = PersonFactory(), ListingFactory()
    basket = filled(person, (rice, 3))
    set_aside(basket, person, rice.pk)
    add_to_basket(basket, rice.pk, 2)

    set_aside(basket, person, rice.pk)

    assert (in_basket(), on_list(person)) == ([], [(rice.pk, 5)])


def test_as_many_go_back_as_are_there_and_the_rest_stays_on_the_list():
    person, rice = PersonFactory(), ListingFactory(title="Red rice")
    basket = filled(person, (rice, 5))
    set_aside(basket, person, rice.pk)
    add_to_basket(basket, rice.pk, 1)
    StockRecord.objects.filter(product=rice).update(num_in_stock=3)

    assert put_back(basket, person, rice.pk) == Returned("Red rice", 2, 3)

    assert (in_basket(), on_list(person)) == ([(rice.pk, 3)], [(rice.pk, 3)])


@pytest.mark.parametrize(("what", "error"), [("sold out", NotEnoughUnits), ("withdrawn", NotForSale)])
def test_what_cannot_be_had_stays_on_the_list(what, error):
    person, rice = PersonFactory(), ListingFactory()
    basket = filled(person, (rice, 5))
    set_aside(basket, person, rice.pk)
    if what == "sold out":
        StockRecord.objects.filter(product=rice).update(num_in_stock=0)
    else:
        type(rice).objects.filter(pk=rice.pk).update(state="withdrawn", is_public=False)

    with pytest.raises(error):
        put_back(basket, person, rice.pk)

    assert (in_basket(), on_list(person)) == ([], [(rice.pk, 5)])


def test_a_basket_that_was_ordered_is_left_alone():
    person, rice = PersonFactory(), ListingFactory()
    basket = filled(person, (rice, 1))
    Basket.objects.filter(pk=basket.pk).update(status=Basket.FROZEN)

    with pytest.raises(BasketClosed):
        set_aside(basket, person, rice.pk)

    assert (in_basket(), on_list(person)) == ([(rice.pk, 1)], [])


def test_a_full_list_takes_no_more_and_the_basket_keeps_it(monkeypatch):
    monkeypatch.setattr(aside, "MOST", 1)
    person, rice, honey = PersonFactory(), ListingFactory(), ListingFactory()
    basket = filled(person, (rice, 1), (honey, 1))
    set_aside(basket, person, rice.pk)

    with pytest.raises(TooMuchSetAside):
        set_aside(basket, person, honey.pk)

    assert (in_basket(), on_list(person)) == ([(honey.pk, 1)], [(rice.pk, 1)])


def test_nothing_of_another_persons_list_goes_back_or_is_forgotten():
    owner, other, rice = PersonFactory(), PersonFactory(), ListingFactory()
    set_aside(filled(owner, (rice, 2)), owner, rice.pk)

    assert put_back(Basket.objects.create(owner=other), other, rice.pk) is None
    forget(other, rice.pk)

    assert on_list(owner) == [(rice.pk, 2)]
    assert set_aside_by(other) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("guarded", "units"), [(True, 3), (False, 24)], ids=["guarded", "control"])
def test_eight_presses_at_once_move_the_units_once(guarded, units, monkeypatch):
    person, rice = PersonFactory(), ListingFactory(stock__num_in_stock=100)
    basket = filled(person, (rice, 3))
    set_aside(basket, person, rice.pk)
    if not guarded:
        # Each reads the list before any of them writes: what the locks keep apart.
        row = SetAside.objects.get()
        monkeypatch.setattr(aside, "lock_basket", lambda _basket: None)
        monkeypatch.setattr(SetAside.objects.__class__, "select_for_update", lambda self: _Always(row))

    race(lambda: put_back(Basket.objects.get(pk=basket.pk), person, rice.pk), contenders=8)

    assert in_basket() == [(rice.pk, units)]
    assert SetAside.objects.count() == 0


class _Always:
    """Rows that are still there for everybody."""

    def __init__(self, row):
        self.row = row

    def filter(self, **_which):
        return self

    def first(self):
        return SetAside(
            pk=self.row.pk, person=self.row.person, product=self.row.product, quantity=3, title="Red rice"
        )


@pytest.mark.django_db(transaction=True)
def test_back_and_forth_at_once_never_waits_for_each_other_and_loses_nothing():
    person, rice = PersonFactory(), ListingFactory(stock__num_in_stock=100)
    basket = filled(person, (rice, 4))
    turns = iter(range(12))

    def press():
        mine = Basket.objects.get(pk=basket.pk)
        deed = set_aside if next(turns) % 2 else put_back
        deed(mine, person, rice.pk)

    outcomes = race(press, contenders=12)

    assert outcomes == [None] * 12
    assert sum(units for _pk, units in [*in_basket(), *on_list(person)]) == 4
