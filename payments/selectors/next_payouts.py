"""What the next run that pays a group will pay it, or why there is none in sight."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from marketplace.lib.dates import local_day
from payments.models import PayoutAccount
from payments.selectors.balances import Balance, payable_since, unpaid_entries, vendor_balances
from payments.selectors.payouts import (
    Obstacle,
    next_run,
    obstacle_to,
    payouts_under_way,
    smallest_payout,
)
from payments.selectors.rails import Rails, read_rails
from vendors.models import Partner

ZERO = Decimal("0.00")
# These stand in the way whatever becomes due.
_LASTING = (Obstacle.NO_ACCOUNT, Obstacle.RESTRICTED, Obstacle.NEEDS_BANK, Obstacle.SUSPENDED)


@dataclass(frozen=True)
class NextPayout:
    """One currency of a group. payable, held: its balance. amount, on, sales: of the next payout, on a day of its country.

    on is None where obstacle says why no payout is in sight; amount is then what waits, which may be below zero.
    smallest: no payout below. later: of delivered sales that a later run pays. waiting: of sales whose goods are not
    delivered yet, so that nobody knows the day. planned: in a payout that nobody has approved or made yet.
    amount + later + waiting + planned = payable.
    """

    currency: str
    payable: Decimal
    held: Decimal
    amount: Decimal
    on: date | None
    sales: int
    obstacle: Obstacle | None
    smallest: Decimal
    later: Decimal
    waiting: Decimal
    planned: Decimal


@dataclass(frozen=True)
class _Due:
    sale: int | None
    since: datetime | None
    amount: Decimal


def next_payouts(vendor: Partner, *, now: datetime | None = None) -> list[NextPayout]:
    """The next payout of a group in each currency in which it has an account; seven queries, however many sales."""
    moment = now or timezone.now()
    dues: dict[str, list[_Due]] = {}
    rows = (
        unpaid_entries()
        .filter(vendor=vendor)
        .order_by()
        .annotate(since=payable_since())
        .values_list("currency", "vendor_order_id", "since")
        .annotate(amount=Sum("amount"))
    )
    for currency, sale, since, amount in rows:
        dues.setdefault(currency, []).append(_Due(sale, since, -amount))
    sales = [due.sale for groups in dues.values() for due in groups if due.sale]
    rails = read_rails(moment, [vendor.pk], sales)
    begins = moment
    if vendor.pk not in rails.first:
        coming = PayoutAccount.objects.filter(vendor=vendor, cancelled_at__isnull=True).order_by("pk").first()
        begins = max(moment, coming.active_from) if coming else moment
        rails = read_rails(begins, [vendor.pk], sales) if coming else rails
    under_way = payouts_under_way([vendor.pk])
    found = []
    for (_vendor, currency), balance in sorted(vendor_balances([vendor.pk]).items()):
        own = dues.get(currency, [])
        # The run after this one is not spoken for: by then what is under way has most likely ended.
        blocked = next_run(moment) if (vendor.pk, currency) in under_way else None
        found.append(_next(vendor, currency, balance, own, rails=rails, begins=begins, blocked=blocked))
    return found


def _next(
    vendor: Partner,
    currency: str,
    balance: Balance,
    dues: Sequence[_Due],
    *,
    rails: Rails,
    begins: datetime,
    blocked: datetime | None,
) -> NextPayout:
    smallest = smallest_payout(rails.first.get(vendor.pk), currency, state=vendor.state)
    times = {max(begins, due.since) if due.since else begins for due in dues if due.since or due.sale is None}
    amount, on = ZERO, None
    obstacle: Obstacle | None = Obstacle.NOTHING_DUE
    together: Sequence[_Due] = []
    for run in sorted({next_run(each) for each in times}):
        # What no rail can move comes last.
        way = rails.ways(vendor.pk, currency, [due for due in dues if _counts(due, run)])[0]
        together = way.dues
        amount = _sum(together)
        smallest = smallest_payout(way.account, currency, state=vendor.state)
        obstacle = obstacle_to(
            amount,
            currency,
            account=way.account,
            payable=balance.payable,
            is_open=way.is_open,
            state=vendor.state,
        )
        if obstacle is None and run == blocked:
            obstacle = Obstacle.UNDER_WAY
        if obstacle is None:
            on = local_day(run, vendor.home_region.country_code)
        if obstacle is None or obstacle in _LASTING:
            break
    waiting = _sum(due for due in dues if due.sale is not None and due.since is None)
    return NextPayout(
        currency=currency,
        payable=balance.payable,
        held=balance.held,
        amount=amount,
        on=on,
        sales=len({due.sale for due in together if due.sale is not None}),
        obstacle=obstacle,
        smallest=smallest,
        later=_sum(dues) - amount - waiting,
        waiting=waiting,
        planned=balance.payable - _sum(dues),
    )


def _sum(dues: Iterable[_Due]) -> Decimal:
    return sum((due.amount for due in dues), ZERO)


def _counts(due: _Due, run: datetime) -> bool:
    return due.sale is None or (due.since is not None and due.since <= run)
