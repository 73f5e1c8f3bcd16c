"""All of money: past sales paid by transfer and in cash, what went back, what groups were paid, what waits today."""

from datetime import datetime

from marketplace.demo.bulk import own_dates
from marketplace.demo.past_orders import write_past_orders
from marketplace.demo.payout_rows import PayoutRows
from marketplace.demo.people import Officers
from people.models import User


def write_money(buyers: list[User], *, now: datetime) -> int:
    """Write past orders and all that was paid, refunded and paid out on them; returns how many orders."""
    officers = Officers(
        User.objects.get(email="finance@example.org"), User.objects.get(email="finance2@example.org")
    )
    money = write_past_orders(buyers, officers=officers, now=now)
    if money is None:
        return 0
    payouts = PayoutRows(officers, money.ledger, now)
    with own_dates(*PayoutRows.dated()):
        payouts.write()
    return len(money.refunds.orders.orders)
