"""What groups are owed, read from the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Sum, When

from orders.models import Return
from payments.models import LedgerEntry, PayoutItem
from vendors.models import Partner

Account = LedgerEntry.Account
NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Balance:
    """What a group is owed in one currency. payable: below zero when the group owes us. held: while disputes last."""

    payable: Decimal = NOTHING
    held: Decimal = NOTHING


def vendor_balance(vendor: Partner, currency: str) -> Balance:
    """The balance of a group, from one index alone; payouts that are planned but not made are still in it."""
    return vendor_balances([vendor.pk]).get((vendor.pk, currency), Balance())


def vendor_balances(vendor_pks: Iterable[int]) -> dict[tuple[int, str], Balance]:
    """Balances by group and currency, in one query; what is not in it is zero."""
    rows = (
        LedgerEntry.objects.filter(vendor__in=list(vendor_pks), account__in=LedgerEntry.VENDOR_ACCOUNTS)
        .order_by()
        .values_list("vendor_id", "currency")
        .annotate(
            payable=Sum("amount", filter=Q(account=Account.VENDOR_PAYABLE), default=NOTHING),
            held=Sum("amount", filter=Q(account=Account.VENDOR_HELD), default=NOTHING),
        )
    )
    # Credit is below zero in the ledger, and what a group is owed is credit.
    return {(vendor, currency): Balance(-payable, -held) for vendor, currency, payable, held in rows}


def unpaid_entries() -> QuerySet[LedgerEntry]:
    """Entries of what groups are owed or owe that no payout holds."""
    held = PayoutItem.objects.filter(entry=OuterRef("pk"), is_void=False)
    return LedgerEntry.objects.filter(~Exists(held), account=Account.VENDOR_PAYABLE)


def changed_sales(sales: Iterable[int]) -> set[int]:
    """Which of these vendor orders may not be paid as was planned: refunded or disputed since, or a return is unfinished.

    What a refund or a dispute took is owed by the sale, and no payout holds it.
    """
    wanted = set(sales)
    debits = unpaid_entries().filter(vendor_order__in=wanted, amount__gt=0)
    returns = Return.objects.unfinished().filter(vendor_order__in=wanted)
    changed = debits.order_by().values_list("vendor_order_id", flat=True)
    return set(changed.union(returns.order_by().values_list("vendor_order_id", flat=True)))


def payable_entries(now: datetime) -> QuerySet[LedgerEntry]:
    """Entries that a payout made now would hold: those of sales whose holding time is over, and of no sale.

    While the buyer wants to give goods back, their sale waits, whatever its holding time.
    """
    is_due = Q(vendor_order__payable_from__lte=now) & ~Exists(_unfinished_return())
    return unpaid_entries().filter(Q(vendor_order__isnull=True) | is_due)


def payable_since() -> Case:
    """Of an entry: from when it may be paid out; None while that is not known, or a return is unfinished."""
    waits = When(Exists(_unfinished_return()), then=None)
    return Case(waits, default=F("vendor_order__payable_from"), output_field=DateTimeField())


def _unfinished_return() -> QuerySet[Return]:
    return Return.objects.unfinished().filter(vendor_order=OuterRef("vendor_order"))
