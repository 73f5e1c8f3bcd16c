"""A person's own orders as the list in the account shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from orders.models import Order
from storefront.order_page import on_the_clock_of
from storefront.order_steps import order_words
from storefront.templatetags.shop import day_away


@dataclass(frozen=True)
class OrderRow:
    """One order; words: how it stands; placed: its day, on the clock of the country to which it goes."""

    url: str
    number: str
    words: str
    placed: str
    groups: list[str]
    total: Decimal
    currency: str


def order_list_rows(orders: Iterable[Order]) -> list[OrderRow]:
    """Rows of orders whose vendor orders with their groups, and addresses, were read."""
    return [_row(order) for order in orders]


def _row(order: Order) -> OrderRow:
    with on_the_clock_of(order):
        placed = day_away(timezone.localtime(order.date_placed))
    return OrderRow(
        order.get_absolute_url(),
        order.number,
        order_words(order),
        placed,
        [part.vendor.name for part in order.vendor_orders.all()],
        order.total_incl_tax,
        order.currency,
    )
