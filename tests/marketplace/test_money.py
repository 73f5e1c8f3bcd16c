"""Money as text: the project's own forms."""

from decimal import Decimal

import pytest

from marketplace.lib.money import format_money, format_price


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1234567.50", "BTN", "Nu.\N{NO-BREAK SPACE}12,34,567.50"),
        ("1234567.50", "INR", "₹12,34,567.50"),
        ("8190", "INR", "₹8,190.00"),
        ("0", "INR", "₹0.00"),
        ("-5.5", "BTN", "-Nu.\N{NO-BREAK SPACE}5.50"),
        ("1234567.5", "USD", "US$1,234,567.50"),
        ("1234567", "JPY", "¥1,234,567"),
        ("5", "SGD", "SGD\N{NO-BREAK SPACE}5.00"),
    ],
)
def test_amounts_are_written_with_every_place_and_the_grouping_of_their_currency(amount, currency, text):
    assert format_money(Decimal(amount), currency) == text


@pytest.mark.parametrize(
    ("amount", "text"), [("280.00", "₹280"), ("280.50", "₹280.50"), ("64000", "₹64,000")]
)
def test_a_price_leaves_out_decimals_that_are_all_zero(amount, text):
    assert format_price(Decimal(amount), "INR") == text


@pytest.mark.parametrize("amount", ["NaN", "Infinity"])
def test_what_is_no_number_is_refused(amount):
    with pytest.raises(ValueError, match="cannot write"):
        format_money(Decimal(amount), "INR")
