"""1,000 orders with random refunds while a fifth of the webhooks is lost, doubled, late or reversed."""

import time
from collections import Counter
from io import StringIO

from django.conf import settings
from django.core.management import call_command

from benchmarks.ground import Ground
from benchmarks.report import Result
from orders.models import Order
from payments.models import LedgerEntry, ProviderEvent, Refund
from tests.support.services import RunningMarketplace
from tests.support.soak import STRUCK, Soak

ORDERS = 1_000
FAILING = 20


def measure(ground: Ground) -> Result:
    """Seconds, what happened, and the answer of `manage.py reconcile`. Raises AssertionError unless that is 0."""
    with RunningMarketplace(ground.folder / "marketplace", redis_url=ground.env["REDIS_URL"]) as running:
        settings.STRIPE_API_BASE = running.simulator_url
        soak = Soak(running.simulator_url)
        start = time.monotonic()
        soak.run(ORDERS)
        sold = time.monotonic()
        soak.sweep()
        soak.fail_some_refunds(FAILING)
        soak.sweep()
        swept = time.monotonic()
        said = StringIO()
        call_command("reconcile", stdout=said)
        seconds = (sold - start, swept - sold, time.monotonic() - swept)
    return _result(soak, seconds, said.getvalue().strip())


def _result(soak: Soak, seconds: tuple[float, float, float], said: str) -> Result:
    statuses = Counter(Order.objects.values_list("status", flat=True))
    refunds = Counter(Refund.objects.values_list("state", flat=True))
    if ProviderEvent.objects.filter(state__in=("received", "dead")).exists():
        raise AssertionError("an event was not handled")
    rows = [(what, f"{count:,}") for what, count in sorted(soak.counts.items())]
    rows += [(f"orders now {status}", f"{count:,}") for status, count in sorted(statuses.items())]
    rows += [(f"refunds now {state}", f"{count:,}") for state, count in sorted(refunds.items())]
    rows += [
        ("events stored", f"{ProviderEvent.objects.count():,}"),
        ("ledger entries", f"{LedgerEntry.objects.count():,}"),
        ("selling and refunding", f"{seconds[0]:.0f} s"),
        ("sweepers, until nothing was due", f"{seconds[1]:.0f} s"),
        ("`manage.py reconcile`", f"{seconds[2]:.1f} s, exit 0: {said}"),
    ]
    return Result(
        f"{ORDERS:,} orders while {STRUCK:.0%} of the webhooks are lost, doubled, late or reversed",
        rows,
        [
            "Web server, worker, Redis, PostgreSQL and the Stripe simulator as processes, all calls over HTTP. Orders "
            "of one to three groups; some cards are declined first, some buyers never pay, seven of ten never come "
            "back from the payment page. Refunds of units, deliveries and whole orders, short supply and cancelled "
            "parts, also of what nobody paid, which is refused. In the end banks send refunds back, and half of "
            "those are asked for again.",
        ],
    )
