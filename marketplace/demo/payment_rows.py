"""Rows of what was paid for past sales: attempts, bank receipts and cash, with their postings."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models

from marketplace.demo.ledger_rows import LedgerRows
from marketplace.demo.order_rows import WrittenSale
from marketplace.demo.people import Officers
from marketplace.demo.refund_rows import RefundRows
from marketplace.demo.sales import ZERO, GivingBack, Sale
from orders.models import Order, VendorOrder
from payments.models import BankReceipt, CashCollection, LedgerPosting, PaymentAttempt, Refund
from payments.policies import needs_second_person

_State = VendorOrder.State
_Status = Order.Status
_Attempt = PaymentAttempt.State
SHORT_BY = Decimal("50.00")


@dataclass
class PaymentRows:
    """All rows of money, table by table; keys follow as tables are written.

    awaited: the attempts whose money has not come or has not been found yet.
    """

    officers: Officers
    ledger: LedgerRows
    refunds: RefundRows
    attempts: list[PaymentAttempt] = field(default_factory=list)
    awaited: list[PaymentAttempt] = field(default_factory=list)
    receipts: list[BankReceipt] = field(default_factory=list)
    collections: list[CashCollection] = field(default_factory=list)

    @staticmethod
    def dated() -> tuple[type[models.Model], ...]:
        """Models whose creation times are given rather than taken from the clock."""
        return (PaymentAttempt, BankReceipt, Refund, LedgerPosting)

    def add(self, written: WrittenSale) -> None:
        """Take in what was paid on a sale and what went back."""
        sale = written.sale
        if sale.is_cash:
            self._add_cash(written)
        elif sale.is_begun:
            self.awaited.append(self.add_attempt(written.row, sale, _Attempt.SESSION_OPEN))
        elif sale.is_paid:
            attempt = self.add_attempt(written.row, sale, _Attempt.SUCCEEDED)
            self._add_matched_receipt(written, attempt)
            parts = [part.row for part in written.parts]
            self.ledger.released(written.row, parts, when=sale.settled_at)
            if sale.giving_back != GivingBack.NOTHING:
                self.refunds.add(written, attempt)

    def add_attempt(self, order: Order, sale: Sale, state: PaymentAttempt.State) -> PaymentAttempt:
        """One try to pay, received in full when it succeeded."""
        reference = uuid.UUID(int=sale.lot.getrandbits(128))
        is_over = state == _Attempt.SUCCEEDED
        session = f"{'cash' if sale.is_cash else 'bank'}_{reference}"
        attempt = PaymentAttempt(
            order=order,
            reference=reference,
            provider=sale.manner.value,
            key=f"attempt:{reference}",
            amount=sale.total,
            currency="INR",
            state=state,
            session_id=session,
            payment_intent_id=session if is_over else "",
            amount_received=sale.total if is_over and not sale.is_cash else ZERO,
            expires_at=order.reserved_until - timedelta(minutes=settings.RESERVATION_GRACE_MINUTES),
            settled_at=order.paid_at if is_over else None,
            created_at=sale.placed_at + timedelta(minutes=1),
        )
        self.attempts.append(attempt)
        return attempt

    def add_unmatched(self, now: datetime) -> None:
        """Credits that wait: one fits an order, one is too small, one needs a second person, one fits nothing."""
        exact, short, _unpaid, *_, large = sorted(self.awaited, key=lambda attempt: attempt.amount)
        for attempt, missing in ((exact, ZERO), (short, SHORT_BY), (large, ZERO)):
            attempt.buyer_reference = self._journal_number()
            amount, when = attempt.amount - missing, now - timedelta(minutes=5)
            receipt = self._add_receipt(amount, attempt.buyer_reference, when, attempt.order.number)
            if attempt is large:
                receipt.state, receipt.attempt = BankReceipt.State.PROPOSED, attempt
                receipt.matched_by = self.officers.finance
        thanks = "For the honey of last week, thank you"
        self._add_receipt(Decimal("735.00"), self._journal_number(), now - timedelta(days=2), thanks)

    def write(self) -> None:
        """Write everything after the orders; the caller holds the transaction."""
        PaymentAttempt.objects.bulk_create(self.attempts)
        BankReceipt.objects.bulk_create(self.receipts)
        CashCollection.objects.bulk_create(self.collections)
        self.refunds.write()
        self.ledger.write()

    def _journal_number(self) -> str:
        return f"EX{10_000_000 + 7 * len(self.receipts)}"

    def _add_receipt(self, amount: Decimal, reference: str, when: datetime, note: str) -> BankReceipt:
        receipt = BankReceipt(
            reference=reference,
            received_on=when.date(),
            amount=amount,
            currency="INR",
            note=note,
            is_imported=True,
            entered_by=self.officers.finance,
            created_at=when,
        )
        self.receipts.append(receipt)
        self.ledger.receipt(receipt, when=when)
        return receipt

    def _add_matched_receipt(self, written: WrittenSale, attempt: PaymentAttempt) -> None:
        attempt.buyer_reference = self._journal_number()
        when, number = written.sale.settled_at, written.row.number
        receipt = self._add_receipt(attempt.amount, attempt.buyer_reference, when, number)
        receipt.state, receipt.attempt = BankReceipt.State.MATCHED, attempt
        receipt.matched_by = self.officers.finance
        if needs_second_person(receipt.amount, receipt.currency):
            receipt.approved_by = self.officers.second

    def _add_cash(self, written: WrittenSale) -> None:
        sale = written.sale
        states = {_Status.PAID: _Attempt.SUCCEEDED, _Status.CANCELLED: _Attempt.FAILED}
        attempt = self.add_attempt(written.row, sale, states.get(sale.status, _Attempt.SESSION_OPEN))
        if attempt.state == _Attempt.FAILED:
            attempt.remark = "nothing was delivered"
        for part in written.parts:
            when = sale.reached(part.part, _State.DELIVERED)
            if when is None:
                continue
            collection = CashCollection(
                vendor_order=part.row,
                attempt=attempt,
                amount=part.row.total,
                currency="INR",
                recorded_by_id=part.part.chair_pk or self.officers.finance.pk,
                collected_at=when,
            )
            attempt.amount_received += collection.amount
            self.collections.append(collection)
            self.ledger.collected(collection, part.row, when=when)
