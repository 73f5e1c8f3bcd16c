"""The ways to pay as pages show them: what is charged, in which currency, and how a transfer stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from marketplace.lib.money import format_money
from orders.models import Order
from payments.models import PaymentAttempt
from payments.selectors.ways import BankAccount, bank_account, ways_for_order
from payments.services.books import bank_received

Provider = PaymentAttempt.Provider


@dataclass(frozen=True)
class WayRow:
    """One way to choose: its code, its name, and what is charged when and in which currency."""

    code: str
    words: str
    note: str
    is_chosen: bool


@dataclass(frozen=True)
class TransferBox:
    """A transfer that is waited for. amount: of the order; missing: what has not come yet; journal: as typed."""

    account: BankAccount
    amount: Decimal
    received: Decimal
    missing: Decimal
    currency: str
    reference: str
    until: datetime
    journal: str


@dataclass(frozen=True)
class PayBox:
    """What the buyer of an unpaid order may do. has_tried: another try has brought no money. ways: all offered."""

    ways: Sequence[WayRow]
    has_tried: bool
    transfer: TransferBox | None

    @property
    def other_ways(self) -> list[WayRow]:
        """Ways other than the transfer that is waited for."""
        return [row for row in self.ways if row.code != Provider.BANK_TRANSFER]


def way_rows(
    ways: Sequence[Provider], *, amount: Decimal, currency: str, chosen: str = "", group_count: int = 1
) -> list[WayRow]:
    """The ways in words; the first is chosen where none of them was. amount: what is charged, in currency."""
    picked = chosen if chosen in ways else (ways[0] if ways else "")
    values = {
        "amount": f"{format_money(amount, currency)} ({currency})",
        "minutes": settings.CARD_SESSION_MINUTES + settings.RESERVATION_GRACE_MINUTES,
        "days": settings.BANK_TRANSFER_DAYS,
    }
    words = {
        Provider.STRIPE: _("Card"),
        Provider.BANK_TRANSFER: _("Bank transfer"),
        Provider.CASH_ON_DELIVERY: _("Cash when it comes"),
    }
    at_the_door = (
        _("Nothing is charged now. You pay %(amount)s in cash, to each group its part when it comes.")
        if group_count > 1
        else _("Nothing is charged now. You pay %(amount)s in cash when it comes.")
    )
    notes = {
        Provider.STRIPE: _(
            "Charged %(amount)s by card, on the page of our payment provider. Goods are held for %(minutes)s minutes."
        ),
        Provider.BANK_TRANSFER: _(
            "You transfer %(amount)s at your bank. The account comes next; goods are held for %(days)s days."
        ),
        Provider.CASH_ON_DELIVERY: at_the_door,
    }
    return [WayRow(way, words[way], notes[way] % values, way == picked) for way in ways]


def pay_box(order: Order) -> PayBox | None:
    """What the buyer may do about the payment; None for an order that waits for none. A constant number of queries."""
    if order.status != Order.Status.AWAITING_PAYMENT:
        return None
    attempts = list(order.attempts.all())
    open_attempt = next((each for each in attempts if each.state in PaymentAttempt.OPEN_STATES), None)
    rows = way_rows(
        ways_for_order(order),
        amount=order.total_incl_tax,
        currency=order.currency,
        chosen=attempts[0].provider if attempts else "",
        group_count=order.vendor_orders.count(),
    )
    is_transfer = open_attempt is not None and open_attempt.provider == Provider.BANK_TRANSFER
    transfer = _transfer(open_attempt) if open_attempt is not None and is_transfer else None
    return PayBox(rows, has_tried=bool(attempts), transfer=transfer)


def _transfer(attempt: PaymentAttempt) -> TransferBox | None:
    account = bank_account()
    if account is None:
        return None
    received = bank_received(attempt)
    return TransferBox(
        account,
        attempt.amount,
        received,
        max(attempt.amount - received, Decimal("0.00")),
        attempt.currency,
        attempt.order.number,
        attempt.expires_at,
        attempt.buyer_reference,
    )
