"""What every way of giving money back has in common: what is counted, the order's state, the transfers taken back."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils import timezone

from marketplace.lib.queue import enqueue
from orders.models import Order, VendorOrder
from orders.services.returning import note_money_back
from payments.models import Dispute, PaymentAttempt, Refund, Transfer, TransferReversal
from payments.models.refunds import SaleShare
from payments.refund_errors import NothingToRefund, OverRefund

ZERO = Decimal("0.00")
# Money that no order ever kept.
SURPLUS_REASONS = (
    Refund.Reason.MISMATCH,
    Refund.Reason.GOODS_GONE,
    Refund.Reason.PAID_TWICE,
    Refund.Reason.PAID_SHORT,
    Refund.Reason.PAID_OVER,
)
# Paid at once, or, at hand-over, for some parts so far.
PAID = Q(state=PaymentAttempt.State.SUCCEEDED) | Q(
    provider=PaymentAttempt.Provider.CASH_ON_DELIVERY, amount_received__gt=0
)
MOVING_STATES = (Refund.State.WAITING, Refund.State.PENDING, Refund.State.SUCCEEDED)


def lock_transfers(order: Order) -> None:
    """Lock what was sent on of a locked order, before its attempt: a transfer that is noted locks them in this order."""
    rows = Transfer.objects.select_for_update(of=("self",)).filter(vendor_order__order=order)
    list(rows.order_by("pk").values_list("pk", flat=True))


def lock_paid_attempt(order: Order) -> PaymentAttempt:
    """The attempt whose money a locked order has, locked. Raises NothingToRefund when no money came for it."""
    lock_transfers(order)
    attempt = PaymentAttempt.objects.select_for_update().filter(PAID, order=order).first()
    if attempt is None:
        raise NothingToRefund
    return attempt


def paid_attempt(order: Order) -> PaymentAttempt | None:
    """The attempt whose money an order has, to be shown; None when no money came for it."""
    return PaymentAttempt.objects.filter(PAID, order=order).first()


def is_disputed(attempt: PaymentAttempt) -> bool:
    """Whether a bank is deciding about a payment now."""
    return attempt.disputes.filter(state=Dispute.State.OPEN).exists()


def recount(attempt: PaymentAttempt, *, is_fact: bool = False) -> None:
    """Write what of a locked attempt has gone back or is about to: refunds that move, and disputes lost.

    is_fact: it happened at the provider, so that it is written down even where it is more than came in, as all of it.
    Raises OverRefund otherwise; the database refuses it too.
    """
    # What a bank took with a dispute is part of what the dispute lost.
    moving = attempt.refunds.filter(state__in=MOVING_STATES, taken_in=None)
    lost = attempt.disputes.filter(state=Dispute.State.LOST)
    total = _total(moving) + _total(lost)
    if total > attempt.amount_received:
        if not is_fact:
            raise OverRefund
        total = attempt.amount_received
    attempt.amount_given_back = total
    attempt.save(update_fields=["amount_given_back"])


def note_order(order: Order, attempt: PaymentAttempt) -> None:
    """Move a locked order to where its refunds and lost disputes have brought it."""
    undecided = (Refund.State.PROPOSED, Refund.State.REJECTED)
    of_sale = attempt.refunds.filter(again_for=None).exclude(state__in=undecided)
    back = _total(of_sale.exclude(reason__in=SURPLUS_REASONS))
    back += _total(attempt.disputes.filter(state=Dispute.State.LOST))
    is_cash = attempt.provider == PaymentAttempt.Provider.CASH_ON_DELIVERY
    if back:
        note_money_back(
            order, is_whole=back >= (attempt.amount_received if is_cash else order.total_incl_tax)
        )


def take_transfers_back(
    items: Iterable[SaleShare], *, refund: Refund | None = None, dispute: Dispute | None = None
) -> None:
    """Note, in the caller's transaction, what of made transfers is to come back: each group's share, newest first.

    What was not transferred, or has come back already, stays in the group's balance, where the next payout nets it.
    """
    cause = f"{refund.pk}" if refund else f"dispute-{dispute.pk if dispute else 0}"
    for part, share in _shares_by_part(items).items():
        for transfer, amount in _transfers_for(part, share):
            reversal, is_new = TransferReversal.objects.get_or_create(
                key=f"reversal:{cause}:{transfer.pk}",
                defaults={
                    "transfer": transfer,
                    "refund": refund,
                    "dispute": dispute,
                    "amount": amount,
                    "next_try_at": timezone.now(),
                },
            )
            if is_new:
                enqueue("payments.make_reversal", reversal_pk=reversal.pk)


def _shares_by_part(items: Iterable[SaleShare]) -> dict[VendorOrder, Decimal]:
    shares: dict[VendorOrder, Decimal] = {}
    for item in items:
        shares[item.vendor_order] = shares.get(item.vendor_order, ZERO) + item.share
    return shares


def _transfers_for(part: VendorOrder, share: Decimal) -> Sequence[tuple[Transfer, Decimal]]:
    made = Transfer.objects.select_for_update().filter(vendor_order=part, state=Transfer.State.SUCCEEDED)
    found = []
    for transfer in made.order_by("-pk"):
        asked = transfer.reversals.filter(state=TransferReversal.State.WAITING)
        amount = min(share, transfer.amount - transfer.amount_reversed - _total(asked))
        if amount > 0:
            found.append((transfer, amount))
            share -= amount
    return found


def _total(rows: object) -> Decimal:
    total: Decimal | None = rows.aggregate(total=Sum("amount"))["total"]  # type: ignore[attr-defined]
    return total or ZERO
