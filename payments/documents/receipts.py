"""The buyer's receipt for a whole order: every group's goods, delivery, tax, how it was paid, what went back."""

from decimal import Decimal

from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from marketplace.lib.money import format_money
from marketplace.lib.pdf import Column, Sheet
from orders.models import Line, Order, VendorOrder
from orders.selectors.offers import discount_words
from payments.documents.words import ZERO, address_words, goods_words, moment_day
from payments.models import PaymentAttempt, Refund

_NOT_OWED = (Refund.State.PROPOSED, Refund.State.REJECTED)


def receipt_pdf(order: Order, *, language: str) -> bytes:
    """The receipt of a paid order in the active language; refunds decided since stand on it too.

    language: the active one. Raises ValueError for an order that was not paid.
    """
    if order.paid_at is None:
        raise ValueError(f"order {order.number} was not paid")
    parts = list(
        order.vendor_orders.select_related("vendor__home_region")
        .prefetch_related(Prefetch("lines", Line.objects.order_by("pk")))
        .order_by("pk")
    )
    attempt = order.attempts.filter(state=PaymentAttempt.State.SUCCEEDED).first()
    sheet = Sheet(
        _("Receipt for order %(number)s") % {"number": order.number},
        language=language,
        made_at=order.paid_at,
        foot=f"{settings.SITE_NAME} · {order.number}",
    )
    country = parts[0].vendor.home_region.country_code
    sheet.facts(
        [
            (_("Ordered on"), moment_day(order.date_placed, country)),
            (_("Paid on"), moment_day(order.paid_at, country)),
            (_("Paid by"), str(attempt.get_provider_display()) if attempt else ""),
        ]
    )
    sheet.beside([(_("Bought by"), address_words(order.shipping_address))])
    for part in parts:
        _part(sheet, part)
    _sums(sheet, order, attempt, parts)
    return sheet.bytes()


def _part(sheet: Sheet, part: VendorOrder) -> None:
    sheet.heading(part.vendor.name)
    columns = [
        Column(_("What"), 6),
        Column(_("Units"), 1, is_number=True),
        Column(_("Amount"), 2, is_number=True),
    ]
    rows = [
        [goods_words(line), str(line.quantity), format_money(line.line_price_incl_tax, part.currency)]
        for line in part.lines.all()
    ]
    delivery = _("Delivery: %(name)s") % {"name": part.delivery_name}
    rows.append([delivery, "", format_money(part.delivery_price, part.currency)])
    sheet.table(columns, rows)


def _sums(sheet: Sheet, order: Order, attempt: PaymentAttempt | None, parts: list[VendorOrder]) -> None:
    def written(amount: Decimal) -> str:
        return format_money(amount, order.currency)

    sheet.heading(_("In all"))
    goods = sum((part.goods_total for part in parts), ZERO)
    delivery = sum((part.delivery_price for part in parts), ZERO)
    sums = [(_("Goods"), written(goods))]
    sums += [
        (f"{each.offer_name}, {discount_words(each)}", written(-each.amount))
        for each in order.discounts.select_related("payer").order_by("pk")
    ]
    sums.append((_("Delivery"), written(delivery)))
    paid = attempt.amount_received if attempt else order.total_incl_tax
    if paid < order.total_incl_tax:
        # Cash is taken at the door for what was brought there.
        sums.append((_("Not supplied"), written(paid - order.total_incl_tax)))
    sheet.sums(sums, total=(_("Paid"), written(paid)))
    tax = sum((part.goods_tax + part.delivery_tax for part in parts), ZERO)
    sheet.note(
        _("Tax contained in it: %(amount)s") % {"amount": written(tax)}
        if tax
        else _("No tax is contained in it.")
    )
    refunds = attempt.refunds.exclude(state__in=_NOT_OWED).order_by("created_at", "pk") if attempt else []
    # A refund that failed and was made again is one refund to the buyer.
    rows = [refund for refund in refunds if refund.again_for_id is None]
    if not rows:
        return
    sheet.heading(_("Given back"))
    country = parts[0].vendor.home_region.country_code
    back = [
        (
            _("%(day)s, %(reason)s")
            % {"day": moment_day(refund.created_at, country), "reason": refund.get_reason_display()},
            written(-refund.amount),
        )
        for refund in rows
    ]
    left = paid - sum((refund.amount for refund in rows), ZERO)
    sheet.sums(back, total=(_("Paid in the end"), written(left)))
