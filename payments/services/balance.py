"""The provider's balance: its movements are fetched, kept, and posted to the ledger once each.

Source: docs/architecture.md, "Ledger".
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from payments.models import BalanceTransaction, LedgerEntry
from payments.providers.base import RemoteBalanceTransaction
from payments.selectors.balance_sources import BalanceSource, balance_sources
from payments.services import ledger
from payments.services.alerts import alert_finance
from payments.services.providers import get_online_provider

logger = logging.getLogger(__name__)

Row = TypeVar("Row")
State = BalanceTransaction.State
Account = LedgerEntry.Account
BATCH = 500
# A movement may be entered at the provider some time after the moment it bears.
LOOK_BACK = timedelta(hours=2)
BEGINNING = datetime(2010, 1, 1, tzinfo=UTC)

# Movements of something that we have a row for, and the account on which it is under way.
CLEARING = {
    "charge": Account.PROVIDER_CLEARING,
    "payment": Account.PROVIDER_CLEARING,
    "refund": Account.REFUND_CLEARING,
    "payment_refund": Account.REFUND_CLEARING,
    "refund_failure": Account.REFUND_CLEARING,
    "payment_failure_refund": Account.REFUND_CLEARING,
    "adjustment": Account.DISPUTE_RECEIVABLE,
}
# Movements between the provider and ourselves, of which we have no row.
OWN = {
    "payout": Account.BANK,
    "payout_failure": Account.BANK,
    "payout_cancel": Account.BANK,
    "stripe_fee": Account.PROVIDER_FEES,
    "tax_fee": Account.PROVIDER_FEES,
}
# Posted when our transfer or reversal succeeded, so that they are only compared; sign of their amounts.
COMPARED = {"transfer": -1, "transfer_refund": 1, "transfer_cancel": 1, "transfer_failure": 1}


class _NotUnderstood(Exception):
    """Carries why a movement cannot be posted, whatever comes later."""


def fetch_balance_transactions(provider: str, look_back: timedelta = LOOK_BACK) -> int:
    """Keep the provider's movements since shortly before the newest we hold, and post them; returns how many are new.

    look_back: from how long before the newest. Called hourly and on demand, safe beside itself: a movement is kept
    once and posted once.
    Raises ProviderUnavailable, ProviderRequestRejected; what was kept before stays.
    """
    newest = BalanceTransaction.objects.filter(provider=provider).order_by("-occurred_at").first()
    since = newest.occurred_at - look_back if newest else BEGINNING
    # Oldest first: a run that dies leaves the gap at the new end, where the next run begins.
    remote = list(get_online_provider(provider).list_balance_transactions(since))[::-1]
    new = sum(_keep(provider, rows) for rows in _batches(remote))
    post_waiting()
    return new


def post_waiting() -> int:
    """Post the movements that wait, oldest first; returns how many were posted or matched.

    One whose source we do not know yet waits for it, and after the quiet hours an officer is told.
    """
    waiting = BalanceTransaction.objects.filter(state=State.WAITING).order_by("occurred_at", "pk")
    return sum(_post_batch(pks) for pks in _batches(list(waiting.values_list("pk", flat=True))))


def look_again(row: BalanceTransaction) -> bool:
    """An officer wants a movement that was not understood looked at again; True when it could be posted now."""
    BalanceTransaction.objects.filter(pk=row.pk, state=State.UNKNOWN).update(state=State.WAITING)
    return _post_batch([row.pk]) == 1


def _batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


@transaction.atomic
def _keep(provider: str, rows: Sequence[RemoteBalanceTransaction]) -> int:
    known = set(
        BalanceTransaction.objects.filter(
            provider=provider, remote_id__in=[row.id for row in rows]
        ).values_list("remote_id", flat=True)
    )
    fresh = [_row_of(provider, row) for row in rows if row.id not in known]
    # A twin of this run may be keeping the same ones.
    BalanceTransaction.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _row_of(provider: str, remote: RemoteBalanceTransaction) -> BalanceTransaction:
    return BalanceTransaction(
        provider=provider,
        remote_id=remote.id,
        kind=remote.kind[:60],
        amount=remote.amount,
        fee=remote.fee,
        net=remote.net,
        currency=remote.currency,
        source_id=remote.source_id,
        occurred_at=remote.created_at,
        available_at=datetime.combine(remote.available_on, time.min, tzinfo=UTC),
    )


@transaction.atomic
def _post_batch(pks: Sequence[int]) -> int:
    waiting = BalanceTransaction.objects.select_for_update(skip_locked=True).filter(
        pk__in=pks, state=State.WAITING
    )
    rows = list(waiting.order_by("pk"))
    sources = balance_sources(row.source_id for row in rows)
    patience = timezone.now() - timedelta(hours=settings.RECONCILE_QUIET_HOURS)
    posted = []
    for row in rows:
        try:
            if _post(row, sources.get(row.source_id)):
                posted.append(row.pk)
            elif row.created_at < patience:
                raise _NotUnderstood("we have nothing with that number")
        except _NotUnderstood as why:
            _set_aside(row, str(why))
    BalanceTransaction.objects.filter(pk__in=posted).update(state=State.POSTED)
    return len(posted)


def _post(row: BalanceTransaction, source: BalanceSource | None) -> bool:
    """Post or match one movement; False while its source is not known yet. Raises _NotUnderstood."""
    if row.kind in OWN:
        ledger.post_balance_transaction(row, clearing=OWN[row.kind])
        return True
    if row.kind not in CLEARING and row.kind not in COMPARED:
        raise _NotUnderstood("no movement of this kind is expected")
    if source is None:
        return False
    if source.currency != row.currency:
        raise _NotUnderstood(f"ours is in {source.currency}")
    if row.kind in CLEARING:
        ledger.post_balance_transaction(row, clearing=CLEARING[row.kind])
    elif row.net != COMPARED[row.kind] * source.amount:
        raise _NotUnderstood(f"ours is of {source.amount}")
    return True


def _set_aside(row: BalanceTransaction, why: str) -> None:
    BalanceTransaction.objects.filter(pk=row.pk).update(state=State.UNKNOWN)
    logger.warning("balance transaction not understood", extra={"balance_transaction": row.pk})
    alert_finance(
        f"balance:{row.pk}:unknown",
        subject=f"movement {row.remote_id} of the provider's balance is not in the ledger",
        detail=f"{row.kind} of {row.currency} {row.amount} about {row.source_id or 'nothing'}: {why}",
    )
