"""Rows of money that went back to buyers, or is about to: one refund for each part of an order that owes some."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from marketplace.demo.bulk import new_keys
from marketplace.demo.ledger_rows import LedgerRows
from marketplace.demo.order_rows import OrderRows, WrittenPart, WrittenSale
from marketplace.demo.people import Officers
from marketplace.demo.sales import ZERO, GivingBack, Sale
from orders.domain.parts import part_of
from orders.models import Line, Order, VendorOrder
from payments.models import PaymentAttempt, Refund, RefundItem

_State = VendorOrder.State
_Status = Order.Status


@dataclass
class RefundRows:
    """Refunds and their items; their postings and the moves of their orders go to the other rows."""

    orders: OrderRows
    officers: Officers
    ledger: LedgerRows
    refunds: list[Refund] = field(default_factory=list)
    items: list[RefundItem] = field(default_factory=list)

    def add(self, written: WrittenSale, attempt: PaymentAttempt) -> None:
        """Take in what a sale gives back."""
        sale = written.sale
        if sale.giving_back == GivingBack.PROPOSED:
            self._propose(written, attempt)
            return
        decided = ZERO
        for part in written.parts:
            items = list(_owed(part))
            if not items:
                continue
            when = _owed_since(sale, part)
            refund = self._add(sale, attempt, items, when)
            refund.reason = _reason(part)
            self._decide(sale, refund, items, when)
            decided += refund.amount
            status = _Status.REFUNDED if decided == attempt.amount else _Status.PART_REFUNDED
            if status != written.row.status:
                self.orders.move_order(written.row, written.row.status, status, when)
                written.row.status = status

    def write(self) -> None:
        """Write everything after the attempts; the caller holds the transaction."""
        # The number of a refund by hand is made of its key.
        for refund, key in zip(self.refunds, new_keys(Refund, len(self.refunds)), strict=True):
            refund.pk = key
            if refund.state != Refund.State.PROPOSED:
                refund.provider_id = f"bank_refund_{key}"
        Refund.objects.bulk_create(self.refunds)
        RefundItem.objects.bulk_create(self.items)

    def _add(self, sale: Sale, attempt: PaymentAttempt, items: list[RefundItem], when: datetime) -> Refund:
        refund = Refund(
            attempt=attempt,
            key=f"refund:{uuid.UUID(int=sale.lot.getrandbits(128))}",
            amount=sum((item.amount for item in items), ZERO),
            currency="INR",
            next_try_at=when,
            created_at=when,
        )
        for item in items:
            item.refund = refund
        self.refunds.append(refund)
        self.items += items
        return refund

    def _propose(self, written: WrittenSale, attempt: PaymentAttempt) -> None:
        part = written.parts[0]
        items = [_of_line(part.row, line, line.quantity) for line in part.lines]
        refund = self._add(written.sale, attempt, items, written.sale.now - timedelta(hours=20))
        refund.reason, refund.state = Refund.Reason.GOODWILL, Refund.State.PROPOSED
        refund.requested_by = self.officers.finance
        refund.remark = "Example: the box was wet through, all of it was spoiled."

    def _decide(self, sale: Sale, refund: Refund, items: list[RefundItem], when: datetime) -> None:
        later = min(when + timedelta(days=1), sale.now)
        refund.state, refund.tries, refund.asked_at = Refund.State.PENDING, 1, when
        self.ledger.refunded(refund, items, when=when)
        if sale.giving_back == GivingBack.FAILED:
            refund.state = Refund.State.FAILED
            refund.last_error = "Example: the buyer's bank knows no such account."
            self.ledger.refund_failed(refund, when=later)
            return
        refund.attempt.amount_given_back += refund.amount
        if sale.giving_back == GivingBack.SENT:
            refund.state, refund.approved_by = Refund.State.SUCCEEDED, self.officers.finance
            refund.bank_reference = f"EXR{10_000_000 + 11 * len(self.refunds)}"
            self.ledger.refund_sent(refund, when=later)


def _owed(part: WrittenPart) -> Iterator[RefundItem]:
    """What the group did not supply or took back, and the delivery of a part that never went."""
    for line in part.lines:
        units = line.cancelled_quantity + line.returned_quantity
        if units:
            yield _of_line(part.row, line, units)
    price = part.row.delivery_price
    if part.row.state == _State.CANCELLED and price:
        yield RefundItem(
            vendor_order=part.row, amount=price, share=price, commission=ZERO, commission_tax=ZERO
        )


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


def _owed_since(sale: Sale, part: WrittenPart) -> datetime:
    ended = sale.reached(part.part, _State.CANCELLED, _State.RETURNED)
    when = ended or sale.reached(part.part, _State.ACCEPTED)
    return when or sale.now


def _reason(part: WrittenPart) -> Refund.Reason:
    if part.row.state == _State.CANCELLED:
        return Refund.Reason.CANCELLED
    if part.row.state == _State.RETURNED:
        return Refund.Reason.RETURNED
    return Refund.Reason.NOT_SUPPLIED
