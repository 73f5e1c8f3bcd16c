"""The invoice of a group for its part of an order, and the credit note for what went back, as PDF."""

from django.conf import settings
from django.utils.translation import gettext as _

from marketplace.lib.money import format_money
from marketplace.lib.pdf import Column, Sheet
from orders.domain.tax import tax_within
from orders.models import Line, VendorOrder
from payments.documents.words import ZERO, address_words, goods_words, moment_day, percent, tax_words
from payments.models import Invoice, RefundItem


def invoice_pdf(invoice: Invoice, *, language: str, shows_buyer: bool) -> bytes:
    """An invoice or credit note in the active language; its words are the same whenever it is asked for.

    language: the active one. shows_buyer: False for a group that may not see name and address any more.
    """
    part = (
        VendorOrder.objects.select_related("order__shipping_address__country", "vendor__home_region__parent")
        .prefetch_related("lines")
        .get(pk=invoice.vendor_order_id)
    )
    is_note = invoice.kind == Invoice.Kind.CREDIT_NOTE
    title = _("Credit note %(number)s") if is_note else _("Invoice %(number)s")
    sheet = Sheet(
        title % {"number": invoice.number},
        language=language,
        made_at=invoice.issued_at,
        foot=f"{settings.SITE_NAME} · {part.number}",
    )
    _head(sheet, invoice, part, shows_buyer=shows_buyer)
    if is_note:
        _credit(sheet, invoice)
    else:
        _bill(sheet, part, invoice)
    return sheet.bytes()


def _head(sheet: Sheet, invoice: Invoice, part: VendorOrder, *, shows_buyer: bool) -> None:
    country = part.vendor.home_region.country_code
    facts = [
        (_("Date"), moment_day(invoice.issued_at, country)),
        (_("Order"), part.number),
        (_("Ordered on"), moment_day(part.created_at, country)),
    ]
    if invoice.refund is not None:
        billed = Invoice.objects.filter(vendor_order=part, kind=Invoice.Kind.INVOICE).first()
        facts.append((_("To invoice"), billed.number if billed else ""))
        facts.append((_("Why"), str(invoice.refund.get_reason_display())))
    sheet.facts(facts)
    buyer = (
        address_words(part.order.shipping_address) if shows_buyer else _("Name and address are not kept here")
    )
    seller = "\n".join(word for word in (invoice.seller_name, invoice.seller_address) if word)
    sheet.beside([(_("Sold by"), seller), (_("Bought by"), buyer)])


def _bill(sheet: Sheet, part: VendorOrder, invoice: Invoice) -> None:
    lines = sorted(part.lines.all(), key=lambda line: line.pk)
    columns = [
        Column(_("What"), 5),
        Column(_("Units"), 1, is_number=True),
        Column(_("Each"), 2, is_number=True),
        Column(_("Amount"), 2, is_number=True),
    ]
    sheet.table(columns, [_row(line, part.currency) for line in lines])
    sums = [
        (_("Goods"), format_money(part.goods_total, part.currency)),
        (
            _("Delivery: %(name)s") % {"name": part.delivery_name},
            format_money(part.delivery_price, part.currency),
        ),
    ]
    if part.own_discount:
        sums.append((_("Offer of the group"), format_money(-part.own_discount, part.currency)))
    if part.promotion_total:
        sums.append((_("Paid by the programme"), format_money(-part.promotion_total, part.currency)))
    if invoice.total != part.total:
        # Cash is taken at the door for what was brought there.
        sums.append((_("Not supplied"), format_money(invoice.total - part.total, part.currency)))
    sheet.sums(sums, total=(_("Total"), format_money(invoice.total, part.currency)))
    taxes = tax_words(part, lines)
    if taxes:
        sheet.sums(taxes)
    sheet.note(_("Prices contain all taxes.") if taxes else _("No tax is charged on this sale."))


def _row(line: Line, currency: str) -> list[str]:
    return [
        goods_words(line),
        str(line.quantity),
        format_money(line.unit_price_incl_tax, currency),
        format_money(line.line_price_incl_tax, currency),
    ]


def _credit(sheet: Sheet, invoice: Invoice) -> None:
    items = list(
        RefundItem.objects.filter(refund=invoice.refund, vendor_order=invoice.vendor_order_id)
        .select_related("line", "vendor_order")
        .order_by("pk")
    )
    columns = [
        Column(_("What"), 6),
        Column(_("Units"), 1, is_number=True),
        Column(_("Amount"), 2, is_number=True),
    ]
    rows = [
        [
            goods_words(item.line) if item.line else _("Delivery"),
            str(item.quantity) if item.line else "",
            format_money(item.amount, invoice.currency),
        ]
        for item in items
    ]
    sheet.table(columns, rows)
    sheet.sums([], total=(_("Given back"), format_money(invoice.total, invoice.currency)))
    rates = [
        # The tax was of all that the group got for it, from the buyer and the programme together.
        (
            item.line.tax_rate if item.line else item.vendor_order.delivery_tax_rate,
            item.amount + item.promotion,
        )
        for item in items
    ]
    tax = sum((tax_within(amount, rate) for rate, amount in rates), ZERO)
    if tax:
        names = ", ".join(percent(rate) for rate in sorted({rate for rate, _amount in rates if rate}))
        words = _("of it tax, %(rates)s") % {"rates": names}
        sheet.sums([(words, format_money(tax, invoice.currency))])
