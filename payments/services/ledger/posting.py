"""How an event of money is written: several entries, one currency, sum zero."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import models, transaction

from orders.models import Order, VendorOrder
from payments.models import (
    BalanceTransaction,
    BankReceipt,
    CashCollection,
    Dispute,
    LedgerEntry,
    LedgerPosting,
    PaymentAttempt,
    Payout,
    Refund,
    Transfer,
    TransferReversal,
    WriteOff,
)
from payments.models.refunds import SaleShare
from vendors.models import Partner

Account = LedgerEntry.Account
ZERO = Decimal(0)


@dataclass(frozen=True)
class Amount:
    """A signed amount on an account: debit above zero, credit below.

    vendor on vendor accounts only; vendor_order where the amount is about a sale.
    """

    account: LedgerEntry.Account
    amount: Decimal
    vendor: Partner | None = None
    vendor_order: VendorOrder | None = None


@transaction.atomic
def post(
    *, source_type: str, source_id: int, kind: str, currency: str, amounts: Sequence[Amount]
) -> LedgerPosting:
    """Write one money event. The database refuses a second posting of the same event and a sum other than zero.

    Amounts of zero are left out. Raises ValueError when the amounts do not sum to zero.
    """
    if sum(amount.amount for amount in amounts) != 0:
        raise ValueError(f"{kind} of {source_type} {source_id} does not sum to zero")
    posting = LedgerPosting.objects.create(
        source_type=source_type, source_id=source_id, kind=kind, currency=currency
    )
    # Each entry locks its group's key; in the order in which whole groups are locked.
    ordered = sorted(amounts, key=lambda amount: amount.vendor.pk if amount.vendor else 0)
    LedgerEntry.objects.bulk_create(entry(posting, amount) for amount in ordered if amount.amount)
    return posting


def move(
    source: models.Model,
    kind: str,
    *,
    amount: Decimal,
    currency: str,
    debit: LedgerEntry.Account,
    credit: LedgerEntry.Account,
) -> None:
    """Move an amount from one account (credit) to another (debit)."""
    post_event(source, kind, currency, [Amount(debit, amount), Amount(credit, -amount)])


def post_event(source: models.Model, kind: str, currency: str, amounts: Sequence[Amount]) -> LedgerPosting:
    """Write what one row of ours did to the accounts, once for each kind."""
    return post(
        source_type=SOURCE_TYPES[type(source)],
        source_id=source.pk,
        kind=kind,
        currency=currency,
        amounts=amounts,
    )


def entry(posting: LedgerPosting, amount: Amount) -> LedgerEntry:
    """One line of a posting, not written yet."""
    return LedgerEntry(
        posting=posting,
        account=amount.account,
        vendor=amount.vendor,
        vendor_order=amount.vendor_order,
        currency=posting.currency,
        amount=amount.amount,
    )


def shares(items: Iterable[SaleShare], *, account: LedgerEntry.Account, sign: int = 1) -> list[Amount]:
    """The groups' shares of the items, one amount for each vendor order."""
    sums: dict[VendorOrder, Decimal] = {}
    for item in items:
        sums[item.vendor_order] = sums.get(item.vendor_order, ZERO) + item.share
    return [Amount(account, sign * share, part.vendor, part) for part, share in sums.items()]


def kept_back(items: Sequence[SaleShare]) -> list[Amount]:
    """The programme's part of the items: commission, the tax on it, and against it what it added of discounts."""
    return [
        Amount(Account.COMMISSION, sum((item.commission for item in items), ZERO)),
        Amount(Account.TAX, sum((item.commission_tax for item in items), ZERO)),
        Amount(Account.PROMOTION, -sum((item.promotion for item in items), ZERO)),
    ]


SOURCE_TYPES: dict[type[models.Model], str] = {
    BalanceTransaction: "balance_transaction",
    BankReceipt: "receipt",
    CashCollection: "collection",
    Dispute: "dispute",
    Order: "order",
    PaymentAttempt: "attempt",
    Payout: "payout",
    Refund: "refund",
    Transfer: "transfer",
    TransferReversal: "reversal",
    WriteOff: "write_off",
}
