"""Taking transfers back after refunds and lost disputes; what cannot be had stays owed by the group."""

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from payments.models import Transfer, TransferReversal
from payments.providers.base import (
    InsufficientFunds,
    ProviderRequestRejected,
    ProviderUnavailable,
    RemoteReversal,
)
from payments.services import ledger
from payments.services.alerts import alert_finance
from payments.services.draining import drain
from payments.services.providers import STRIPE, get_online_provider
from payments.services.transfers import LEASE, is_key_old, pause_after

State = TransferReversal.State


def make_reversal(reversal_pk: int) -> bool:
    """Ask the provider for one reversal that is due; True when this call brought it to an end.

    Where the group's account holds too little it fails for good: the group's balance is below zero already, and its
    next payouts net it.
    """
    reversal = _lease(reversal_pk)
    if reversal is None:
        return False
    try:
        remote = _ask(reversal)
    except ProviderUnavailable as error:
        TransferReversal.objects.filter(pk=reversal.pk, state=State.WAITING).update(
            next_try_at=timezone.now() + pause_after(reversal.tries),
            last_error=f"no answer {error.code}".strip()[:200],
        )
        return False
    except InsufficientFunds as error:
        _fail(reversal, error.code or "balance too small", is_expected=True)
        return True
    except ProviderRequestRejected as error:
        _fail(reversal, error.code or "refused", is_expected=False)
        return True
    _note_made(reversal.pk, remote)
    return True


def make_waiting_reversals() -> int:
    """Ask for the reversals that are due, as many as there is time for; returns how many came to an end."""
    return drain(TransferReversal.objects.filter(state=State.WAITING), make_reversal)


def _ask(reversal: TransferReversal) -> RemoteReversal:
    """The reversal at the provider, found or made. Raises what the provider raises."""
    provider, transfer = get_online_provider(STRIPE), reversal.transfer
    if is_key_old(reversal.asked_at):
        found = provider.find_reversal(transfer.provider_id, reversal.key)
        if found is not None:
            return found
    try:
        return provider.reverse_transfer(
            key=reversal.key,
            transfer_id=transfer.provider_id,
            amount=reversal.amount,
            currency=transfer.currency,
            metadata={"reversal": reversal.key, "vendor_order": transfer.vendor_order.number},
        )
    except ProviderRequestRejected:
        # A refusal after a call without an answer says nothing about that first call.
        again = reversal.tries > 1
        found = provider.find_reversal(transfer.provider_id, reversal.key) if again else None
        if found is None:
            raise
        return found


@transaction.atomic
def _lease(reversal_pk: int) -> TransferReversal | None:
    now = timezone.now()
    due = TransferReversal.objects.filter(pk=reversal_pk, state=State.WAITING, next_try_at__lte=now)
    locked = due.select_for_update(skip_locked=True, of=("self",))
    reversal = locked.select_related("transfer__vendor_order__vendor").first()
    if reversal is None:
        return None
    reversal.tries += 1
    reversal.next_try_at = now + LEASE
    reversal.asked_at = reversal.asked_at or now
    reversal.save(update_fields=["tries", "next_try_at", "asked_at"])
    if reversal.tries == settings.EVENT_MAX_TRIES:
        alert_finance(
            f"reversal:{reversal.pk}:late",
            subject=f"reversal {reversal.pk} has been tried {reversal.tries} times without an answer",
            detail=f"transfer {reversal.transfer.key}, last error {reversal.last_error or 'none'}",
        )
    return reversal


@transaction.atomic
def _note_made(reversal_pk: int, remote: RemoteReversal) -> None:
    related = TransferReversal.objects.select_related("transfer__vendor_order__vendor")
    reversal = related.select_for_update(of=("self",)).get(pk=reversal_pk)
    if reversal.state != State.WAITING:
        return
    # The database refuses to count more as taken back than was sent.
    Transfer.objects.filter(pk=reversal.transfer_id).update(
        amount_reversed=F("amount_reversed") + reversal.amount
    )
    reversal.provider_id = remote.id
    reversal.state = State.SUCCEEDED
    reversal.last_error = ""
    reversal.save(update_fields=["provider_id", "state", "last_error"])
    ledger.post_reversal(reversal)


@transaction.atomic
def _fail(reversal: TransferReversal, why: str, *, is_expected: bool) -> None:
    ended = TransferReversal.objects.filter(pk=reversal.pk, state=State.WAITING)
    if ended.update(state=State.FAILED, last_error=why[:200]) and not is_expected:
        alert_finance(
            f"reversal:{reversal.pk}:failed",
            subject=f"reversal {reversal.pk} was refused: {why}",
            detail=f"transfer {reversal.transfer.key}; the group owes it, and its next payouts net it",
        )
