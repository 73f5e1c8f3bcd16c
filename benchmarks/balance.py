"""The balance of one group with 100,000 ledger entries, among as many entries of others."""

import statistics
import time
from decimal import Decimal

from django.db import connection

from benchmarks.ground import Ground
from benchmarks.report import Result
from benchmarks.rows import analyse, make_vendors, post_all
from payments.models import LedgerEntry
from payments.selectors.balances import vendor_balance

ENTRIES = 100_000
OTHERS = 1_000
REPEATS = 50
CHUNK = 10_000
SHARE = Decimal("286.40")
Account = LedgerEntry.Account


def measure(_ground: Ground) -> Result:
    """Median and slowest of 50 readings, and the plan that PostgreSQL chose."""
    vendor, *others = make_vendors(OTHERS + 1)
    for start in range(0, ENTRIES, CHUNK):
        sellers = [vendor] * CHUNK + [others[place % OTHERS] for place in range(CHUNK)]
        post_all(
            [
                (
                    "benchmark",
                    2 * start + place,
                    "released",
                    [
                        LedgerEntry(account=Account.CUSTOMER_UNAPPLIED, amount=SHARE),
                        LedgerEntry(account=Account.VENDOR_PAYABLE, amount=-SHARE, vendor=seller),
                    ],
                )
                for place, seller in enumerate(sellers)
            ]
        )
    analyse()
    balance = vendor_balance(vendor, "INR")
    if balance.payable != ENTRIES * SHARE:
        raise AssertionError(f"the balance is {balance.payable}, not {ENTRIES * SHARE}")
    times = sorted(_timed(vendor) for _reading in range(REPEATS))
    plan = _plan(vendor)
    return Result(
        f"Ledger balance of a group with {ENTRIES:,} entries",
        [
            ("entries of the group", f"{ENTRIES:,}"),
            ("entries in the ledger", f"{LedgerEntry.objects.count():,}"),
            ("median", f"{statistics.median(times):.1f} ms"),
            ("slowest of 50", f"{times[-1]:.1f} ms"),
            ("queries", "1"),
            ("read from the index alone", "yes" if "Index Only Scan" in plan else "NO"),
        ],
        [
            "A reading is `payments.selectors.balances.vendor_balance`: payable and held, summed anew each time.",
            f"```\n{plan}\n```",
        ],
    )


def _timed(vendor: object) -> float:
    start = time.perf_counter()
    vendor_balance(vendor, "INR")
    return (time.perf_counter() - start) * 1000


def _plan(vendor: object) -> str:
    """What PostgreSQL does for exactly the statement that a reading sends."""
    sent: list[tuple[str, object]] = []

    def keep(execute, sql, params, many, context):
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        vendor_balance(vendor, "INR")
    ((sql, params),) = sent
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, BUFFERS) {sql}", params)
        return "\n".join(line for (line,) in cursor.fetchall())
