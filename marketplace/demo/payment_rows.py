"""Rows of what was paid for past sales and given back: attempts, bank receipts, cash, refunds, and their postings."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models

from marketplace.demo.bulk import new_keys
from marketplace.demo.ledger_rows import LedgerRows
from marketplace.demo.order_rows import OrderRows, WrittenPart, WrittenSale
from marketplace.demo.sales import ZERO, GivingBack, Sale
from orders.domain.parts import part_of
from orders.models import Line, Order, VendorOrder
from payments.models import BankReceipt, CashCollection, LedgerPosting, PaymentAttempt, Refund, RefundItem
from payments.policies import needs_second_person
from people.models import User

_State = VendorOrder.State
_Status = Order.Status
_Attempt = PaymentAttempt.State
SHORT_BY = Decimal("50.00")


@dataclass(frozen=True)
class Officers:
    """Who notes what the bank says, and who approves it as the second person."""

    finance: User
    second: User


@dataclass
class PaymentRows:
    """All rows of money, table by table; keys follow as tables are written, those of refunds come first.

    awaited: the attempts whose money has not come or has not been found yet.
    """

    orders: OrderRows
    officers: Officers
    ledger: LedgerRows
    attempts: list[PaymentAttempt] = field(default_factory=list)
    awaited: list[PaymentAttempt] = field(default_factory=list)
    receipts: list[BankReceipt] = field(default_factory=list)
    collections: list[CashCollection] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    refund_items: list[RefundItem] = field(default_factory=list)

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
                self._add_refund(written, attempt)

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
        # Number and reference of a refund by hand are made of its key.
        for refund, key in zip(self.refunds, new_keys(Refund, len(self.refunds)), strict=True):
            refund.pk = key
            if refund.state != Refund.State.PROPOSED:
                refund.provider_id = f"bank_refund_{key}"
        PaymentAttempt.objects.bulk_create(self.attempts)
        BankReceipt.objects.bulk_create(self.receipts)
        CashCollection.objects.bulk_create(self.collections)
        Refund.objects.bulk_create(self.refunds)
        RefundItem.objects.bulk_create(self.refund_items)
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

    def _add_refund(self, written: WrittenSale, attempt: PaymentAttempt) -> None:
        sale = written.sale
        refund = Refund(attempt=attempt, currency="INR")
        items = _goodwill(written) if sale.giving_back == GivingBack.PROPOSED else list(_owed(written))
        for item in items:
            item.refund = refund
        decided = _owed_since(written)
        refund.key = f"refund:{uuid.UUID(int=sale.lot.getrandbits(128))}"
        refund.amount = sum((item.amount for item in items), ZERO)
        refund.reason = _reason(written)
        refund.created_at = refund.next_try_at = decided
        self.refunds.append(refund)
        self.refund_items += items
        if sale.giving_back == GivingBack.PROPOSED:
            refund.state = Refund.State.PROPOSED
            refund.requested_by = self.officers.finance
            refund.remark = "Example: the box was wet through, all of it was spoiled."
            return
        refund.tries, refund.asked_at = 1, decided
        self.ledger.refunded(refund, items, when=decided)
        self._end_refund(sale, refund, decided)
        status = _Status.REFUNDED if refund.amount == attempt.amount else _Status.PART_REFUNDED
        self.orders.move_order(written.row, _Status.PAID, status, decided)
        written.row.status = status

    def _end_refund(self, sale: Sale, refund: Refund, decided: datetime) -> None:
        later = min(decided + timedelta(days=1), sale.now)
        refund.state = Refund.State.PENDING
        refund.attempt.amount_given_back = refund.amount
        if sale.giving_back == GivingBack.SENT:
            refund.state = Refund.State.SUCCEEDED
            self.ledger.refund_sent(refund, when=later)
        if sale.giving_back == GivingBack.FAILED:
            refund.state = Refund.State.FAILED
            refund.last_error = "Example: the buyer's bank knows no such account."
            refund.attempt.amount_given_back = ZERO
            self.ledger.refund_failed(refund, when=later)


def _owed(written: WrittenSale) -> Iterator[RefundItem]:
    """What the groups did not supply or took back, and the delivery of parts that never went."""
    for part in written.parts:
        for line in part.lines:
            units = line.cancelled_quantity + line.returned_quantity
            if units:
                yield _of_line(part.row, line, units)
        if part.row.state == _State.CANCELLED and part.row.delivery_price:
            price = part.row.delivery_price
            yield RefundItem(
                vendor_order=part.row, amount=price, share=price, commission=ZERO, commission_tax=ZERO
            )


def _goodwill(written: WrittenSale) -> list[RefundItem]:
    part = written.parts[0]
    return [_of_line(part.row, line, line.quantity) for line in part.lines]


def _of_line(part: VendorOrder, line: Line, units: int) -> RefundItem:
    amount, commission, tax = (
        part_of(whole, units=units, taken=0, quantity=line.quantity)
        for whole in (line.line_price_incl_tax, line.commission, Decimal(line.commission_tax))
    )
    return RefundItem(
        vendor_order=part,
        line=line,
        quantity=units,
        amount=amount,
        share=amount - commission - tax,
        commission=commission,
        commission_tax=tax,
    )


def _owed_since(written: WrittenSale) -> datetime:
    sale = written.sale
    ended = [_ended(sale, part) for part in written.parts]
    return max((when for when in ended if when), default=sale.now - timedelta(hours=20))


def _ended(sale: Sale, part: WrittenPart) -> datetime | None:
    if part.part.short:
        return sale.reached(part.part, _State.ACCEPTED)
    return sale.reached(part.part, _State.CANCELLED, _State.RETURNED)


def _reason(written: WrittenSale) -> Refund.Reason:
    if written.sale.giving_back == GivingBack.PROPOSED:
        return Refund.Reason.GOODWILL
    if any(part.part.short for part in written.parts):
        return Refund.Reason.NOT_SUPPLIED
    states = {part.row.state for part in written.parts}
    return Refund.Reason.RETURNED if _State.RETURNED in states else Refund.Reason.CANCELLED
