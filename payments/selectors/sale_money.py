"""What the ledger and the payouts know of sales, read for many of them at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Min, Q, Sum

from orders.models import Order, VendorOrder
from payments.domain.carrying import Due
from payments.models import CashCollection, LedgerEntry, Payout, PayoutAccount, PayoutItem
from payments.selectors.balances import payable_since, unpaid_entries
from payments.selectors.payouts import payouts_under_way
from payments.selectors.rails import read_rails
from vendors.models import Partner

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class PaidPart:
    """What a payout holds of a sale, its own debit left out. reference: the bank's or the provider's number.

    bank_day: the day that the bank names, None where no bank has answered.
    """

    state: str
    amount: Decimal
    created_at: datetime
    ended_at: datetime | None
    bank_day: date | None
    reference: str


@dataclass(frozen=True)
class SaleMoney:
    """All that decides when a group is paid for one sale.

    unpaid: what no payout holds, below zero when it is owed by the group. parts: what payouts hold, oldest first.
    account: where the group is paid for it now; pending_from: when the first of its new details counts. needs_bank:
    its money is not at the card provider, and the group has no bank account.
    state: of the group. under_way: when the payout was planned that the next run waits for, None when there is none.
    dues: what the group's other sales of this currency are owed or owe, by the time from which it counts.
    """

    unpaid: Decimal
    held: Decimal
    parts: tuple[PaidPart, ...]
    is_reckoned: bool
    is_cash: bool
    is_collected: bool
    payable_from: datetime | None
    country: str
    state: str
    under_way: datetime | None
    account: PayoutAccount | None
    needs_bank: bool
    pending_from: datetime | None
    dues: Sequence[tuple[datetime | None, Decimal]]

    @property
    def paid(self) -> Decimal:
        """What has reached the group."""
        return sum((part.amount for part in self.parts if part.state == Payout.State.PAID), NOTHING)

    def due_by(self, moment: datetime) -> Decimal:
        """What the group is due in all at that time, as far as is known now."""
        return sum((amount for since, amount in self.dues if since is None or since <= moment), NOTHING)


def read_sale_money(vendor_orders: Sequence[VendorOrder], now: datetime) -> dict[int, SaleMoney]:
    """What is known of each sale's money, by its key; twelve queries at most, however many sales."""
    pks = [sale.pk for sale in vendor_orders]
    vendor_pks = {sale.vendor_id for sale in vendor_orders}
    unpaid, dues, waiting = _unpaid(vendor_pks)
    held, reckoned = _held_and_reckoned(pks)
    parts = _parts(pks)
    on_delivery = _on_delivery(vendor_orders)
    collected = set(
        CashCollection.objects.filter(vendor_order__in=pks).values_list("vendor_order_id", flat=True)
    )
    vendors = Partner.objects.select_related("home_region").in_bulk(vendor_pks)
    rails = read_rails(now, vendor_pks, pks)
    ways = {
        sale.pk: rails.ways(sale.vendor_id, sale.currency, [Due(sale.pk, unpaid.get(sale.pk, NOTHING), ())])[
            0
        ]
        for sale in vendor_orders
    }
    under_way = payouts_under_way(vendor_pks)
    pending = dict(
        PayoutAccount.objects.filter(vendor__in=vendor_pks, cancelled_at__isnull=True, active_from__gt=now)
        .order_by()
        .values_list("vendor_id")
        .annotate(first=Min("active_from"))
    )
    return {
        sale.pk: SaleMoney(
            unpaid=unpaid.get(sale.pk, NOTHING),
            held=held.get(sale.pk, NOTHING),
            parts=tuple(parts.get(sale.pk, ())),
            is_reckoned=sale.pk in reckoned,
            is_cash=sale.order_id in on_delivery,
            is_collected=sale.pk in collected,
            payable_from=None if sale.pk in waiting else sale.payable_from,
            country=vendors[sale.vendor_id].home_region.country_code,
            state=vendors[sale.vendor_id].state,
            under_way=under_way.get((sale.vendor_id, sale.currency)),
            account=ways[sale.pk].account,
            needs_bank=not ways[sale.pk].is_open,
            pending_from=pending.get(sale.vendor_id),
            dues=dues.get((sale.vendor_id, sale.currency), ()),
        )
        for sale in vendor_orders
    }


