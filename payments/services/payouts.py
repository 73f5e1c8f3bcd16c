"""The nightly run: each group that is owed enough gets one payout, made of ledger entries that no other payout holds."""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, F, Max, Sum

from marketplace.lib.queue import enqueue
from orders.models import VendorOrder
from payments.domain.carrying import Part, carried
from payments.models import PaymentAttempt, Payout, PayoutAccount, PayoutBatch, PayoutItem, Transfer
from payments.selectors.balances import payable_entries
from payments.selectors.payouts import DuePayout, due_payouts
from payments.services.alerts import alert_finance
from vendors.models import Partner

logger = logging.getLogger(__name__)

Rail = PayoutAccount.Rail
CHUNK = 100


@dataclass(frozen=True)
class PayoutRun:
    """What a run did: how many payouts it planned, who was left out and why, which groups could not be looked at."""

    planned: int
    skipped: tuple[DuePayout, ...]
    failed_vendors: tuple[int, ...]


def plan_payouts(now: datetime) -> PayoutRun:
    """Plan a payout for each group and currency with enough due; safe to repeat, and beside another run.

    Groups are taken in chunks, each in one transaction under the locks of its groups; a chunk that fails is taken
    group by group, so that one group's trouble is not another's. A group that fails alone is an officer's to look at.
    """
    vendor_pks = list(
        payable_entries(now).order_by("vendor_id").values_list("vendor_id", flat=True).distinct()
    )
    found: list[DuePayout] = []
    failed: list[int] = []
    for start in range(0, len(vendor_pks), CHUNK):
        found_here, failed_here = _plan(vendor_pks[start : start + CHUNK], now)
        found += found_here
        failed += failed_here
    if failed:
        alert_finance(
            f"payouts:{now:%Y%m%d}:failed",
            subject=f"{len(failed)} groups could not be looked at by the payout run",
            detail=f"groups {', '.join(map(str, failed[:20]))}; the next run looks again",
        )
    skipped = tuple(due for due in found if due.obstacle)
    reasons = Counter(due.obstacle for due in skipped)
    planned = len(found) - len(skipped)
    logger.info(
        "payouts planned",
        extra={
            "planned": planned,
            "failed": len(failed),
            **{f"skipped_{why}": n for why, n in reasons.items()},
        },
    )
    return PayoutRun(planned, skipped, tuple(failed))


def free_items(items: Iterable[int]) -> None:
    """Let entries be held by another payout: the ones of these items, whose payout or transfer was not made."""
    PayoutItem.objects.filter(pk__in=items).update(is_void=True)


def _plan(vendor_pks: Sequence[int], now: datetime) -> tuple[list[DuePayout], list[int]]:
    """What was found for these groups, and the groups that could not be looked at."""
    try:
        return _plan_chunk(vendor_pks, now), []
    except Exception:
        # The outer edge: whatever is wrong with one of these groups, the others are paid.
        logger.exception("payouts not planned", extra={"groups": len(vendor_pks), "first": vendor_pks[0]})
    if len(vendor_pks) == 1:
        return [], list(vendor_pks)
    found, failed = [], []
    for vendor_pk in vendor_pks:
        found_here, failed_here = _plan([vendor_pk], now)
        found += found_here
        failed += failed_here
    return found, failed


@transaction.atomic
def _plan_chunk(vendor_pks: Sequence[int], now: datetime) -> list[DuePayout]:
    _lock_vendors(vendor_pks)
    # Read after the lock: another run that was here a moment ago has taken its entries.
    found = due_payouts(now, vendor_pks)
    ready = [(due, due.account) for due in found if due.obstacle is None and due.account is not None]
    on_bank = [(due, account) for due, account in ready if account.rail == Rail.BANK_BATCH]
    batches = {
        currency: _open_batch(currency, now) for currency in sorted({due.currency for due, _ in on_bank})
    }
    payouts = Payout.objects.bulk_create(
        Payout(
            vendor_id=due.vendor_pk,
            account=account,
            batch=batches[due.currency] if account.rail == Rail.BANK_BATCH else None,
            currency=due.currency,
            amount=due.amount,
        )
        for due, account in ready
    )
    pairs = list(zip(payouts, (due for due, _ in ready), strict=True))
    _plan_transfers([pair for pair in pairs if pair[0].batch is None], now)
    _fill_batches([pair for pair in pairs if pair[0].batch is not None])
    return found


def _lock_vendors(vendor_pks: Sequence[int]) -> None:
    # No key is changed, so that whoever posts to the ledger meanwhile need not wait.
    list(Partner.objects.select_for_update(no_key=True).filter(pk__in=vendor_pks).order_by("pk").only("pk"))


