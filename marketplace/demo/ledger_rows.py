"""Postings of past sales, written with the times at which they would have been made."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import models

from orders.models import Order, VendorOrder
from payments.models import LedgerEntry, LedgerPosting, PaymentAttempt, Refund

Account = LedgerEntry.Account


@dataclass(frozen=True)
class _Posting:
    source: models.Model
    source_type: str
    kind: str
    when: datetime
    amounts: Sequence[tuple[str, Decimal, VendorOrder | None]]


@dataclass
class LedgerRows:
    """Postings whose sources have no keys yet."""

    postings: list[_Posting] = field(default_factory=list)

    def add_sale(
        self, attempt: PaymentAttempt, order: Order, parts: Sequence[VendorOrder], *, when: datetime
    ) -> None:
        """Money captured, then released to groups and programme, as payments.services.ledger posts it."""
        total = attempt.amount_received
        captured = [(Account.PROVIDER_CLEARING, total, None), (Account.CUSTOMER_UNAPPLIED, -total, None)]
        self.postings.append(_Posting(attempt, "attempt", "captured", when, captured))
        released = [(Account.CUSTOMER_UNAPPLIED, total, None), *_shares(parts, sign=-1)]
        self.postings.append(_Posting(order, "order", "released", when, released))

    def add_refund(self, refund: Refund, parts: Sequence[VendorOrder], *, when: datetime) -> None:
        """Money of some parts given back: groups and programme return their shares."""
        amounts = [*_shares(parts, sign=1), (Account.REFUND_CLEARING, -refund.amount, None)]
        self.postings.append(_Posting(refund, "refund", "refunded", when, amounts))

    def write(self) -> None:
        """Write all postings and their entries; sources have been written before."""
        written = LedgerPosting.objects.bulk_create(
            LedgerPosting(
                source_type=each.source_type,
                source_id=each.source.pk,
                kind=each.kind,
                currency="INR",
                posted_at=each.when,
            )
            for each in self.postings
        )
        LedgerEntry.objects.bulk_create(
            LedgerEntry(
                posting=row,
                account=account,
                vendor=part.vendor if part else None,
                vendor_order=part,
                currency="INR",
                amount=amount,
            )
            for row, each in zip(written, self.postings, strict=True)
            for account, amount, part in each.amounts
            if amount
        )


def _shares(parts: Sequence[VendorOrder], *, sign: int) -> list[tuple[str, Decimal, VendorOrder | None]]:
    commission = sum((part.commission for part in parts), Decimal(0))
    shares: list[tuple[str, Decimal, VendorOrder | None]] = [
        (Account.VENDOR_PAYABLE, sign * part.share, part) for part in parts
    ]
    return [*shares, (Account.COMMISSION, sign * commission, None)]
