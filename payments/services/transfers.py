"""Transfers to groups: a row with its key first, then the call; repeated with the same key until it is answered."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from payments.models import LedgerEntry, Payout, PayoutAccount, PayoutItem, Transfer
from payments.providers.base import (
    AccountRestricted,
    ProviderRequestRejected,
    ProviderUnavailable,
    RemoteTransfer,
)
from payments.selectors.balances import changed_sales, vendor_balance
from payments.services import ledger
from payments.services.alerts import alert_finance
from payments.services.draining import drain
from payments.services.group_notices import tell_of_payout
from payments.services.late_reversals import take_back_since
from payments.services.providers import STRIPE, get_online_provider
from vendors.models import Partner

State = Transfer.State
LEASE = timedelta(minutes=3)
# The provider forgets a key after about a day; from then on it is searched before it is asked again.
KEY_LIFE = timedelta(hours=23)


def make_transfer(transfer_pk: int) -> bool:
    """Ask the provider for one transfer that is due; True when this call brought it to an end.

    Not asked for when the account may receive nothing by now, or the group is not owed it any more: then its entries
    are free for the next run, as after a refusal.
    """
    transfer = _lease(transfer_pk)
    if transfer is None:
        return False
    try:
        remote = _ask(transfer)
    except ProviderUnavailable as error:
        Transfer.objects.filter(pk=transfer.pk, state=State.WAITING).update(
            next_try_at=timezone.now() + pause_after(transfer.tries),
            last_error=f"no answer {error.code}".strip()[:200],
        )
        return False
    except AccountRestricted as error:
        why = error.code or "restricted"
        PayoutAccount.objects.filter(pk=transfer.payout.account_id).update(restriction=why[:200])
        _fail(transfer.pk, why)
        return True
    except ProviderRequestRejected as error:
        _fail(transfer.pk, error.code or "refused")
        return True
    _note_made(transfer.pk, remote)
    return True


def make_waiting_transfers() -> int:
    """Ask for the transfers that are due, as many as there is time for; returns how many came to an end."""
    return drain(Transfer.objects.filter(state=State.WAITING), make_transfer)


def pause_after(tries: int) -> timedelta:
    """How long a call that got no answer waits before it is repeated."""
    return timedelta(seconds=30 * 2 ** min(tries, 8))


def is_key_old(asked_at: datetime | None) -> bool:
    """Whether the provider may have forgotten the key of a call that was first made then."""
    return asked_at is not None and timezone.now() - asked_at > KEY_LIFE


def _ask(transfer: Transfer) -> RemoteTransfer:
    """The transfer at the provider, found or made. Raises what the provider raises."""
    provider, order = get_online_provider(STRIPE), transfer.vendor_order.order
    group = f"order:{order.number}"
    if is_key_old(transfer.asked_at):
        found = provider.find_transfer(transfer.key, group)
        if found is not None:
            return found
    try:
        return provider.create_transfer(
            key=transfer.key,
            account=transfer.payout.account.stripe_account_id,
            amount=transfer.amount,
            currency=transfer.currency,
            source_charge=transfer.charge_id,
            transfer_group=group,
            metadata={
                "transfer": transfer.key,
                "order": order.number,
                "vendor_order": transfer.vendor_order.number,
            },
        )
    except ProviderRequestRejected:
        # A refusal after a call without an answer says nothing about that first call.
        found = provider.find_transfer(transfer.key, group) if transfer.tries > 1 else None
        if found is None:
            raise
        return found


def _lock(transfer_pk: int) -> Transfer:
    """The transfer, locked after its payout: whoever ends the last transfer of a payout ends the payout."""
    payout_pk = Transfer.objects.values_list("payout_id", flat=True).get(pk=transfer_pk)
    Payout.objects.select_for_update(no_key=True).get(pk=payout_pk)
    related = Transfer.objects.select_related("payout__account", "payout__vendor", "vendor_order__order")
    return related.select_for_update(of=("self",)).get(pk=transfer_pk)


@transaction.atomic
def _lease(transfer_pk: int) -> Transfer | None:
    now = timezone.now()
    if not Transfer.objects.filter(pk=transfer_pk, state=State.WAITING, next_try_at__lte=now).exists():
        return None
    transfer = _lock(transfer_pk)
    if transfer.state != State.WAITING or transfer.next_try_at > now:
        return None
    if transfer.asked_at is None:
        obstacle = _obstacle(transfer)
        if obstacle:
            _end_as_failed(transfer, obstacle)
            return None
        transfer.asked_at = now
    transfer.tries += 1
    transfer.next_try_at = now + LEASE
    transfer.save(update_fields=["tries", "next_try_at", "asked_at"])
    Payout.objects.filter(pk=transfer.payout_id, state=Payout.State.PLANNED).update(state=Payout.State.SENT)
    if transfer.tries == settings.EVENT_MAX_TRIES:
        # It is tried on, since the money is owed; but by now a person should know.
        alert_finance(
            f"transfer:{transfer.pk}:late",
            subject=f"transfer {transfer.pk} has been tried {transfer.tries} times without an answer",
            detail=f"vendor order {transfer.vendor_order.number}, last error {transfer.last_error or 'none'}",
        )
    return transfer


def _obstacle(transfer: Transfer) -> str:
    """Why a transfer that nobody has asked for yet must not be made any more; empty when it may."""
    payout = transfer.payout
    if payout.account.restriction:
        return "account restricted"
    if payout.account.cancelled_at:
        return "account withdrawn"
    # A full lock: a posting about this group that is not committed holds its key, and is waited for.
    Partner.objects.select_for_update(of=("self",)).get(pk=payout.vendor_id)
    sales = transfer.items.exclude(entry__vendor_order=None).values_list("entry__vendor_order_id", flat=True)
    if changed_sales(sales):
        return "sale refunded, disputed or to be returned since"
    asked = payout.transfers.filter(state=State.WAITING, asked_at__isnull=False)
    under_way = asked.aggregate(sum=Sum("amount", default=Decimal(0)))["sum"]
    payable = vendor_balance(payout.vendor, payout.currency).payable
    return "balance fell" if transfer.amount + under_way > payable else ""


@transaction.atomic
def _note_made(transfer_pk: int, remote: RemoteTransfer) -> None:
    transfer = _lock(transfer_pk)
    if transfer.state != State.WAITING:
        return
    transfer.provider_id = remote.id
    transfer.state = State.SUCCEEDED
    transfer.last_error = ""
    transfer.save(update_fields=["provider_id", "state", "last_error"])
    posting = ledger.post_transfer(transfer)
    debit = posting.entries.get(account=LedgerEntry.Account.VENDOR_PAYABLE)
    PayoutItem.objects.create(payout=transfer.payout, transfer=transfer, entry=debit)
    take_back_since(transfer)
    _end_payout(transfer.payout)


@transaction.atomic
def _fail(transfer_pk: int, why: str) -> None:
    transfer = _lock(transfer_pk)
    if transfer.state == State.WAITING:
        _end_as_failed(transfer, why)


def _end_as_failed(transfer: Transfer, why: str) -> None:
    transfer.state = State.FAILED
    transfer.last_error = why[:200]
    transfer.save(update_fields=["state", "last_error"])
    transfer.items.update(is_void=True)
    alert_finance(
        f"payout:{transfer.payout_id}:failed",
        subject=f"a transfer of payout {transfer.payout_id} was not made: {why}",
        detail=f"vendor order {transfer.vendor_order.number}; the next run takes what it was for",
    )
    _end_payout(transfer.payout)


def _end_payout(payout: Payout) -> None:
    """End a locked payout once its last transfer has ended; what it paid is what was transferred."""
    rows = list(payout.transfers.values_list("state", "amount"))
    if any(state == State.WAITING for state, _amount in rows):
        return
    made = sum((amount for state, amount in rows if state == State.SUCCEEDED), Decimal(0))
    failed = sum(state == State.FAILED for state, _amount in rows)
    payout.state = Payout.State.PAID if made else Payout.State.FAILED
    payout.amount = made or payout.amount
    payout.remark = (
        _("%(failed)d of %(count)d transfers were not made") % {"failed": failed, "count": len(rows)}
        if failed
        else ""
    )
    payout.ended_at = timezone.now()
    payout.save(update_fields=["state", "amount", "remark", "ended_at"])
    if made:
        tell_of_payout(payout, "payout_paid")
