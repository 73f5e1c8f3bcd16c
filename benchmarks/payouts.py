"""The nightly payout run for 10,000 groups."""

from django.utils import timezone

from benchmarks.counting import counted
from benchmarks.ground import Ground
from benchmarks.report import Result
from benchmarks.rows import make_accounts, make_sales, make_vendors
from payments.models import LedgerEntry, Payout, PayoutAccount, PayoutItem, Transfer
from payments.services.payouts import plan_payouts
from payments.services.reconciling import reconcile

VENDORS = 10_000
EACH = 2
Rail = PayoutAccount.Rail


def measure(_ground: Ground) -> Result:
    """Seconds and queries to plan every payout, and of the same run again."""
    vendors = make_vendors(VENDORS)
    make_accounts(vendors[: VENDORS // 2], Rail.BANK_BATCH)
    make_accounts(vendors[VENDORS // 2 :], Rail.STRIPE_TRANSFER)
    make_sales(vendors, each=EACH)
    with counted() as first:
        run = plan_payouts(timezone.now())
    if run.planned != VENDORS or PayoutItem.objects.count() != VENDORS * EACH:
        raise AssertionError(f"{run.planned} payouts of {PayoutItem.objects.count()} entries were planned")
    with counted() as again:
        repeated = plan_payouts(timezone.now())
    with counted() as compared:
        is_clean = reconcile(with_provider=False).is_clean
    return Result(
        f"Payout run for {VENDORS:,} groups",
        [
            ("groups, half of them on each rail", f"{VENDORS:,}"),
            ("ledger entries", f"{LedgerEntry.objects.count():,}"),
            ("payouts planned", f"{Payout.objects.count():,}"),
            ("transfers queued", f"{Transfer.objects.count():,}"),
            ("the run", f"{first.seconds:.1f} s, {first.statements:,} queries"),
            (
                "the run repeated at once",
                f"{again.seconds:.1f} s, {again.statements:,} queries, {repeated.planned} planned",
            ),
            (
                "reconciliation afterwards",
                f"{compared.seconds:.1f} s, {'no' if is_clean else 'WITH'} differences",
            ),
        ],
        [
            "The run plans: it takes each group's entries under its lock and queues a task for each transfer, into "
            "Redis. Transfers and the bank's file are made afterwards."
        ],
    )
