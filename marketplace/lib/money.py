"""Amounts of money as text."""

from decimal import Decimal

from babel.numbers import format_decimal, get_currency_precision

# Sign before the digits and how digits are grouped. Set per currency: what "en" would print is not what people here write.
_SIGNS = {"BTN": "Nu.", "INR": "₹", "THB": "฿", "USD": "US$", "EUR": "€", "JPY": "¥"}
_GROUPED_BY_LAKH = {"BTN", "INR"}
# Between a sign that ends in a letter or point and its digits: a space at which no line breaks.
_JOINT = "\u00a0"
# What is charged to a buyer who reckons in ngultrum, on one line.
AT_PAR = "Nu. 1 = ₹1".replace(" ", _JOINT)


def format_money(amount: Decimal, currency: str) -> str:
    """Write an amount with its currency, every place of the smallest unit shown: "Nu. 12,34,567.50".

    amount: in currency, finite. currency: ISO 4217 code; one without a sign of its own is written "SGD 5.00". The space in
    both keeps sign and digits on one line.
    Raises ValueError for an amount that is not a number.
    """
    return _write(amount, currency, decimals=get_currency_precision(currency))


def format_price(amount: Decimal, currency: str) -> str:
    """Write a price as on a card: like format_money, without the decimals when they are all zero ("₹280")."""
    whole = amount.is_finite() and amount == amount.to_integral_value()
    return _write(amount, currency, decimals=0 if whole else get_currency_precision(currency))


def currency_sign(currency: str) -> str:
    """How a currency stands before an amount, for labels: "₹", and "SGD" for one without a sign of its own."""
    return _SIGNS.get(currency, currency)


def _write(amount: Decimal, currency: str, *, decimals: int) -> str:
    if not amount.is_finite():
        raise ValueError(f"cannot write {amount} {currency}")
    groups = "#,##,##0" if currency in _GROUPED_BY_LAKH else "#,##0"
    digits = format_decimal(abs(amount), format=f"{groups}.{'0' * decimals}".rstrip("."), locale="en")
    sign = "-" if amount < 0 else ""
    words = _SIGNS.get(currency, currency)
    joint = _JOINT if words.endswith(".") or words == currency else ""
    return f"{sign}{words}{joint}{digits}"
