"""What groups owe the programme and will never pay: given up by two persons, whatever the amount."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from payments.errors import NothingOwed, OwnAffair, ReasonMissing, SecondPersonNeeded, WriteOffDecided
from payments.models import WriteOff
from payments.selectors.balances import vendor_balance
from payments.services import ledger
from people.models import User
from vendors.models import Membership, Partner

State = WriteOff.State


@transaction.atomic
def propose_write_off(
    vendor: Partner, *, amount: Decimal, currency: str, reason: str, actor: User
) -> WriteOff:
    """Ask that the programme bears what a group owes, or a part of it; nothing is posted before it is approved.

    amount: in currency, two decimals, above zero.
    Raises ReasonMissing, NothingOwed for more than the group owes, WriteOffDecided while another one waits, OwnAffair
    for members of the group.
    """
    if not reason.strip():
        raise ReasonMissing
    _refuse_own_group(vendor.pk, actor)
    _require_debt(vendor, amount, currency)
    waiting, is_new = WriteOff.objects.get_or_create(
        vendor=vendor,
        currency=currency,
        state=State.PROPOSED,
        defaults={"amount": amount, "reason": reason.strip()[:200], "requested_by": actor},
    )
    if not is_new:
        raise WriteOffDecided
    return waiting


@transaction.atomic
def approve_write_off(write_off: WriteOff, *, actor: User) -> bool:
    """Agree, as a second person: the group owes that much less from now on. False when it was approved before.

    Raises SecondPersonNeeded for who asked for it, WriteOffDecided when it was rejected, NothingOwed when the group
    has earned or paid so much meanwhile that it does not owe the amount any more, OwnAffair for members of the group.
    """
    locked = _lock(write_off)
    if locked.state == State.APPROVED:
        return False
    if locked.state != State.PROPOSED:
        raise WriteOffDecided
    if locked.requested_by_id == actor.pk:
        raise SecondPersonNeeded
    _refuse_own_group(locked.vendor_id, actor)
    _require_debt(locked.vendor, locked.amount, locked.currency)
    _decide(locked, State.APPROVED, actor)
    ledger.post_debt_written_off(locked)
    return True


@transaction.atomic
def reject_write_off(write_off: WriteOff, *, actor: User) -> bool:
    """Let the group go on owing it; who asked for it may say so too. False when it was rejected before.

    Raises WriteOffDecided when it was approved.
    """
    locked = _lock(write_off)
    if locked.state == State.REJECTED:
        return False
    if locked.state != State.PROPOSED:
        raise WriteOffDecided
    _decide(locked, State.REJECTED, actor)
    return True


def _lock(write_off: WriteOff) -> WriteOff:
    rows = WriteOff.objects.select_for_update(of=("self",)).select_related("vendor")
    return rows.get(pk=write_off.pk)


def _lock_group(vendor: Partner) -> None:
    # A full lock: a posting about this group that is not committed holds its key, and is waited for.
    Partner.objects.select_for_update(of=("self",)).get(pk=vendor.pk)


def _refuse_own_group(vendor_pk: int, actor: User) -> None:
    if Membership.objects.filter(vendor=vendor_pk, user=actor).exists():
        raise OwnAffair


def _require_debt(vendor: Partner, amount: Decimal, currency: str) -> None:
    _lock_group(vendor)
    if amount <= 0 or amount > -vendor_balance(vendor, currency).payable:
        raise NothingOwed


def _decide(locked: WriteOff, state: WriteOff.State, actor: User) -> None:
    locked.state, locked.decided_by, locked.decided_at = state, actor, timezone.now()
    locked.save(update_fields=["state", "decided_by", "decided_at"])
