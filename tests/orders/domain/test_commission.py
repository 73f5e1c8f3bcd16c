"""Commission: to the smallest coin, never more than the goods."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.commission import SMALLEST, commission_on, kept_back

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


priced = st.tuples(st.decimals(min_value=0, max_value=99_999, places=2), rates)


@pytest.mark.fault(48)
@given(lines=st.lists(priced, min_size=1, max_size=9), tax_rate=rates)
def test_what_is_kept_back_adds_up_line_by_line_and_never_exceeds_the_goods(lines, tax_rate):
    kept = kept_back(lines, tax_rate=tax_rate)

    assert (sum(kept.commissions), sum(kept.taxes)) == (kept.commission, kept.tax)
    assert all(0 <= part <= price for part, (price, _) in zip(kept.commissions, lines, strict=True))
    assert all(part >= 0 for part in kept.taxes)
    assert kept.commission + kept.tax <= sum(price for price, _ in lines)


@given(lines=st.lists(priced, min_size=1, max_size=9))
def test_lines_of_one_rate_are_rounded_once_together(lines):
    kept = kept_back(lines, tax_rate=Decimal(0))

    by_rate = {rate: sum(price for price, other in lines if other == rate) for _, rate in lines}
    assert kept.commission == sum(commission_on(goods, rate) for rate, goods in by_rate.items())


@pytest.mark.fault(48)
def test_seven_lines_of_one_coin_share_one_coin_of_commission():
    kept = kept_back([(Decimal("0.07"), Decimal("0.0800"))] * 7, tax_rate=Decimal("0.1800"))

    assert kept.commission == Decimal("0.04")  # one by one it would be 7 x 0.01
    assert sorted(kept.commissions, reverse=True) == [Decimal("0.01")] * 4 + [Decimal("0.00")] * 3
    assert (kept.tax, sum(kept.taxes)) == (Decimal("0.01"), Decimal("0.01"))


def test_a_rate_that_leaves_no_room_for_its_tax_takes_the_goods_and_no_more():
    kept = kept_back([(Decimal("118.00"), Decimal(1))], tax_rate=Decimal("0.1800"))

    assert (kept.commission, kept.tax) == (Decimal("100.00"), Decimal("18.00"))


@pytest.mark.parametrize("tax_rate", ["-0.01", "1.01"])
def test_a_tax_rate_out_of_range_is_refused(tax_rate):
    with pytest.raises(ValueError, match="cannot take tax"):
        kept_back([(Decimal(1), Decimal("0.08"))], tax_rate=Decimal(tax_rate))
