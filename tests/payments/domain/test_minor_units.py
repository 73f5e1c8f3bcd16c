"""Amounts and the integers that providers count in."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.domain.minor_units import from_minor, minor_exponent, to_minor

CURRENCIES = st.sampled_from(["INR", "USD", "BTN", "JPY", "KWD", "inr"])


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.30", "INR", 1230),
        ("0.01", "USD", 1),
        ("12", "JPY", 12),
        ("1.234", "KWD", 1234),
        ("-5.00", "INR", -500),
        ("1E+3", "INR", 100000),
        ("1.2300", "INR", 123),
    ],
)
def test_an_amount_is_counted_in_whole_coins(amount, currency, minor):
    assert to_minor(Decimal(amount), currency) == minor


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("0.001", "INR"),
        ("0.5", "JPY"),
        ("1.2345", "KWD"),
        ("NaN", "INR"),
        ("Infinity", "USD"),
        ("-0.009", "INR"),
    ],
)
def test_less_than_a_coin_is_refused_and_never_rounded(amount, currency):
    with pytest.raises(ValueError, match=r"smallest coin|not an amount"):
        to_minor(Decimal(amount), currency)


@pytest.mark.parametrize("currency", ["", "IN", "INRR", "I1R", "₹₹₹"])
def test_what_is_not_a_currency_is_refused(currency):
    with pytest.raises(ValueError, match="not a currency"):
        minor_exponent(currency)


@given(minor=st.integers(-(10**15), 10**15), currency=CURRENCIES)
def test_coins_to_amount_and_back_are_the_same(minor, currency):
    amount = from_minor(minor, currency)

    assert to_minor(amount, currency) == minor
    assert -amount.as_tuple().exponent == minor_exponent(currency)


@given(first=st.integers(-(10**12), 10**12), second=st.integers(-(10**12), 10**12), currency=CURRENCIES)
def test_the_coins_of_a_sum_are_the_sum_of_the_coins(first, second, currency):
    total = from_minor(first, currency) + from_minor(second, currency)

    assert to_minor(total, currency) == first + second
