"""One cell read as a number, whichever figures it is written in. Nothing unclear becomes a number, least of all 0."""

import re
import unicodedata
from decimal import Decimal

HIGHEST_PRICE = Decimal("9999999999.99")
HIGHEST_CONTENT = Decimal("9999999.999")
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


def _figures(text: str) -> str:
    """The text with Devanagari, Tibetan and other figures written as ours."""
    return "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in text.strip())
