"""What the money page shows: the balance in plain words, each sale's promise, payouts, where the money goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from marketplace.lib.money import format_money
from orders.models import VendorOrder
from payments.domain.promise import PayoutPromise
from payments.models import Payout, PayoutAccount
from payments.selectors.next_payouts import NextPayout
from payments.selectors.payouts import Obstacle
from payments.selectors.promises import payout_promises

MONTHS_SHOWN = 12


@dataclass(frozen=True)
class SaleRow:
    """One sale and its promise. tone: "good" when paid, "warn" when something stands in the way, else empty."""

    number: str
    url: str
    sold_at: datetime | None
    goods: str
    promise: PayoutPromise
    tone: str


@dataclass(frozen=True)
class PayoutRow:
    """One payout; at: the bank's day where it has named one; reference: the bank's or the provider's, or empty."""

    amount: Decimal
    currency: str
    state: str
    state_words: str
    at: date | datetime
    reference: str
    account: str


@dataclass(frozen=True)
class StatementLink:
    """A month of the account. words: its name; query: what the address of the statement asks for."""

    words: str
    query: str


_TONES = {
    "paid": "good",
    "held": "warn",
    "owed": "warn",
    "returned": "warn",
    "no_account": "warn",
    "restricted": "warn",
    "suspended": "warn",
}


def sale_rows(sales: Sequence[VendorOrder]) -> list[SaleRow]:
    """Rows of sales whose orders and lines were loaded; a constant number of queries."""
    promises = payout_promises(sales)
    return [
        SaleRow(
            sale.number,
            sale.get_absolute_url(),
            sale.order.released_at,
            ", ".join(f"{line.quantity} x {line.title}" for line in sale.lines.all()),
            promises[sale.pk],
            _TONES.get(promises[sale.pk].reason, ""),
        )
        for sale in sales
    ]


def payout_rows(payouts: Sequence[Payout]) -> list[PayoutRow]:
    """Rows of payouts whose accounts and transfers were loaded; no query."""
    return [
        PayoutRow(
            payout.amount,
            payout.currency,
            payout.state,
            str(payout.get_state_display()),
            payout.bank_day or payout.ended_at or payout.created_at,
            payout.bank_reference or next((each.provider_id for each in payout.transfers.all()), ""),
            masked(payout.account),
        )
        for payout in payouts
    ]


def masked(account: PayoutAccount) -> str:
    """Where money goes, so that members know it and a stranger at the phone does not: "Bank of Bhutan …4471"."""
    if account.rail == PayoutAccount.Rail.STRIPE_TRANSFER:
        return _("Stripe account …%(end)s") % {"end": account.stripe_account_id[-4:]}
    return f"{account.bank_name or account.bank_code}\N{NO-BREAK SPACE}…{account.account_number[-4:]}"


def why_no_payout(payout: NextPayout) -> str:
    """Why no payout is in sight, and what to do about it, in plain words; empty when one is."""
    if payout.on is not None or payout.obstacle is None:
        return ""
    amount = {"amount": format_money(payout.amount, payout.currency)}
    if payout.obstacle == Obstacle.NO_ACCOUNT:
        return _("%(amount)s waits for you: say below where your group is paid.") % amount
    if payout.obstacle == Obstacle.NEEDS_BANK:
        return _("%(amount)s waits: it was not paid by card. Give a bank account below.") % amount
    if payout.obstacle == Obstacle.RESTRICTED:
        return (
            _(
                "%(amount)s waits: your account may not receive money now. Give other account details, or ask us."
            )
            % amount
        )
    if payout.obstacle == Obstacle.SUSPENDED:
        return _("%(amount)s waits while your group is suspended. It stays yours.") % amount
    if payout.obstacle == Obstacle.UNDER_WAY:
        return _("%(amount)s comes with the payout after the one that is under way.") % amount
    if payout.obstacle == Obstacle.BELOW_MINIMUM:
        smallest = format_money(payout.smallest, payout.currency)
        return _("%(amount)s waits until it comes to %(smallest)s.") % {**amount, "smallest": smallest}
    if payout.payable < 0:
        owed = format_money(-payout.payable, payout.currency)
        return _("Your group owes %(amount)s. It comes off your next sales.") % {"amount": owed}
    if payout.waiting > 0:
        return _("Money is paid some days after the goods are delivered.")
    return _("Nothing is due. When something is sold, you see here when it is paid.")


def statement_links(months: Sequence[tuple[date, str]]) -> list[StatementLink]:
    """The newest months of the account."""
    return [
        StatementLink(f"{date_format(month, 'F Y')} ({currency})", f"month={month:%Y-%m}&currency={currency}")
        for month, currency in months[:MONTHS_SHOWN]
    ]
