"""One cell read as a number, whichever figures it is written in. Nothing unclear becomes a number, least of all 0."""

import re
from decimal import Decimal

from django.conf import settings

from catalogue.domain.seasons import read_season
from marketplace.lib.digits import plain_digits

HIGHEST_PRICE = Decimal("9999999999.99")
HIGHEST_CONTENT = Decimal("9999999.999")
HIGHEST_GRAMS = 1_000_000
# As people write it, in the languages of the pages, and as spreadsheets do.
_TRUTHS = {
    **dict.fromkeys(("yes", "y", "true", "1", "x", "हाँ", "हां", "ཨིན"), True),
    **dict.fromkeys(("no", "n", "false", "0", "नहीं", "མེན"), False),
}
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?")


class CellRefused(Exception):
    """The cell cannot be read. code: of catalogue.imports.faults; values: of its words."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def read_price(text: str) -> Decimal:
    """A price with at most two decimals, above zero. Raises CellRefused."""
    figures = _figures(text)
    if "," in figures and any(sign.isdigit() for sign in figures):
        raise CellRefused("price_comma")
    if not _PLAIN.fullmatch(figures):
        raise CellRefused("price_no_number")
    price = Decimal(figures)
    if price <= 0:
        raise CellRefused("price_not_positive")
    if price > HIGHEST_PRICE:
        raise CellRefused("price_too_high")
    if price != round(price, 2):
        raise CellRefused("price_decimals")
    return round(price, 2)


def read_units(text: str, *, most: int) -> int:
    """A whole number from 0 to most; "25.0", as spreadsheets write it, is one. Raises CellRefused."""
    figures = _figures(text)
    if not re.fullmatch(r"\d+(\.0+)?", figures):
        raise CellRefused("stock_no_number")
    units = Decimal(figures)
    if units > most:
        raise CellRefused("stock_too_many", most=most)
    return int(units)


def read_content(text: str) -> Decimal:
    """A net content above zero, with at most three decimals. Raises CellRefused."""
    figures = _figures(text)
    if not _PLAIN.fullmatch(figures):
        raise CellRefused("content_no_number")
    content = Decimal(figures)
    if not 0 < content <= HIGHEST_CONTENT or content != round(content, 3):
        raise CellRefused("content_no_number")
    return content


def read_grams(text: str) -> int:
    """A weight in whole grams, above zero. Raises CellRefused."""
    figures = _figures(text)
    if not re.fullmatch(r"\d+(\.0+)?", figures) or not 0 < Decimal(figures) <= HIGHEST_GRAMS:
        raise CellRefused("weight_no_number", most=HIGHEST_GRAMS)
    return int(Decimal(figures))


def read_truth(text: str) -> bool:
    """Yes or no. Raises CellRefused."""
    found = _TRUTHS.get(_figures(text).casefold())
    if found is None:
        raise CellRefused("truth_unclear")
    return found


def read_language(text: str) -> str:
    """The code of one of our languages. Raises CellRefused."""
    codes = [code for code, _name in settings.LANGUAGES]
    if text.strip().lower() not in codes:
        raise CellRefused("language_unknown", codes=", ".join(codes))
    return text.strip().lower()


def read_months(text: str) -> str:
    """A season as catalogue.domain.seasons writes it. Raises CellRefused."""
    try:
        return read_season(_figures(text))
    except ValueError:
        raise CellRefused("season_unclear") from None


def _figures(text: str) -> str:
    """The text with Devanagari, Tibetan and other figures written as ours."""
    return plain_digits(text.strip())
