"""Money that buyers pay, and what it becomes when their order is released."""

from decimal import Decimal

from orders.models import Order
from payments.models import CashCollection, LedgerEntry, PaymentAttempt
from payments.services.ledger import posting
from payments.services.ledger.posting import ZERO, Account, Amount


def post_captured(attempt: PaymentAttempt, *, currency: str) -> None:
    """The provider holds the buyer's money, in the currency that came; whose it is, is not decided yet."""
    if attempt.amount_received:
        posting.move(
            attempt,
            "captured",
            amount=attempt.amount_received,
            currency=currency,
            debit=Account.PROVIDER_CLEARING,
            credit=Account.CUSTOMER_UNAPPLIED,
        )


def post_released(order: Order) -> None:
    """The buyer's money becomes the groups' and the programme's: the frozen commission and its tax are kept back.

    What the programme gives of discounts it adds, so that the groups earn as if it had not been given.
    """
    parts = list(order.vendor_orders.select_related("vendor").order_by("pk"))
    posting.post_event(
        order,
        "released",
        order.currency,
        [
            Amount(Account.CUSTOMER_UNAPPLIED, order.total_incl_tax),
            Amount(Account.PROMOTION, sum((part.promotion_total for part in parts), ZERO)),
            *(Amount(Account.VENDOR_PAYABLE, -part.share, part.vendor, part) for part in parts),
            Amount(Account.COMMISSION, -sum((part.commission for part in parts), ZERO)),
            Amount(Account.TAX, -sum((part.commission_tax for part in parts), ZERO)),
        ],
    )


def post_cash_collected(
    collection: CashCollection, *, promotion: Decimal, commission: Decimal, commission_tax: Decimal
) -> None:
    """A group holds the buyer's cash: it has had its share, and owes commission and tax from its next payouts.

    promotion: what it is owed of a discount that the programme gave.
    """
    part = collection.part
    share = collection.amount + promotion - commission - commission_tax
    posting.post_event(
        collection,
        "collected",
        collection.currency,
        [
            Amount(Account.VENDOR_PAYABLE, collection.amount, part.vendor, part),
            Amount(Account.PROMOTION, promotion),
            Amount(Account.VENDOR_PAYABLE, -share, part.vendor, part),
            Amount(Account.COMMISSION, -commission),
            Amount(Account.TAX, -commission_tax),
        ],
    )


def post_cash_taken_back(collection: CashCollection) -> None:
    """Cash that was noted by mistake: the opposite of what its note posted, entry by entry."""
    entries = LedgerEntry.objects.filter(
        posting__source_type="collection", posting__source_id=collection.pk, posting__kind="collected"
    )
    posting.post_event(
        collection,
        "taken_back",
        collection.currency,
        [
            Amount(Account(entry.account), -entry.amount, entry.vendor, entry.vendor_order)
            for entry in entries.select_related("vendor", "vendor_order").order_by("pk")
        ],
    )
