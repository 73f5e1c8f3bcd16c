"""What things that were sold are worth now, and who had which part of it, after all that went back already.

Every amount is a running sum, so that giving back unit by unit ends at the last paisa.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Prefetch

from orders.domain.parts import part_of, shared_out
from orders.models import Line, Order, VendorOrder
from payments.models import CashCollection, Dispute, DisputeItem, PaymentAttempt, Refund, RefundItem
from payments.models.refunds import SaleShare
from payments.refund_errors import NothingToRefund, UnitsTaken

ZERO = Decimal("0.00")


@dataclass(frozen=True, kw_only=True)
class Share:
    """What units of a line, or the delivery (line is None), are worth: the values of a SaleShare.

    amount is what the buyer paid; promotion is what the programme had added to it, as its part of a discount. amount +
    promotion = share + commission + commission_tax, in the order's currency.
    """

    vendor_order: VendorOrder
    line: Line | None = None
    quantity: int = 0
    amount: Decimal = ZERO
    promotion: Decimal = ZERO
    commission: Decimal = ZERO
    commission_tax: Decimal = ZERO

    @property
    def share(self) -> Decimal:
        """The group's part."""
        return self.amount + self.promotion - self.commission - self.commission_tax

    @property
    def values(self) -> Mapping[str, object]:
        """The fields of a row that keeps it."""
        names = ("vendor_order", "line", "quantity", "amount", "promotion", "share")
        return {name: getattr(self, name) for name in (*names, "commission", "commission_tax")}


@dataclass(frozen=True)
class Asked:
    """What shall go back. lines: line id -> units. deliveries: ids of vendor orders."""

    lines: Mapping[int, int]
    deliveries: Sequence[int] = ()


class OrderShares:
    """The shares of one order that was paid in one attempt; read under the order's lock when money is decided.

    but: a refund or a dispute whose own items are not counted. with_proposed: whether refunds that wait for a second
    person count. What an open dispute holds is taken as long as the bank decides. Four queries.
    """

    def __init__(
        self,
        order: Order,
        attempt: PaymentAttempt,
        *,
        but: Refund | Dispute | None = None,
        with_proposed: bool = True,
    ) -> None:
        own_lines = Prefetch("lines", Line.objects.order_by("pk"))
        parts = VendorOrder.objects.filter(order=order).select_related("vendor").order_by("pk")
        self.parts = list(parts.prefetch_related(own_lines))
        self._worth = {pk: worth for part in self.parts for pk, worth in worth_of_lines(part)}
        self._taken: dict[tuple[int, int | None], Share] = {}
        self._is_cash = attempt.provider == PaymentAttempt.Provider.CASH_ON_DELIVERY
        collected = CashCollection.objects.filter(vendor_order__order=order) if self._is_cash else None
        self._paid = (
            set(collected.values_list("vendor_order_id", flat=True))
            if collected is not None
            else {part.pk for part in self.parts}
        )
        self._take(_refunded(order, but=but, with_proposed=with_proposed))
        self._take(_disputed(order, but=but))

    def of(self, asked: Asked) -> list[Share]:
        """What things are worth. Raises UnitsTaken, and NothingToRefund for things that are not of this order."""
        lines = {line.pk: line for part in self.parts for line in part.lines.all()}
        parts = {part.pk: part for part in self.parts}
        if set(asked.lines) - set(lines) or set(asked.deliveries) - set(parts):
            raise NothingToRefund
        shares = [self.of_line(lines[pk], units) for pk, units in sorted(asked.lines.items()) if units]
        shares += [self.of_delivery(parts[pk]) for pk in sorted(set(asked.deliveries))]
        return [share for share in shares if share.quantity or share.amount]

    def of_line(self, line: Line, units: int) -> Share:
        """What so many more units of a line are worth, less what a bank took of it already. Raises UnitsTaken."""
        if not 0 < units <= self.units_left(line):
            raise UnitsTaken
        taken = self._taken_of(line.vendor_order_id, line)
        upto = _part_of_line(line, self._worth[line.pk], units=taken.quantity + units)
        amount = upto.amount - taken.amount
        if amount <= 0:
            return Share(vendor_order=upto.vendor_order, line=line, quantity=units)
        return replace(
            upto,
            quantity=units,
            amount=amount,
            promotion=upto.promotion - taken.promotion,
            commission=upto.commission - taken.commission,
            commission_tax=upto.commission_tax - taken.commission_tax,
        )

    def of_delivery(self, part: VendorOrder) -> Share:
        """What is left of the price of a delivery, all of it the group's."""
        left = part.delivery_price - self._taken_of(part.pk, None).amount
        return Share(vendor_order=part, amount=left if part.pk in self._paid else ZERO)

    def units_left(self, line: Line) -> int:
        """How many units of a line were paid for and have not gone back."""
        if line.vendor_order_id not in self._paid:
            return 0
        return int(line.quantity - self._taken_of(line.vendor_order_id, line).quantity)

    def owed(self, part: VendorOrder) -> list[Share]:
        """What the buyer is owed for a part: units not supplied or returned, and the delivery of a cancelled one.

        Units that went back for another reason count: an officer who refunds goods before they are returned has
        paid for them.
        """
        shares = []
        for line in part.lines.all():
            gone = line.cancelled_quantity + line.returned_quantity
            units = min(self.units_left(line), gone - self._taken_of(part.pk, line).quantity)
            if units > 0:
                shares.append(self.of_line(line, units))
        if part.state == VendorOrder.State.CANCELLED:
            shares.append(self.of_delivery(part))
        return [share for share in shares if share.quantity or share.amount]

    def rest(self) -> list[Share]:
        """All that is left of the sale: lines with units left, then the delivery, part by part."""
        return list(self._rest())

    def _rest(self) -> Iterator[Share]:
        for part in self.parts:
            for line in part.lines.all():
                units = self.units_left(line)
                share = self.of_line(line, units) if units else None
                if share and share.amount:
                    yield share
            delivery = self.of_delivery(part)
            if delivery.amount > 0:
                yield delivery

    def _take(self, items: Iterable[SaleShare]) -> None:
        for item in items:
            key = (item.vendor_order_id, item.line_id)
            before = self._taken.get(key)
            self._taken[key] = Share(
                vendor_order=item.vendor_order,
                line=item.line,
                quantity=item.quantity + (before.quantity if before else 0),
                amount=item.amount + (before.amount if before else ZERO),
                promotion=item.promotion + (before.promotion if before else ZERO),
                commission=item.commission + (before.commission if before else ZERO),
                commission_tax=item.commission_tax + (before.commission_tax if before else ZERO),
            )

    def _taken_of(self, part_pk: int, line: Line | None) -> Share:
        part = next(part for part in self.parts if part.pk == part_pk)
        taken = self._taken.get((part_pk, line.pk if line else None), Share(vendor_order=part, line=line))
        if line is None or not self._is_cash or not line.cancelled_quantity + line.unpaid_quantity:
            return taken
        # What is paid at the door is never paid for units that were not supplied, or came back before.
        unpaid = line.cancelled_quantity + line.unpaid_quantity
        never = _part_of_line(line, self._worth[line.pk], units=unpaid)
        return replace(
            taken,
            quantity=taken.quantity + never.quantity,
            amount=taken.amount + never.amount,
            promotion=taken.promotion + never.promotion,
            commission=taken.commission + never.commission,
            commission_tax=taken.commission_tax + never.commission_tax,
        )


