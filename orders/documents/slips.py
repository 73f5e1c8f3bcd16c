"""The packing slip that lies in a parcel, as PDF."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils.formats import date_format

from marketplace.lib.dates import local_day
from marketplace.lib.money import format_money
from marketplace.lib.pdf import Column, Sheet
from orders.documents.words import Language, word
from orders.models import Line, Package, ShippingAddress, VendorOrder
from orders.policies import can_see_buyer


def slip_pdf(row: VendorOrder, *, language: Language, now: datetime) -> bytes:
    """The slip of one vendor order: what was packed, for whom, from whom; of a gift without prices.

    language: also the active one, for dates. Buyer and words to a gift stand on it only while the group may see them.
    Goods stand package by package where there are several, or where one does not hold all of them. Nothing of the
    order's other groups is on it.
    """
    lines = list(row.lines.order_by("pk"))
    packages = list(row.packages.prefetch_related("lines").order_by("place"))
    country = row.vendor.home_region.country_code
    sheet = Sheet(
        f"{word('slip', language)} {row.number}",
        language=language,
        made_at=row.released_at or row.created_at,
        foot=f"{settings.SITE_NAME} · {row.number}",
    )
    sheet.facts(
        [
            (word("ordered on", language), date_format(local_day(row.created_at, country), "j F Y")),
            (word("delivery", language), row.delivery_name),
            (word("packages", language), str(len(packages)) if packages else ""),
        ]
    )
    is_shown = can_see_buyer(row, now=now)
    buyer = _address(row.order.shipping_address) if is_shown else word("hidden", language)
    seller = "\n".join(part for part in (row.vendor.name, str(row.vendor.home_region)) if part)
    sheet.beside([(word("from", language), seller), (word("to", language), buyer)])
    _goods(sheet, row, lines, packages=packages, language=language)
    missing = [(line, line.cancelled_quantity) for line in lines if line.cancelled_quantity]
    if missing:
        names = ", ".join(f"{count} x {_title(line)}" for line, count in missing)
        sheet.note(f"{word('not supplied', language)}: {names}")
    if row.order.is_gift:
        sheet.heading(word("gift", language))
        sheet.text(row.order.gift_message if is_shown else "")
    sheet.gap()
    sheet.note(word("thanks", language))
    return sheet.bytes()


def _goods(
    sheet: Sheet, row: VendorOrder, lines: Sequence[Line], *, packages: Sequence[Package], language: Language
) -> None:
    by_key = {line.pk: line for line in lines}
    is_whole = len(packages) == 1 and not any(line.to_pack for line in lines)
    if not packages or is_whole:
        rows = [(line, line.quantity - line.cancelled_quantity) for line in lines]
        _table(sheet, row, rows, language=language)
        return
    for package in packages:
        sheet.heading(word("package", language) % {"place": package.place})
        content = [(by_key[each.line_id], each.quantity) for each in package.lines.all()]
        _table(sheet, row, content, language=language)


def _table(sheet: Sheet, row: VendorOrder, units: Sequence[tuple[Line, int]], *, language: Language) -> None:
    columns = [Column(word("what", language), 6), Column(word("units", language), 1, is_number=True)]
    shows_prices = not row.order.is_gift
    if shows_prices:
        columns += [
            Column(word("each", language), 2, is_number=True),
            Column(word("amount", language), 2, is_number=True),
        ]
    rows = []
    for line, count in units:
        if count:
            each = line.unit_price_incl_tax
            prices = [format_money(each, row.currency), format_money(each * count, row.currency)]
            rows.append([_title(line), str(count), *(prices if shows_prices else [])])
    sheet.table(columns, rows)


def _title(line: Line) -> str:
    return f"{line.title}, {line.size_label}" if line.size_label else str(line.title)


def _address(address: ShippingAddress | None) -> str:
    if address is None:
        return ""
    town = " ".join(part for part in (address.line4, address.postcode) if part)
    phone = str(address.phone_number or "")
    parts = [address.first_name, address.line1, town, address.state, str(address.country), phone]
    return "\n".join(part for part in parts if part)
