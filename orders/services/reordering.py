"""Ordering again what an order held: at today's prices, as far as it can still be bought."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from orders.basket.models import Basket
from orders.basket.models import Line as BasketLine
from orders.errors import (
    ForeignCurrency,
    GroupClosed,
    NoLicence,
    NotEnoughUnits,
    OrderError,
    QuantityOutOfRange,
)
from orders.models import Line, Order
from orders.services.baskets import add_to_basket, lock_basket, stock_for_sale
from vendors.models import StockRecord


@dataclass(frozen=True)
class Again:
    """A thing that is in the basket now. units: as many as the basket holds; ordered: as many as the order held.

    before: its price in the order, where that was another one than today's in the same currency; else None.
    """

    title: str
    units: int
    ordered: int
    price: Decimal
    currency: str
    before: Decimal | None


@dataclass(frozen=True)
class Missing:
    """A thing that cannot be had now, and why."""

    title: str
    reason: str | Promise


@dataclass(frozen=True)
class Reordered:
    """What became of each line of an order, in its order."""

    there: Sequence[Again]
    missing: Sequence[Missing]


@transaction.atomic
def reorder(basket: Basket, order: Order) -> Reordered:
    """Put what an order held into a basket, each thing up to as many as were ordered.

    basket: the visitor's, perhaps not saved yet. Done again it adds nothing: a line that holds as many already stays.
    Raises BasketClosed, and then nothing is put in; every other refusal is told for its line.
    """
    # Two presses at once count the same lines one after the other.
    if basket.pk is not None:
        lock_basket(basket)
    there: list[Again] = []
    missing: list[Missing] = []
    for line in order.lines.order_by("pk"):
        try:
            there.append(_again(basket, line, currency=order.currency))
        except OrderError as error:
            missing.append(Missing(_title(line), _reason(error)))
    return Reordered(there, missing)


def _again(basket: Basket, line: Line, *, currency: str) -> Again:
    # A listing that was deleted has left no key; 0 is nobody's.
    stock = stock_for_sale(line.product_id or 0)
    units = _top_up(basket, stock, line.quantity)
    then = line.unit_price_incl_tax
    is_same = stock.price == then or stock.price_currency != currency
    return Again(
        _title(line), units, line.quantity, stock.price, stock.price_currency, None if is_same else then
    )


def _top_up(basket: Basket, stock: StockRecord, wanted: int) -> int:
    """Fill a line up to what was ordered, or to what is left; units that it holds then. Raises what add_to_basket does."""
    rows = BasketLine.objects.filter(basket=basket.pk, stockrecord=stock)
    there = rows.values_list("quantity", flat=True).first() or 0
    for most in (wanted, min(wanted, stock.num_in_stock - stock.num_allocated)):
        if there and there >= most:
            return there
        try:
            return add_to_basket(basket, stock.product_id, most - there).quantity
        except NotEnoughUnits as short:
            if not short.left or short.left < 0:
                raise
    raise NotEnoughUnits([stock.product.called()])


def _title(line: Line) -> str:
    return f"{line.title} {line.size_label}".strip()


def _reason(error: OrderError) -> str | Promise:
    """Why a thing was not put in, as the end of a sentence that names it."""
    if isinstance(error, GroupClosed):
        return format_lazy(_("its group is closed until {until}"), until=error.until)
    reasons: dict[type[OrderError], str | Promise] = {
        NotEnoughUnits: _("sold out"),
        NoLicence: _("this food is not for sale at present"),
        ForeignCurrency: _("it has another currency than your basket; pay for the basket first"),
        QuantityOutOfRange: _("so much does not go into one basket"),
    }
    return reasons.get(type(error), _("not for sale any more"))
