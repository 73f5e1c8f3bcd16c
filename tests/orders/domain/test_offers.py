"""What offers take off, and who pays, to the last unit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.offers import Goods, Refusal, Scope, Terms, reckon, split

D = Decimal
PRICES = st.integers(0, 10_000_000).map(lambda units: D(units).scaleb(-2))


def goods(key=1, price="100.00", vendor=1, **changes):
    """One line of a group."""
    fields = {"place": "BT/lhuentse/khoma/", "listing": frozenset({key}), **changes}
    return Goods(key=key, price=D(price), vendor=vendor, **fields)


def terms(key=1, payer=None, scope=None, **changes):
    """Ten percent of everything, given by the programme."""
    fields = {"percent": D(10)} if "amount" not in changes else {}
    return Terms(key=key, payer=payer, scope=scope or Scope(), **{**fields, **changes})


def taken(reckoned):
    """Key of the offer -> its parts by line."""
    return {each.terms.key: dict(each.parts) for each in reckoned.given}


@given(weights=st.lists(PRICES, min_size=1, max_size=12), units=st.integers(0, 10_000_000))
def test_parts_add_up_and_none_is_a_unit_from_its_exact_part(weights, units):
    total = sum(weights)
    whole = D(units).scaleb(-2) if total else D(0)

    parts = split(whole, weights)

    assert sum(parts) == whole
    assert all(part >= 0 and part == part.quantize(D("0.01")) for part in parts)
    if total:
        assert all(
            abs(part - whole * weight / total) < D("0.01")
            for part, weight in zip(parts, weights, strict=True)
        )
        assert all(part <= weight for part, weight in zip(parts, weights, strict=True)) or whole > total


def test_the_largest_remainders_get_the_units_that_are_left():
    assert split(D("0.10"), [D(1), D(1), D(1)]) == [D("0.04"), D("0.03"), D("0.03")]
    assert split(D("1.00"), [D("0.10"), D("0.55"), D("0.35")]) == [D("0.10"), D("0.55"), D("0.35")]
    assert split(D("0.01"), [D("3.33"), D("3.34"), D("3.33")]) == [D("0.00"), D("0.01"), D("0.00")]
    assert split(D(0), [D(0), D(0)]) == [D(0), D(0)]


@pytest.mark.parametrize(
    ("whole", "weights"), [("-1", ["1"]), ("1", ["0"]), ("1", ["-1", "2"]), ("0.001", ["1"]), ("1", [])]
)
def test_what_cannot_be_split_is_refused(whole, weights):
    with pytest.raises(ValueError, match=r"cannot split|whole units"):
        split(D(whole), [D(weight) for weight in weights])


def test_a_percentage_is_rounded_once_and_split_over_the_lines():
    lines = [goods(key, price="33.35") for key in (1, 2, 3)]

    found = reckon(lines, [terms(percent=D(15))])

    assert taken(found) == {1: {1: D("5.01"), 2: D("5.00"), 3: D("5.00")}}


def test_an_amount_takes_no_more_than_nine_tenths():
    assert taken(reckon([goods(price="40.00")], [terms(amount=D(500))])) == {1: {1: D("36.00")}}
    assert taken(reckon([goods(price="40.00")], [terms(amount=D(25))])) == {1: {1: D("25.00")}}


def test_what_a_group_gives_comes_off_first_and_the_programmes_off_the_rest():
    lines = [goods(1, price="100.00", vendor=1), goods(2, price="50.00", vendor=2)]

    found = reckon(lines, [terms(1), terms(2, payer=1, percent=D(20))])

    assert taken(found) == {2: {1: D("20.00")}, 1: {1: D("8.00"), 2: D("5.00")}}


def test_a_group_pays_for_its_own_goods_alone():
    found = reckon([goods(vendor=2)], [terms(payer=1)])

    assert (taken(found), found.refused) == ({}, {1: Refusal.OTHER_GOODS})


def test_of_two_offers_of_one_payer_a_line_has_the_one_that_takes_off_more():
    lines = [goods(1), goods(2)]
    one = terms(1, scope=Scope(listings=frozenset({2})), percent=D(50))

    found = reckon(lines, [terms(2, percent=D(20)), one])

    assert taken(found) == {1: {2: D("50.00")}, 2: {1: D("20.00")}}


def test_a_code_that_takes_off_no_more_than_what_is_there_without_it_is_said_to():
    found = reckon([goods()], [terms(1, percent=D(20)), terms(2, is_asked=True)])

    assert (taken(found), found.refused) == ({1: {1: D("20.00")}}, {2: Refusal.NOT_BETTER})


def test_of_equal_offers_the_one_with_the_code_counts():
    assert list(taken(reckon([goods()], [terms(1), terms(2, is_asked=True)]))) == [2]


@pytest.mark.parametrize(
    ("scope", "is_for"),
    [
        (Scope(), True),
        (Scope(place="BT/lhuentse/"), True),
        (Scope(place="BT/paro/"), False),
        (Scope(vendor=1), True),
        (Scope(vendor=2), False),
        (Scope(categories=("0002", "0003")), True),
        (Scope(categories=("0004",)), False),
        (Scope(listings=frozenset({7, 9})), True),
        (Scope(listings=frozenset({9})), False),
        (Scope(vendor=1, categories=("0004",)), False),
    ],
)
def test_an_offer_is_for_goods_that_fit_all_that_it_says(scope, is_for):
    line = goods(listing=frozenset({7, 8}), categories=("00030001",))

    assert scope.holds(line) is is_for


def test_goods_below_the_minimum_get_nothing():
    lines = [goods(1, price="60.00"), goods(2, price="39.99")]

    assert reckon(lines, [terms(minimum=D(100))]).refused == {1: Refusal.BELOW_MINIMUM}
    assert reckon(lines, [terms(minimum=D("99.99"))]).refused == {}


def test_the_minimum_asks_for_goods_that_the_offer_is_for_at_their_price():
    lines = [goods(1, price="100.00", vendor=1), goods(2, price="900.00", vendor=2)]
    own = terms(1, payer=1, percent=D(20))

    assert reckon(lines, [own, terms(2, scope=Scope(vendor=1), minimum=D(100))]).refused == {}
    assert reckon(lines, [terms(2, scope=Scope(vendor=1), minimum=D(101))]).refused == {
        2: Refusal.BELOW_MINIMUM
    }


def test_an_offer_of_which_too_little_money_is_left_gives_nothing():
    assert reckon([goods()], [terms(left=D("9.99"))]).refused == {1: Refusal.MONEY_USED_UP}
    assert reckon([goods()], [terms(left=D("10.00"))]).refused == {}


def test_what_costs_less_than_one_is_left_as_it_is():
    found = reckon([goods(1, price="0.99"), goods(2, price="1.00")], [terms(percent=D(90))])

    assert taken(found) == {1: {2: D("0.90")}}


OFFERS = st.lists(
    st.builds(
        lambda payer, vendor, is_percent, value, minimum, is_asked: terms(
            payer=payer,
            scope=Scope(vendor=vendor),
            minimum=D(minimum),
            is_asked=is_asked,
            **({"percent": D(value) % 90 + 1} if is_percent else {"amount": D(value) + D("0.01")}),
        ),
        st.sampled_from([None, 1, 2]),
        st.sampled_from([None, 1, 2]),
        st.booleans(),
        st.integers(0, 5000),
        st.integers(0, 100),
        st.booleans(),
    ),
    max_size=6,
).map(lambda found: [Terms(**{**each.__dict__, "key": key}) for key, each in enumerate(found)])


@given(
    lines=st.lists(st.tuples(st.integers(1, 500_000), st.sampled_from([1, 2, 3])), min_size=1, max_size=6),
    offers=OFFERS,
)
def test_whatever_offers_there_are_each_line_keeps_a_price_and_has_one_of_each_payer(lines, offers):
    basket = [
        goods(key, price=str(D(units).scaleb(-2)), vendor=vendor) for key, (units, vendor) in enumerate(lines)
    ]

    found = reckon(basket, offers)
    again = reckon(basket, list(reversed(offers)))

    assert taken(found) == taken(again)
    for line in basket:
        parts = [(each.terms.payer, each.parts[line.key]) for each in found.given if line.key in each.parts]
        assert sum(part for _payer, part in parts) < line.price
        assert all(part > 0 for _payer, part in parts)
        assert all(payer in (None, line.vendor) for payer, _part in parts)
        assert len({payer is None for payer, _part in parts}) == len(parts)
    assert {each.terms.key for each in found.given}.isdisjoint(found.refused)
