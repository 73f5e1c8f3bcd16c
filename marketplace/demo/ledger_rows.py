"""Postings of past money, with the times at which they would have been made: the twin of payments.services.ledger.

Thousands of postings one by one would take minutes; a test compares each of these with what the service posts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import models

from orders.models import Order, VendorOrder
from payments.models import (
    BankReceipt,
    CashCollection,
    LedgerEntry,
    LedgerPosting,
    Payout,
    Refund,
    RefundItem,
)
from payments.services.ledger import SOURCE_TYPES, Amount

Account = LedgerEntry.Account
ZERO = Decimal(0)


@dataclass(frozen=True)
class _Posting:
    source: models.Model
    kind: str
    when: datetime
    amounts: Sequence[Amount]


@dataclass
class LedgerRows:
    """Postings whose sources need no keys before write(). posted: entries of groups already written, with their times."""

    postings: list[_Posting] = field(default_factory=list)
    posted: list[tuple[datetime, LedgerEntry]] = field(default_factory=list)

    def receipt(self, receipt: BankReceipt, *, when: datetime) -> None:
        """A credit on our bank account."""
        self._move(receipt, "received", when, receipt.amount, Account.BANK, Account.CUSTOMER_UNAPPLIED)

    def released(self, order: Order, parts: Sequence[VendorOrder], *, when: datetime) -> None:
        """The buyer's money becomes the groups' and the programme's."""
        amounts = [
            Amount(Account.CUSTOMER_UNAPPLIED, order.total_incl_tax),
            *(Amount(Account.VENDOR_PAYABLE, -part.share, part.vendor, part) for part in parts),
            Amount(Account.COMMISSION, -sum((part.commission for part in parts), ZERO)),
            Amount(Account.TAX, -sum((part.commission_tax for part in parts), ZERO)),
        ]
        self.postings.append(_Posting(order, "released", when, amounts))

    def collected(self, collection: CashCollection, part: VendorOrder, *, when: datetime) -> None:
        """A group took the cash for all of its part, and owes commission and tax."""
        amounts = [
            Amount(Account.VENDOR_PAYABLE, collection.amount, part.vendor, part),
            Amount(Account.VENDOR_PAYABLE, -part.share, part.vendor, part),
            Amount(Account.COMMISSION, -part.commission),
            Amount(Account.TAX, -part.commission_tax),
        ]
        self.postings.append(_Posting(collection, "collected", when, amounts))

    def refunded(self, refund: Refund, items: Sequence[RefundItem], *, when: datetime) -> None:
        """A refund was decided: groups and programme give back their shares."""
        # By number: parts have no keys yet, by which rows are compared.
        parts = {item.vendor_order.number: item.vendor_order for item in items}
        shares = {
            number: sum((item.share for item in items if item.vendor_order.number == number), ZERO)
            for number in parts
        }
        amounts = [
            *(
                Amount(Account.VENDOR_PAYABLE, share, parts[number].vendor, parts[number])
                for number, share in shares.items()
            ),
            Amount(Account.COMMISSION, sum((item.commission for item in items), ZERO)),
            Amount(Account.TAX, sum((item.commission_tax for item in items), ZERO)),
            Amount(Account.REFUND_CLEARING, -refund.amount),
        ]
        self.postings.append(_Posting(refund, "refunded", when, amounts))

    def refund_sent(self, refund: Refund, *, when: datetime) -> None:
        """The money went back from our bank account."""
        self._move(refund, "sent_by_bank", when, refund.amount, Account.REFUND_CLEARING, Account.BANK)

    def refund_failed(self, refund: Refund, *, when: datetime) -> None:
        """The money could not be given back."""
        clearing, unapplied = Account.REFUND_CLEARING, Account.CUSTOMER_UNAPPLIED
        self._move(refund, "failed", when, refund.amount, clearing, unapplied)

    def payout_approved(self, payout: Payout, *, when: datetime) -> None:
        """A second person approved the batch."""
        amounts = [
            Amount(Account.VENDOR_PAYABLE, payout.amount, payout.vendor),
            Amount(Account.PAYOUT_IN_FLIGHT, -payout.amount),
        ]
        self.postings.append(_Posting(payout, "approved", when, amounts))

    def payout_paid(self, payout: Payout, *, when: datetime) -> None:
        """Our bank carried out a line."""
        self._move(payout, "paid", when, payout.amount, Account.PAYOUT_IN_FLIGHT, Account.BANK)

    def payout_returned(self, payout: Payout, *, when: datetime) -> None:
        """The bank sent back a line that it had carried out."""
        amounts = [
            Amount(Account.BANK, payout.amount),
            Amount(Account.VENDOR_PAYABLE, -payout.amount, payout.vendor),
        ]
        self.postings.append(_Posting(payout, "returned", when, amounts))

    def write(self) -> list[LedgerEntry]:
        """Write what was added since the last call; the sources have been written before. Returns the entries."""
        postings, self.postings = self.postings, []
        written = LedgerPosting.objects.bulk_create(
            LedgerPosting(
                source_type=SOURCE_TYPES[type(each.source)],
                source_id=each.source.pk,
                kind=each.kind,
                currency="INR",
                posted_at=each.when,
            )
            for each in postings
        )
        entries = LedgerEntry.objects.bulk_create(
            LedgerEntry(
                posting=row,
                account=amount.account,
                vendor=amount.vendor,
                vendor_order=amount.vendor_order,
                currency="INR",
                amount=amount.amount,
            )
            for row, each in zip(written, postings, strict=True)
            for amount in each.amounts
            if amount.amount
        )
        self.posted += [(entry.posting.posted_at, entry) for entry in entries if entry.vendor_id]
        return entries

    def _move(
        self,
        source: models.Model,
        kind: str,
        when: datetime,
        amount: Decimal,
        debit: LedgerEntry.Account,
        credit: LedgerEntry.Account,
    ) -> None:
        self.postings.append(_Posting(source, kind, when, [Amount(debit, amount), Amount(credit, -amount)]))
