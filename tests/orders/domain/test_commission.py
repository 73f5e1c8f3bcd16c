"""Commission: to the smallest coin, never more than the goods."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.commission import SMALLEST, commission_on

amounts = st.decimals(min_value=0, max_value=9_999_999_999, places=2)
rates = st.decimals(min_value=0, max_value=1, places=4)


@given(goods=amounts, rate=rates)
def test_commission_lies_between_nothing_and_the_goods_and_has_two_decimals(goods, rate):
    commission = commission_on(goods, rate)

    assert 0 <= commission <= goods
    assert commission.as_tuple().exponent == -2
    assert abs(commission - goods * rate) <= SMALLEST / 2


@given(goods=amounts)
def test_no_rate_takes_nothing_and_the_whole_rate_takes_all(goods):
    assert commission_on(goods, Decimal(0)) == 0
    assert commission_on(goods, Decimal(1)) == goods


@pytest.mark.parametrize(
    ("goods", "rate", "commission"),
    [
        ("250.00", "0.0800", "20.00"),
        ("0.06", "0.0800", "0.00"),
        ("0.07", "0.0800", "0.01"),
        # Half a coin goes up, also where banks would round to even.
        ("0.50", "0.0100", "0.01"),
        ("2.50", "0.0100", "0.03"),
        ("1.00", "0.3333", "0.33"),
    ],
)
def test_half_a_coin_rounds_up(goods, rate, commission):
    assert commission_on(Decimal(goods), Decimal(rate)) == Decimal(commission)


@given(lines=st.lists(amounts, min_size=7, max_size=7), rate=rates)
@pytest.mark.fault(48)
def test_seven_lines_are_rounded_once_not_line_by_line(lines, rate):
    goods = sum(lines, Decimal())

    commission = commission_on(goods, rate)

    assert commission == (goods * rate).quantize(SMALLEST, rounding=ROUND_HALF_UP)
    assert commission + (goods - commission) == goods


@pytest.mark.parametrize(
    ("goods", "rate"), [("-0.01", "0.08"), ("1.00", "-0.0001"), ("1.00", "1.0001"), ("1.00", "8")]
)
def test_a_value_out_of_range_is_refused(goods, rate):
    with pytest.raises(ValueError, match="cannot take commission"):
        commission_on(Decimal(goods), Decimal(rate))
