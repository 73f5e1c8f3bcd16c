"""Groups that owe the programme money."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from payments.models import LedgerEntry
from vendors.models import Partner


@dataclass(frozen=True)
class Debt:
    """What a group owes the programme in one currency; above zero."""

    vendor: Partner
    currency: str
    amount: Decimal


def debts(currency: str | None = None) -> list[Debt]:
    """What groups owe, in one currency or in all, the largest debt first; two queries, however many groups."""
    rows = LedgerEntry.objects.filter(account=LedgerEntry.Account.VENDOR_PAYABLE)
    if currency is not None:
        rows = rows.filter(currency=currency)
    # Debit is above zero in the ledger, and what a group owes is debit.
    owed = list(
        rows.order_by()
        .values_list("vendor_id", "currency")
        .annotate(owed=Sum("amount"))
        .filter(owed__gt=0)
        .order_by("-owed", "vendor_id")
    )
    vendors = Partner.objects.in_bulk([vendor for vendor, _currency, _owed in owed])
    return [Debt(vendors[vendor], code, amount) for vendor, code, amount in owed]
