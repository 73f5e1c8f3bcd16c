"""Double entry, append only. Source: docs/architecture.md, "Ledger"."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from orders.models import Order
from payments.models import LedgerEntry, LedgerPosting, PaymentAttempt, Refund
from vendors.models import Partner

Account = LedgerEntry.Account


@dataclass(frozen=True)
class Amount:
    """A signed amount on an account: debit above zero, credit below; vendor on vendor accounts only."""

    account: LedgerEntry.Account
    amount: Decimal
    vendor: Partner | None = None


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
    LedgerEntry.objects.bulk_create(
        LedgerEntry(posting=posting, account=amount.account, vendor=amount.vendor, amount=amount.amount)
        for amount in amounts
        if amount.amount
    )
    return posting


def post_captured(attempt: PaymentAttempt, *, currency: str) -> None:
    """The provider holds the buyer's money, in the currency that came; whose it is, is not decided yet."""
    if not attempt.amount_received:
        return
    post(
        source_type="attempt",
        source_id=attempt.pk,
        kind="captured",
        currency=currency,
        amounts=[
            Amount(Account.PROVIDER_CLEARING, attempt.amount_received),
            Amount(Account.CUSTOMER_UNAPPLIED, -attempt.amount_received),
        ],
    )


def post_released(order: Order) -> None:
    """The buyer's money becomes the groups' and the programme's: goods and delivery less the frozen commission."""
    parts = list(order.vendor_orders.select_related("vendor"))
    shares = [Amount(Account.VENDOR_PAYABLE, -(part.total - part.commission), part.vendor) for part in parts]
    commission = sum((part.commission for part in parts), Decimal(0))
    post(
        source_type="order",
        source_id=order.pk,
        kind="released",
        currency=order.currency,
        amounts=[
            Amount(Account.CUSTOMER_UNAPPLIED, order.total_incl_tax),
            *shares,
            Amount(Account.COMMISSION, -commission),
        ],
    )


def post_surplus_refunded(refund: Refund) -> None:
    """Money that no order could keep is on its way back to the buyer."""
    post(
        source_type="refund",
        source_id=refund.pk,
        kind="refunded",
        currency=refund.currency,
        amounts=[
            Amount(Account.CUSTOMER_UNAPPLIED, refund.amount),
            Amount(Account.REFUND_CLEARING, -refund.amount),
        ],
    )