def _plan_transfers(pairs: Sequence[tuple[Payout, DuePayout]], now: datetime) -> None:
    parts = [(payout, part) for payout, due in pairs for part in carried(due.dues)]
    sales = _Sales(parts)
    transfers = Transfer.objects.bulk_create(
        Transfer(
            payout=payout,
            vendor_order_id=sales.sale_of(payout, part),
            key=sales.next_key(payout, part),
            amount=part.amount,
            currency=payout.currency,
            charge_id=sales.charge_for(part),
            next_try_at=now,
        )
        for payout, part in parts
    )
    PayoutItem.objects.bulk_create(
        PayoutItem(payout=payout, transfer=transfer, entry_id=entry)
        for (payout, part), transfer in zip(parts, transfers, strict=True)
        for entry in part.entries
    )
    for transfer in transfers:
        enqueue("payments.make_transfer", transfer_pk=transfer.pk)


def _fill_batches(pairs: Sequence[tuple[Payout, DuePayout]]) -> None:
    PayoutItem.objects.bulk_create(
        PayoutItem(payout=payout, entry_id=entry)
        for payout, due in pairs
        for group in due.dues
        for entry in group.entries
    )
    for batch_pk in sorted({payout.batch_id for payout, _ in pairs if payout.batch_id}):
        amounts = [payout.amount for payout, _ in pairs if payout.batch_id == batch_pk]
        PayoutBatch.objects.filter(pk=batch_pk).update(
            count=F("count") + len(amounts), total=F("total") + sum(amounts, Decimal(0))
        )


def _open_batch(currency: str, now: datetime) -> PayoutBatch:
    """The draft of a currency that nobody has handed in, locked; made when there is none."""
    is_open = {"currency": currency, "state": PayoutBatch.State.DRAFT, "drafted_by": None}
    while True:
        day = f"{now:%Y%m%d}-{currency}-"
        number = f"{day}{PayoutBatch.objects.filter(number__startswith=day).count() + 1}"
        PayoutBatch.objects.get_or_create(**is_open, defaults={"number": number})
        # Handed in between the two statements, it is not open any more.
        batch = PayoutBatch.objects.select_for_update(of=("self",)).filter(**is_open).first()
        if batch is not None:
            return batch


class _Sales:
    """What is known of the sales of a chunk's transfers: numbers, charges, earlier transfers. Five queries at most."""

    def __init__(self, parts: Sequence[tuple[Payout, Part]]) -> None:
        vendors = {payout.vendor_id for payout, part in parts if part.sale is None}
        # What belongs to no sale, such as a payout that a bank returned, travels under the group's newest one.
        self._newest = dict(
            VendorOrder.objects.filter(vendor__in=vendors)
            .order_by()
            .values_list("vendor_id")
            .annotate(newest=Max("pk"))
            if vendors
            else ()
        )
        pks = {part.sale for _, part in parts if part.sale is not None} | set(self._newest.values())
        rows = VendorOrder.objects.filter(pk__in=pks).values_list("pk", "number", "order_id")
        self._numbers, orders = {}, {}
        for pk, number, order_pk in rows:
            self._numbers[pk], orders[pk] = number, order_pk
        charges = {
            order_pk: (charge, received)
            for order_pk, charge, received in PaymentAttempt.objects.filter(
                order__in=set(orders.values()), state=PaymentAttempt.State.SUCCEEDED
            ).values_list("order_id", "charge_id", "amount_received")
        }
        self._charges = {pk: charges.get(order_pk, ("", Decimal(0))) for pk, order_pk in orders.items()}
        earlier = Transfer.objects.filter(vendor_order__in=pks).order_by().values_list("vendor_order")
        self._count = Counter(dict(earlier.annotate(count=Count("pk"))))
        sent = Transfer.objects.exclude(state=Transfer.State.FAILED).order_by().values_list("charge_id")
        names = {charge for charge, _ in self._charges.values() if charge}
        self._sent: dict[str, Decimal] = dict(sent.filter(charge_id__in=names).annotate(sent=Sum("amount")))

    def sale_of(self, payout: Payout, part: Part) -> int:
        """The vendor order that a transfer is for."""
        return part.sale if part.sale is not None else self._newest[payout.vendor_id]

    def next_key(self, payout: Payout, part: Part) -> str:
        """The key of a transfer; a sale may need a second one, after a dispute was won for instance."""
        sale = self.sale_of(payout, part)
        self._count[sale] += 1
        key = f"transfer:{self._numbers[sale]}"
        return key if self._count[sale] == 1 else f"{key}:{self._count[sale]}"

    def charge_for(self, part: Part) -> str:
        """The charge that a transfer is taken from; empty where it has sent on what it brought, or there is none."""
        charge, received = self._charges[part.sale] if part.sale is not None else ("", Decimal(0))
        sent = self._sent.get(charge, Decimal(0)) + part.amount
        if not charge or sent > received:
            return ""
        self._sent[charge] = sent
        return charge