def scaled(shares: Sequence[Share], amount: Decimal) -> list[Share]:
    """Shares cut down to an amount in proportion, without units, since no unit is whole any more."""
    found = []
    for share, part in zip(shares, shared_out(amount, [each.amount for each in shares]), strict=True):
        if not part:
            continue
        # The programme takes back as much of its part of the discount as the buyer has of the price.
        promotion = shared_out(share.promotion, [part, max(ZERO, share.amount - part)])[0]
        rates = [max(ZERO, each) for each in (share.share, share.commission, share.commission_tax)]
        _share, commission, tax = shared_out(part + promotion, rates)
        found.append(
            replace(
                share,
                quantity=0,
                amount=part,
                promotion=promotion,
                commission=commission,
                commission_tax=tax,
            )
        )
    return found


def _part_of_line(line: Line, worth: Decimal, *, units: int) -> Share:
    wholes = (worth, line.promotion, line.commission, line.commission_tax)
    amount, promotion, commission, tax = (
        part_of(whole, units=units, taken=0, quantity=line.quantity) for whole in wholes
    )
    return Share(
        vendor_order=line.vendor_order,
        line=line,
        quantity=units,
        amount=amount,
        promotion=promotion,
        commission=commission,
        commission_tax=tax,
    )


def worth_of_lines(part: VendorOrder) -> Iterator[tuple[int, Decimal]]:
    """What the buyer paid, or is to pay, for each line, what offers took off it left out: (line id, amount)."""
    for line in part.lines.all():
        yield line.pk, line.paid_price


def _disputed(order: Order, *, but: Refund | Dispute | None) -> Iterable[DisputeItem]:
    kept = DisputeItem.objects.exclude(dispute__state=Dispute.State.WON).filter(vendor_order__order=order)
    if isinstance(but, Dispute):
        kept = kept.exclude(dispute=but)
    return kept.select_related("vendor_order", "line")


def _refunded(order: Order, *, but: Refund | Dispute | None, with_proposed: bool) -> Iterable[RefundItem]:
    # A refund that failed is still owed to the buyer out of customers' money: the group has paid for it.
    items = RefundItem.objects.filter(refund__attempt__order=order).exclude(
        refund__state=Refund.State.REJECTED
    )
    if not with_proposed:
        items = items.exclude(refund__state=Refund.State.PROPOSED)
    if isinstance(but, Refund):
        items = items.exclude(refund=but)
    return items.select_related("vendor_order", "line")
