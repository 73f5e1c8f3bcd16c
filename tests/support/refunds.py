"""Sales that were paid for, and what is left of their money."""

from decimal import Decimal
from typing import Any

from django.db import transaction

from orders.models import Order, VendorOrder
from payments.models import LedgerEntry, PaymentAttempt
from payments.services.attempts import start_payment
from payments.services.settling import settle
from payments.services.shares import Asked, OrderShares
from tests.support.provider_fake import FakeProvider
from tests.support.sale import placed_order

ZERO = Decimal(0)


def paid_order(provider: FakeProvider, *goods: Any, **changes: Any) -> tuple[Order, PaymentAttempt]:
    """A paid order and its attempt; of one unit at INR 250.00 and INR 60.00 delivery when no goods are given."""
    attempt = start_payment(placed_order(*goods, **changes))
    provider.pay(attempt.session_id)
    settle(attempt.pk)
    return Order.objects.get(pk=attempt.order_id), PaymentAttempt.objects.get(pk=attempt.pk)


def parts_of(order: Order) -> list[VendorOrder]:
    """Its vendor orders, oldest first."""
    return list(VendorOrder.objects.filter(order=order).order_by("pk"))


def everything(order: Order) -> Asked:
    """All that was sold."""
    lines = {line.pk: line.quantity for line in order.lines.all()}
    return Asked(lines, [part.pk for part in parts_of(order)])


def rest_of(order: Order) -> Decimal:
    """What is left of a sale."""
    with transaction.atomic():
        attempt = PaymentAttempt.objects.get(order=order, state="succeeded")
        return sum((share.amount for share in OrderShares(order, attempt).rest()), ZERO)


def balances(**of: Any) -> dict[str, Decimal]:
    """What stands on each account that is not at zero, debit above zero; of one group when vendor is given."""
    found: dict[str, Decimal] = {}
    for account, amount in LedgerEntry.objects.filter(**of).values_list("account", "amount"):
        found[account] = found.get(account, ZERO) + amount
    return {account: amount for account, amount in sorted(found.items()) if amount}
