"""Refunds and lost disputes of a sale whose transfer was under way: nothing could be taken back until it was made."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from marketplace.lib.queue import enqueue
from payments.models import Dispute, LedgerEntry, Refund, Transfer, TransferReversal
from payments.selectors.balances import unpaid_entries

State = TransferReversal.State
ZERO = Decimal("0.00")


def take_back_since(transfer: Transfer) -> None:
    """Note, as a locked transfer is made, what refunds and lost disputes want back of it that came while it was asked for.

    Never more than what is left of it, what the cause took from the group, and what the sale owes. A transfer that
    only travels under the sale's name is left alone.
    """
    sold = transfer.items.filter(entry__vendor_order=transfer.vendor_order_id, entry__amount__lt=0)
    if not sold.exists():
        return
    unpaid = unpaid_entries().filter(vendor_order=transfer.vendor_order_id)
    left = min(_total(unpaid), transfer.amount - transfer.amount_reversed) - _asked(transfer)
    for cause in _causes(unpaid.filter(amount__gt=0).select_related("posting").order_by("pk")):
        amount = min(left, _share(cause, transfer))
        if amount > 0:
            _note(cause, transfer, amount)
            left -= amount


def _causes(debits: Iterable[LedgerEntry]) -> list[Refund | Dispute]:
    """What took from the sale: refunds that were decided, and disputes that were lost. An open one waits."""
    sources = {(each.posting.source_type, each.posting.source_id) for each in debits}
    refunds = [pk for source, pk in sources if source == "refund"]
    disputes = [pk for source, pk in sources if source == "dispute"]
    return [
        *Refund.objects.filter(pk__in=refunds).order_by("pk"),
        *Dispute.objects.filter(pk__in=disputes, state=Dispute.State.LOST).order_by("pk"),
    ]


def _share(cause: Refund | Dispute, transfer: Transfer) -> Decimal:
    """What a cause wants of the sale's transfers that it has not asked of another one."""
    items = cause.items.filter(vendor_order=transfer.vendor_order_id)
    share: Decimal = items.aggregate(sum=Sum("share", default=ZERO))["sum"]
    asked = TransferReversal.objects.filter(transfer__vendor_order=transfer.vendor_order_id)
    mine = asked.filter(refund=cause) if isinstance(cause, Refund) else asked.filter(dispute=cause)
    return share - _total(mine)


def _asked(transfer: Transfer) -> Decimal:
    return _total(transfer.reversals.filter(state=State.WAITING))


def _note(cause: Refund | Dispute, transfer: Transfer, amount: Decimal) -> None:
    name = f"{cause.pk}" if isinstance(cause, Refund) else f"dispute-{cause.pk}"
    reversal = TransferReversal.objects.create(
        key=f"reversal:{name}:{transfer.pk}",
        transfer=transfer,
        refund=cause if isinstance(cause, Refund) else None,
        dispute=cause if isinstance(cause, Dispute) else None,
        amount=amount,
        next_try_at=timezone.now(),
    )
    enqueue("payments.make_reversal", reversal_pk=reversal.pk)


def _total(rows: object) -> Decimal:
    total: Decimal = rows.aggregate(sum=Sum("amount", default=ZERO))["sum"]  # type: ignore[attr-defined]
    return total
