"""Tax within prices: price without tax and tax are the price, to the smallest coin."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.tax import SMALLEST, tax_within


@pytest.mark.parametrize(
    ("price", "rate", "tax"),
    [
        ("118.00", "0.18", "18.00"),
        ("100.00", "0.05", "4.76"),
        ("0.01", "0.18", "0.00"),
        ("250.00", "0", "0.00"),
        ("2.00", "1", "1.00"),
    ],
)
def test_tax_is_contained_in_the_price(price, rate, tax):
    assert tax_within(Decimal(price), Decimal(rate)) == Decimal(tax)


@given(
    price=st.decimals(min_value=0, max_value=999_999, places=2),
    rate=st.decimals(min_value=0, max_value=1, places=4),
)
def test_the_price_without_tax_times_the_rate_is_the_tax_within_a_coin(price, rate):
    tax = tax_within(price, rate)

    assert 0 <= tax <= price
    assert abs((price - tax) * rate - tax) <= SMALLEST


@pytest.mark.parametrize(("price", "rate"), [("-0.01", "0.1"), ("1", "-0.1"), ("1", "1.1")])
def test_values_out_of_range_are_refused(price, rate):
    with pytest.raises(ValueError, match="cannot find tax"):
        tax_within(Decimal(price), Decimal(rate))
