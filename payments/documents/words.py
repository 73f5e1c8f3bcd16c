"""Words that several papers share."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from marketplace.lib.countries import country_name
from marketplace.lib.dates import local_day
from marketplace.lib.money import format_money
from orders.models import Line, ShippingAddress, VendorOrder

ZERO = Decimal("0.00")


def day_words(day: date) -> str:
    """A date in words of the language: 7 October 2026."""
    return date_format(day, "j F Y")


def short_day(day: date) -> str:
    """A date that fits a narrow column: 7 Oct 2026."""
    return date_format(day, "j M Y")


def moment_day(moment: datetime, country_code: str) -> str:
    """The day of a moment in a country of the programme, in words."""
    return day_words(local_day(moment, country_code))


def percent(rate: Decimal) -> str:
    """A fraction as people say it: 0.0500 is 5 %."""
    return f"{(rate * 100).normalize():f} %"


def goods_words(line: Line) -> str:
    """A line's title with its size."""
    return f"{line.title}, {line.size_label}" if line.size_label else line.title


def address_words(address: ShippingAddress | None) -> str:
    """Name and address of the buyer, line by line."""
    if address is None:
        return ""
    lines = [
        address.first_name,
        address.line1,
        " ".join(part for part in (address.line4, address.postcode) if part),
        address.state,
        country_name(address.country_id, address.country.printable_name),
    ]
    return "\n".join(line for line in lines if line)


def tax_words(part: VendorOrder, lines: list[Line]) -> list[tuple[str, str]]:
    """The tax that a vendor order's prices contain, by kind and rate; empty when they contain none."""
    by_rate: dict[Decimal, Decimal] = {}
    for line in lines:
        tax = line.line_price_incl_tax - line.line_price_excl_tax
        by_rate[line.tax_rate] = by_rate.get(line.tax_rate, ZERO) + tax
    rows = [
        (
            _("of it %(tax)s on goods, %(rate)s")
            % {"tax": part.goods_tax_name or _("tax"), "rate": percent(rate)},
            format_money(tax, part.currency),
        )
        for rate, tax in sorted(by_rate.items())
        if rate
    ]
    if part.delivery_tax:
        words = _("of it %(tax)s on delivery, %(rate)s") % {
            "tax": part.delivery_tax_name or _("tax"),
            "rate": percent(part.delivery_tax_rate),
        }
        rows.append((words, format_money(part.delivery_tax, part.currency)))
    return rows
