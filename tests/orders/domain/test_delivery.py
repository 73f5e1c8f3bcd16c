"""Zones, weights, free delivery and goods that spoil."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.delivery import ZONES, Package, Refusal, Tariff, covers, price_of

HOME = "BT/BT-11/BT-11-DOGA/"
STEPS = [(1000, Decimal(80)), (3000, Decimal(120))]
grams = st.integers(1, 5000)


def package(weight=500, total="100.00", spoils=False):
    return Package(Decimal(total), weight, spoils)


@pytest.mark.parametrize(
    ("to", "covering"),
    [
        ("BT/BT-11/BT-11-DOGA/", ("place", "state", "home", "anywhere")),
        ("BT/BT-11/BT-11-LANG/", ("state", "home", "anywhere")),
        ("BT/BT-11/", ("state", "home", "anywhere")),
        ("BT/BT-15/", ("home", "anywhere")),
        ("BT/", ("home", "anywhere")),
        ("IN/IN-AS/", ("abroad", "anywhere")),
        ("DE/", ("abroad", "anywhere")),
    ],
)
def test_a_zone_covers_what_lies_in_it(to, covering):
    found = [zone for zone in ZONES if covers(Tariff(zone, Decimal(1)), home=HOME, to=to)]

    assert tuple(found) == covering


def test_a_list_of_countries_narrows_a_zone_abroad():
    tariff = Tariff("abroad", Decimal(900), countries=["DE", "JP"])

    assert covers(tariff, home=HOME, to="JP/")
    assert not covers(tariff, home=HOME, to="US/")


@pytest.mark.parametrize(
    ("weight", "price"),
    [(1, 80), (1000, 80), (1001, 120), (3000, 120), (3001, Refusal.WEIGHT)],
)
def test_the_first_step_that_holds_the_weight_counts(weight, price):
    assert price_of(Tariff("home", Decimal(0), steps=STEPS), package(weight)) == price


@pytest.mark.parametrize(
    ("total", "weight", "price"),
    [("1999.99", 500, 80), ("2000.00", 500, 0), ("9000.00", 3001, Refusal.WEIGHT)],
)
def test_free_from_a_total_on_but_never_beyond_the_weight(total, weight, price):
    tariff = Tariff("home", Decimal(0), steps=STEPS, free_above=Decimal(2000))

    assert price_of(tariff, package(weight, total)) == price


def test_what_spoils_goes_only_where_it_is_said():
    assert price_of(Tariff("home", Decimal(80)), package(spoils=True)) is Refusal.SPOILS
    fresh = Tariff("home", Decimal(80), carries_perishables=True)
    assert price_of(fresh, package(spoils=True)) == price_of(fresh, package()) == 80


@given(st.dictionaries(grams, st.integers(0, 900), min_size=1, max_size=6), grams)
def test_every_weight_has_one_price_up_to_the_last_step_and_none_beyond(table, weight):
    steps = [(up_to, Decimal(cost)) for up_to, cost in sorted(table.items())]

    price = price_of(Tariff("home", Decimal(0), steps=steps), package(weight))

    if weight > steps[-1][0]:
        assert price is Refusal.WEIGHT
    else:
        assert price == table[min(up_to for up_to in table if up_to >= weight)]
