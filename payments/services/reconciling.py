"""Reconciliation: orders = attempts = ledger = provider; each difference a row that somebody owns until it is gone."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from payments.models import Difference
from payments.providers.base import ProviderError
from payments.selectors.reconciliation import (
    Finding,
    attempt_findings,
    balance_findings,
    held_balances,
    ledger_findings,
    movements_since,
    offer_findings,
    order_findings,
    payout_findings,
    provider_findings,
)
from payments.services.alerts import alert_finance
from payments.services.balance import fetch_balance_transactions
from payments.services.providers import STRIPE, get_online_provider
from people.models import User
from vendors.services.staff_groups import FINANCE_OFFICERS

logger = logging.getLogger(__name__)

Area = Difference.Area
# Far enough for movements that the provider enters late, near enough to be read every night.
LOOK_BACK = timedelta(days=7)
# Two runs beside each other would note the same difference twice.
LOCK = "payments.reconcile"
BATCH = 1000
DETAIL_LENGTH = 200


@dataclass(frozen=True)
class Reconciliation:
    """What a run found. open: all differences now, oldest first; new: those not open before; gone: how many ended.

    provider_error: why the provider could not be asked, empty when it was, or was not to be.
    """

    open: Sequence[Difference]
    new: int
    gone: int
    provider_error: str

    @property
    def is_clean(self) -> bool:
        """Whether everything was looked at and nothing differs."""
        return not self.open and not self.provider_error


def reconcile(*, with_provider: bool = True) -> Reconciliation:
    """Compare everything and note every difference; finance hears of new ones. Safe beside itself.

    with_provider: fetch the provider's movements and balance first. Without it, or when the provider gives no answer,
    its rows that we hold are still compared, and a difference of its balance stays as it was.
    """
    provider_error = ""
    of_balance: list[Finding] | None = None
    if with_provider:
        try:
            of_balance = _ask_provider()
        except ProviderError as error:
            logger.warning("provider could not be reconciled", exc_info=True)
            provider_error = f"{type(error).__name__} {error.code}".strip()
    quiet_since = timezone.now() - timedelta(hours=settings.RECONCILE_QUIET_HOURS)
    with _one_moment():
        findings = [*_findings(quiet_since), *(of_balance or ())]
    new, gone = _note(findings, keep_balance=of_balance is None)
    rows = list(Difference.objects.filter(resolved_at__isnull=True).select_related("owner"))
    logger.info("reconciled", extra={"open": len(rows), "new": len(new), "gone": gone})
    return Reconciliation(rows, len(new), gone, provider_error)


def take_over(difference: Difference, owner: User, *, note: str) -> None:
    """Say who looks after a difference, and what is known of it; the figures are the run's alone."""
    Difference.objects.filter(pk=difference.pk).update(owner=owner, note=note[:200])


def owners() -> QuerySet[User]:
    """Those who may look after differences: the finance officers."""
    return User.objects.filter(groups__name=FINANCE_OFFICERS, is_active=True).order_by("pk")


def _findings(quiet_since: datetime) -> Iterator[Finding]:
    yield from order_findings()
    yield from offer_findings()
    yield from attempt_findings()
    yield from ledger_findings(quiet_since)
    yield from payout_findings()
    yield from provider_findings(STRIPE, quiet_since)


def _ask_provider() -> list[Finding]:
    """Fetch movements and compare them with the balance that the provider reports. Raises ProviderError."""
    fetch_balance_transactions(STRIPE, LOOK_BACK)
    held = held_balances(STRIPE)
    reported = get_online_provider(STRIPE).retrieve_balance()
    # Shops do not close for us: what came meanwhile may be in the answer already, or not yet.
    fetch_balance_transactions(STRIPE)
    return list(balance_findings(reported, held.sums, movements_since(STRIPE, held.newest)))


@contextmanager
def _one_moment() -> Iterator[None]:
    """All questions see the same moment, so that a sale between two of them is no difference."""
    # A caller's transaction has chosen its moment already.
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@transaction.atomic
def _note(findings: Sequence[Finding], *, keep_balance: bool) -> tuple[list[Difference], int]:
    """Write what was found: the differences that were not open before, and how many have gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [LOCK])
    now = timezone.now()
    found = {finding.key: finding for finding in findings}
    is_open = {row.key: row for row in Difference.objects.filter(resolved_at__isnull=True)}
    _refresh([is_open[key] for key in found.keys() & is_open.keys()], found, now)
    new = _open([finding for key, finding in found.items() if key not in is_open], now)
    gone = [
        row.pk
        for key, row in is_open.items()
        if key not in found and not (keep_balance and key.startswith("provider:balance:"))
    ]
    Difference.objects.filter(pk__in=gone).update(resolved_at=now)
    if new:
        _alert(new)
    return new, len(gone)


def _refresh(rows: Sequence[Difference], found: Mapping[str, Finding], now: datetime) -> None:
    for row in rows:
        finding = found[row.key]
        row.expected, row.found = finding.expected, finding.found
        row.detail = finding.detail[:DETAIL_LENGTH]
        row.last_seen_at, row.resolved_at = now, None
    fields = ["expected", "found", "detail", "last_seen_at", "resolved_at"]
    Difference.objects.bulk_update(rows, fields, batch_size=BATCH)


def _open(findings: Sequence[Finding], now: datetime) -> list[Difference]:
    """Open new differences, or again those that were gone, with their notes and their age."""
    by_key = {finding.key: finding for finding in findings}
    again = list(Difference.objects.filter(key__in=by_key).order_by("key", "-resolved_at").distinct("key"))
    _refresh(again, by_key, now)
    known = {row.key for row in again}
    turns = _Owners()
    fresh = Difference.objects.bulk_create(
        Difference(
            key=finding.key,
            area=finding.area,
            subject=finding.subject,
            currency=finding.currency,
            expected=finding.expected,
            found=finding.found,
            detail=finding.detail[:DETAIL_LENGTH],
            owner=turns.next(),
            first_seen_at=now,
            last_seen_at=now,
        )
        for finding in findings
        if finding.key not in known
    )
    return [*again, *fresh]


class _Owners:
    """Gives each difference to the finance officer who has the fewest."""

    def __init__(self) -> None:
        self._officers = {officer.pk: officer for officer in owners()}
        rows = Difference.objects.filter(resolved_at__isnull=True, owner__in=self._officers)
        self._load: Counter[int] = Counter(dict.fromkeys(self._officers, 0))
        self._load.update(dict(rows.order_by().values_list("owner").annotate(count=Count("pk"))))

    def next(self) -> User | None:
        """The officer whose turn it is; None where there is none."""
        if not self._load:
            return None
        pk = min(self._load, key=lambda each: (self._load[each], each))
        self._load[pk] += 1
        return self._officers[pk]


def _alert(new: Sequence[Difference]) -> None:
    first = new[0]
    alert_finance(
        f"differences:{first.pk}:{first.last_seen_at:%Y%m%d%H%M%S}",
        subject=f"reconciliation found {len(new)} new differences",
        detail=f"the first: {first.subject}, {first.detail}; all are listed in admin",
    )