def _unpaid(
    vendor_pks: set[int],
) -> tuple[Mapping[int, Decimal], Mapping[tuple[int, str], list[tuple[datetime | None, Decimal]]], set[int]]:
    """What no payout holds by sale; by group and currency, with the time from which it counts; sales that wait."""
    rows = (
        unpaid_entries()
        .filter(vendor__in=vendor_pks)
        .order_by()
        .annotate(since=payable_since())
        .values_list("vendor_id", "currency", "vendor_order_id", "since")
        .annotate(amount=Sum("amount"))
    )
    by_sale: dict[int, Decimal] = {}
    waiting: set[int] = set()
    dues: dict[tuple[int, str], list[tuple[datetime | None, Decimal]]] = {}
    for vendor_pk, currency, sale, since, amount in rows:
        if sale is not None:
            by_sale[sale] = -amount
            if since is None:
                waiting.add(sale)
        if sale is None or since is not None:
            dues.setdefault((vendor_pk, currency), []).append((since, -amount))
    return by_sale, dues, waiting


def _held_and_reckoned(pks: Sequence[int]) -> tuple[dict[int, Decimal], set[int]]:
    """What disputes hold back by sale; and the sales that the ledger knows."""
    rows = (
        LedgerEntry.objects.filter(vendor_order__in=pks, account__in=LedgerEntry.VENDOR_ACCOUNTS)
        .order_by()
        .values_list("vendor_order_id")
        .annotate(held=Sum("amount", filter=Q(account=LedgerEntry.Account.VENDOR_HELD), default=NOTHING))
    )
    held = {sale: -amount for sale, amount in rows}
    return held, set(held)


def _parts(pks: Sequence[int]) -> dict[int, list[PaidPart]]:
    rows = (
        PayoutItem.objects.filter(is_void=False, entry__vendor_order__in=pks)
        .exclude(entry__posting__source_type="transfer")
        .order_by("payout_id")
        .values_list(
            "entry__vendor_order_id",
            "payout_id",
            "payout__state",
            "payout__created_at",
            "payout__ended_at",
            "payout__bank_day",
            "payout__bank_reference",
            "transfer__provider_id",
        )
        .annotate(amount=Sum("entry__amount"))
    )
    found = list(rows)
    successors = _successors({row[1] for row in found if row[2] == Payout.State.RETURNED})
    parts: dict[int, list[PaidPart]] = {}
    for sale, payout, state, created_at, ended_at, bank_day, bank_reference, provider_id, amount in found:
        reference = bank_reference or provider_id or ""
        again = successors.get(payout)
        part = (
            PaidPart(
                again.state, -amount, again.created_at, again.ended_at, again.bank_day, again.bank_reference
            )
            if again
            else PaidPart(state, -amount, created_at, ended_at, bank_day, reference)
        )
        parts.setdefault(sale, []).append(part)
    return parts


def _successors(returned: set[int]) -> dict[int, Payout]:
    """The payouts that pay again what a bank sent back, by key of the returned payout; one query."""
    again = PayoutItem.objects.filter(
        is_void=False,
        entry__posting__source_type="payout",
        entry__posting__kind="returned",
        entry__posting__source_id__in=returned,
    ).select_related("payout", "entry__posting")
    return {item.entry.posting.source_id: item.payout for item in again}


def _on_delivery(vendor_orders: Sequence[VendorOrder]) -> set[int]:
    """Orders that are paid in cash at hand-over."""
    orders = Order.objects.filter(pk__in={sale.order_id for sale in vendor_orders})
    return set(orders.filter(status=Order.Status.PAY_ON_DELIVERY).values_list("pk", flat=True))
