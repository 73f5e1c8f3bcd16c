"""Reconciliation of 20,000 orders."""

from decimal import Decimal

from django.db.models import F

from benchmarks.counting import counted
from benchmarks.ground import Ground
from benchmarks.report import Result
from benchmarks.rows import make_sales, make_vendors
from orders.models import Order, VendorOrder
from payments.models import LedgerEntry
from payments.services.reconciling import reconcile

VENDORS = 1_000
EACH = 20


def measure(_ground: Ground) -> Result:
    """Seconds and queries for books that agree, and with one cent wrong in a thousand orders."""
    make_sales(make_vendors(VENDORS), each=EACH)
    with counted() as clean:
        result = reconcile(with_provider=False)
    if not result.is_clean:
        raise AssertionError(f"{len(result.open)} differences, the first: {result.open[0].detail}")
    wrong = VendorOrder.objects.filter(pk__in=VendorOrder.objects.order_by("pk").values("pk")[:1000])
    wrong.update(commission_tax=F("commission_tax") + Decimal("0.01"))
    with counted() as dirty:
        found = reconcile(with_provider=False)
    return Result(
        f"Reconciliation of {VENDORS * EACH:,} orders",
        [
            ("orders", f"{Order.objects.count():,}"),
            ("ledger entries", f"{LedgerEntry.objects.count():,}"),
            ("books that agree", f"{clean.seconds:.2f} s, {clean.statements} queries"),
            (
                "one cent wrong in 1,000 vendor orders",
                f"{dirty.seconds:.2f} s, {dirty.statements} queries, {len(found.open):,} differences",
            ),
        ],
        ["Without the provider's part, which takes as long as the provider takes to list its movements."],
    )
