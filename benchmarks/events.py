"""Provider events handled by one worker, which asks the Stripe simulator about each."""

import json
import time
import urllib.request
from collections import Counter
from collections.abc import Callable

from benchmarks.ground import Ground
from benchmarks.report import Result
from orders.models import Order
from payments.models import ProviderEvent
from payments.services.attempts import start_payment
from payments.services.events import poll_events
from payments.services.providers import STRIPE
from payments.services.reconciling import reconcile
from tests.support.sale import a_listing, placed_order

ORDERS = 300
WAIT_SECONDS = 600
State = ProviderEvent.State


def measure(ground: Ground) -> Result:
    """Events and settled orders per second, with one worker process and with two."""
    ground.start_simulator()
    _wait(lambda: _answers(ground.simulator_url), 30)
    listing = a_listing(units=10 * ORDERS)
    rows: list[tuple[str, str]] = []
    kinds: Counter[str] = Counter()
    for concurrency in (1, 2):
        seconds, events = _handled(ground, listing, concurrency=concurrency)
        kinds = Counter(ProviderEvent.objects.values_list("kind", flat=True))
        rows += [
            (f"events, worker with {concurrency} process(es)", f"{events / seconds:.0f} per second"),
            (f"orders settled, worker with {concurrency} process(es)", f"{ORDERS / seconds:.0f} per second"),
        ]
    result = reconcile()
    if not result.is_clean:
        raise AssertionError(f"{len(result.open)} differences, the first: {result.open[0].detail}")
    told = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    return Result(
        "Provider events handled by one worker",
        rows,
        [
            f"For each run {ORDERS} orders were paid at the Stripe simulator and their events stored and queued in "
            "Redis; then a Celery worker was started, and the time counts from its first event to its last. Each "
            "event that concerns a payment makes the worker ask the simulator, a process of its own on the same "
            "machine that checks every answer against Stripe's published schema, and settle the order: locks, "
            "ledger, notices. Notices and transfers of the same orders go through the same worker.",
            f"Events: {told}. Reconciliation with the simulator's balance found no difference afterwards.",
        ],
    )


def _handled(ground: Ground, listing: object, *, concurrency: int) -> tuple[float, int]:
    """Seconds from the first event to the last, and how many there were."""
    before = ProviderEvent.objects.count()
    for _order in range(ORDERS):
        attempt = start_payment(placed_order((listing, 1)))
        _control(ground, "pay", session=attempt.session_id, card="4242424242424242")
    poll_events(STRIPE)
    total = ProviderEvent.objects.count() - before
    worker = ground.start_worker(concurrency=concurrency)
    _wait(lambda: not ProviderEvent.objects.filter(state=State.RECEIVED).exists(), WAIT_SECONDS)
    ground.supervisor.stop([worker])
    if Order.objects.exclude(status=Order.Status.PAID).exists():
        raise AssertionError("an order was not settled")
    times = ProviderEvent.objects.order_by("-pk")[:total].values_list("handled_at", flat=True)
    handled = sorted(at for at in times if at)
    return (handled[-1] - handled[0]).total_seconds(), len(handled)


def _control(ground: Ground, name: str, **values: object) -> None:
    request = urllib.request.Request(  # noqa: S310 - our own simulator
        f"{ground.simulator_url}/_control/{name}",
        data=json.dumps(values).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30):  # noqa: S310 - our own simulator
        pass


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_control/objects?kind=charge", timeout=3):  # noqa: S310
            return True
    except OSError:
        return False


def _wait(is_true: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(0.2)
