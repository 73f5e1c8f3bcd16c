"""Amounts in major units against the integers that payment services count in."""

from __future__ import annotations

from decimal import Decimal

ZERO_DECIMAL_CURRENCIES = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
THREE_DECIMAL_CURRENCIES = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])


def minor_exponent(currency: str) -> int:
    """Decimal places between a currency's major and minor unit, as providers count them.

    currency: ISO 4217 code of any case. Raises ValueError for anything that is not three letters.
    Source: Stripe's documentation, "Supported currencies" (zero- and three-decimal lists).
    """
    code = currency.upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise ValueError(f"not a currency code: {currency!r}")
    if code in ZERO_DECIMAL_CURRENCIES:
        return 0
    return 3 if code in THREE_DECIMAL_CURRENCIES else 2


def to_minor(amount: Decimal, currency: str) -> int:
    """Whole minor units of an amount: 12.30 INR is 1230, 12 JPY is 12.

    amount: major units, any sign.
    Raises ValueError for a part smaller than the smallest coin, for NaN and infinity: never rounds.
    """
    if not amount.is_finite():
        raise ValueError(f"not an amount: {amount}")
    scaled = amount.scaleb(minor_exponent(currency))
    minor = int(scaled)
    if scaled != minor:
        raise ValueError(f"{amount} {currency} has a part smaller than the smallest coin")
    return minor


def from_minor(minor: int, currency: str) -> Decimal:
    """Major units of a whole number of minor units, with the currency's full number of decimals."""
    return Decimal(minor).scaleb(-minor_exponent(currency))
