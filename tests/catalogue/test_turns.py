"""The order of equals: what can be bought comes first, and a group's or place's many do not fill the first page."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from catalogue.domain.turns import Candidate, in_turns

DAY = date(2026, 11, 29)
PAGE = 24


def a_listing(key, *, fit=8, can_be_bought=True, vendor=1, place=1):
    return Candidate(key, fit, can_be_bought, vendor, place)


def test_a_group_with_200_listings_does_not_stand_before_ten_with_one():
    many = [a_listing(key, vendor=1, place=1) for key in range(200)]
    few = [a_listing(1000 + key, vendor=10 + key, place=10 + key) for key in range(10)]

    first = in_turns([*many, *few], day=DAY)[:PAGE]

    assert {row.key for row in few} <= set(first[:11])


def test_a_place_with_100_groups_does_not_stand_before_ten_places_with_one():
    many = [a_listing(key, vendor=key, place=1) for key in range(100)]
    few = [a_listing(1000 + key, vendor=1000 + key, place=10 + key) for key in range(10)]

    assert {row.key for row in few} <= set(in_turns([*many, *few], day=DAY)[:11])


def test_the_turns_of_a_place_go_round_its_groups():
    large = [a_listing(key, vendor=1) for key in range(200)]
    small = a_listing(1000, vendor=2)

    assert in_turns([*large, small], day=DAY).index(1000) < 2


def test_what_fits_better_comes_first_then_what_can_be_bought():
    rows = [
        a_listing(1, fit=4),
        a_listing(2, fit=8, can_be_bought=False, vendor=2),
        a_listing(3, fit=8, vendor=3),
        a_listing(4, fit=8, vendor=3),
    ]

    assert in_turns(rows, day=DAY)[2:] == [2, 1]


def test_the_order_is_another_one_on_another_day():
    rows = [a_listing(key, vendor=key, place=key) for key in range(50)]

    assert in_turns(rows, day=DAY) != in_turns(rows, day=date(2026, 11, 30))


@given(
    st.lists(
        st.builds(
            Candidate,
            key=st.integers(1, 10_000),
            fit=st.integers(1, 8),
            can_be_bought=st.booleans(),
            vendor=st.integers(1, 5),
            place=st.integers(1, 5),
        ),
        unique_by=lambda row: row.key,
        max_size=60,
    ),
    st.randoms(),
)
def test_each_listing_stands_once_in_an_order_that_no_query_plan_changes(rows, lot):
    order = in_turns(rows, day=DAY)
    shuffled = list(rows)
    lot.shuffle(shuffled)

    assert sorted(order) == sorted(row.key for row in rows)
    assert in_turns(shuffled, day=DAY) == order
