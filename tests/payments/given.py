"""What tests of transfers and cash begin with."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from orders.models import Order, Shipment, VendorOrder
from orders.services.fulfilment import ShipmentData, accept, ship
from payments.models import CashRule, LedgerEntry, PaymentAttempt
from payments.services.attempts import start_payment
from payments.services.cash import collect_cash
from payments.services.receipts import ReceiptData, enter_receipt
from payments.services.settling import settle
from tests.factories.people import PersonFactory
from tests.factories.regions import CountryFactory
from tests.support.sale import placed_order
from vendors.models import Partner

D = Decimal


def a_transfer(order=None) -> PaymentAttempt:
    """An attempt that waits for a bank transfer, of INR 310.00 when no order is given."""
    return start_payment(order or placed_order(), "bank_transfer")


def a_receipt(amount="310.00", *, reference=None, actor=None, **changes):
    """A credit on our account that nobody has matched."""
    fields = {
        "reference": f"JRNL{PersonFactory().pk:06d}" if reference is None else reference,
        "received_on": timezone.localdate(),
        "amount": D(amount),
        "currency": "INR",
        "note": "",
    }
    return enter_receipt(ReceiptData(**{**fields, **changes}), actor=actor or PersonFactory())[0]


def allow_cash(*vendors, region=None) -> None:
    """Let these groups take cash in a region; in all of Bhutan when none is given."""
    for vendor in vendors:
        CashRule.objects.create(vendor=vendor, region=region or CountryFactory())


def cash_order(*goods, **changes) -> Order:
    """An order handed to its groups, to be paid in cash."""
    order = placed_order(*goods, **changes)
    allow_cash(*[part.vendor for part in order.vendor_orders.select_related("vendor")])
    settle(start_payment(order, "cash_on_delivery").pk)
    return Order.objects.get(pk=order.pk)


def sent(part: VendorOrder) -> VendorOrder:
    """A part that is on its way."""
    member = PersonFactory()
    accept(part, actor=member)
    ship(part, ShipmentData(carrier=Shipment.Carrier.VEHICLE, vehicle_number="BP-1-A1234"), actor=member)
    part.refresh_from_db()
    return part


def a_debtor() -> Partner:
    """A group that took INR 310.00 in cash, and owes 20.00 of it."""
    part = sent(cash_order().vendor_orders.get())
    collect_cash(part, actor=PersonFactory())
    return part.vendor


def balances() -> dict[str, Decimal]:
    """What stands on each account, over all groups; accounts at zero are left out."""
    found: dict[str, Decimal] = {}
    for account, amount in LedgerEntry.objects.values_list("account", "amount"):
        found[account] = found.get(account, D(0)) + amount
    return {account: amount for account, amount in found.items() if amount}


def on(day: str) -> date:
    """A day, from its written form."""
    return date.fromisoformat(day)
