"""Payout batches: drafted by the nightly run, handed in, approved by a second person, exported once, settled by line."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from marketplace.lib.states import IllegalTransition
from payments.domain.bank_file import BankLine, is_whole, written
from payments.models import LedgerEntry, Payout, PayoutAccount, PayoutBatch, PayoutItem
from payments.payout_errors import (
    BatchChanged,
    BatchEmpty,
    FileChanged,
    HandInFirst,
    OwnDetails,
    OwnGroup,
    ReasonNeeded,
    SecondPersonNeeded,
)
from payments.selectors.balances import Balance, changed_sales, vendor_balances
from payments.selectors.rails import bank_accounts_in_force
from payments.services import ledger
from vendors.models import Membership, Partner

State = PayoutBatch.State
WITHDRAWN = "details withdrawn after the approval"
ENDED = (Payout.State.PAID, Payout.State.RETURNED, Payout.State.FAILED, Payout.State.CANCELLED)


def payout_number(payout: Payout) -> str:
    """Our number of a payout, as the bank repeats it."""
    return f"PO{payout.pk:08d}"


@transaction.atomic
def hand_in(batch: PayoutBatch, *, actor: Any) -> bool:
    """Close a draft, so that a second person can approve it; the next run begins another. False when it was.

    Raises IllegalTransition for a batch that is decided, BatchEmpty for one without payouts.
    """
    locked = _lock_draft(batch, State.DRAFT)
    if locked is None or locked.drafted_by_id is not None:
        return False
    if not locked.count:
        raise BatchEmpty
    locked.drafted_by = actor
    locked.save(update_fields=["drafted_by"])
    return True


def approve(batch: PayoutBatch, *, actor: Any) -> bool:
    """Let a batch go to the bank: from now on its money is on its way. False when it was approved before.

    Always two persons, however small it is. actor: not who handed it in, nor who gave account details that it pays
    to, nor a member of a group that it pays.
    Payouts to groups that are not owed so much any more, or whose details were withdrawn or replaced, are taken out
    first, and BatchChanged is raised: the actor looks again.
    Raises SecondPersonNeeded, HandInFirst, OwnDetails, OwnGroup, BatchEmpty, IllegalTransition; then nothing has
    changed.
    """
    with transaction.atomic():
        vendors = _lock_vendors(batch)
        locked = _lock_draft(batch, State.APPROVED)
        if locked is None:
            return False
        _check_approver(locked, actor)
        dropped = _drop_uncovered(locked, vendors)
        if not dropped:
            _approve(locked, actor)
    if dropped:
        raise BatchChanged(dropped)
    return True


@transaction.atomic
def reject(batch: PayoutBatch, *, actor: Any, reason: str) -> bool:
    """Do not pay a batch: the next run plans its payouts again. False when it was rejected before.

    Raises ReasonNeeded without a reason, SecondPersonNeeded for who handed it in, IllegalTransition once approved.
    """
    if not reason.strip():
        raise ReasonNeeded
    locked = _lock_draft(batch, State.REJECTED)
    if locked is None:
        return False
    if locked.drafted_by_id == actor.pk:
        raise SecondPersonNeeded
    _cancel(locked.payouts.filter(state=Payout.State.PLANNED), reason.strip())
    locked.state = State.REJECTED
    locked.approved_by, locked.approved_at = actor, timezone.now()
    locked.save(update_fields=["state", "approved_by", "approved_at"])
    return True


@transaction.atomic
def export(batch: PayoutBatch) -> str:
    """The file for the bank: written at the first call, the same bytes ever after; its payouts are with the bank.

    Payouts to details that were withdrawn since the approval are left out, and owed again.
    Raises IllegalTransition before it is approved, FileChanged when the stored file is not what was written.
    """
    _lock_vendors(batch)
    locked = PayoutBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if locked.sha256:
        if not is_whole(locked.content, locked.sha256):
            raise FileChanged
        return locked.content
    if locked.state != State.APPROVED:
        raise IllegalTransition(locked, locked.state, State.EXPORTED)
    _leave_out_withdrawn(locked)
    payouts = locked.payouts.filter(state=Payout.State.APPROVED)
    locked.content, locked.sha256 = written(
        [_line(row) for row in payouts.select_related("account").order_by("pk")]
    )
    locked.state, locked.exported_at = State.EXPORTED, timezone.now()
    locked.save(update_fields=["content", "sha256", "state", "exported_at", "count", "total"])
    payouts.update(state=Payout.State.SENT)
    end_batch(locked.pk)
    return locked.content


def end_batch(batch_pk: int) -> None:
    """Mark an exported batch as settled once the bank has answered for every line; within the caller's transaction."""
    batch = PayoutBatch.objects.select_for_update(of=("self",)).get(pk=batch_pk)
    if batch.state == State.EXPORTED and not batch.payouts.exclude(state__in=ENDED).exists():
        batch.state = State.SETTLED
        batch.save(update_fields=["state"])


def _lock_vendors(batch: PayoutBatch) -> set[int]:
    """Lock the groups of a batch, as always before the batch; returns their keys.

    A full lock: a posting about one of them that is not committed holds its key, and is waited for.
    """
    planned = batch.payouts.filter(state__in=(Payout.State.PLANNED, Payout.State.APPROVED))
    rows = Partner.objects.select_for_update(of=("self",)).filter(pk__in=planned.values("vendor"))
    return set(rows.order_by("pk").values_list("pk", flat=True))


def _lock_draft(batch: PayoutBatch, target: PayoutBatch.State) -> PayoutBatch | None:
    """The batch, locked, when it is a draft; None when it has reached its target. Raises IllegalTransition."""
    locked = PayoutBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if locked.state == State.DRAFT:
        return locked
    if locked.state == target:
        return None
    raise IllegalTransition(locked, locked.state, target)


def _check_approver(batch: PayoutBatch, actor: Any) -> None:
    if batch.drafted_by_id == actor.pk:
        raise SecondPersonNeeded
    if batch.drafted_by_id is None:
        raise HandInFirst
    planned = batch.payouts.filter(state=Payout.State.PLANNED)
    if planned.filter(account__requested_by=actor).exists():
        raise OwnDetails
    if Membership.objects.filter(user=actor, vendor__in=planned.values("vendor")).exists():
        raise OwnGroup


def _drop_uncovered(batch: PayoutBatch, locked_vendors: set[int]) -> int:
    """Take out payouts that may not be made any more; returns how many.

    One whose sale was refunded or disputed since it was planned is planned again, with what came off; one whose buyer
    wants to give goods back, without that sale. One that a run has added since the groups were locked is taken out too: nothing is known of its group for certain.
    """
    payouts = list(batch.payouts.filter(state=Payout.State.PLANNED).select_related("account"))
    groups = {payout.vendor_id for payout in payouts}
    balances, in_force = vendor_balances(groups), bank_accounts_in_force(timezone.now(), groups)
    items = PayoutItem.objects.filter(payout__in=payouts, is_void=False, entry__vendor_order__isnull=False)
    sales = list(items.values_list("payout_id", "entry__vendor_order_id"))
    changed = changed_sales({sale for _payout, sale in sales})
    touched = {payout for payout, sale in sales if sale in changed}
    gone = [
        payout.pk
        for payout in payouts
        # Other details may count by now: those given before are perhaps of an account that is closed.
        if payout.account != in_force.get(payout.vendor_id)
        or payout.account.restriction
        or payout.pk in touched
        or payout.vendor_id not in locked_vendors
        or payout.amount > balances.get((payout.vendor_id, payout.currency), Balance()).payable
    ]
    if gone:
        _cancel(
            Payout.objects.filter(pk__in=gone), "not owed so much any more, or details withdrawn or replaced"
        )
        left = batch.payouts.filter(state=Payout.State.PLANNED)
        batch.count, batch.total = left.count(), left.aggregate(sum=Sum("amount", default=Decimal(0)))["sum"]
        batch.save(update_fields=["count", "total"])
    return len(gone)


def _approve(batch: PayoutBatch, actor: Any) -> None:
    payouts = list(batch.payouts.filter(state=Payout.State.PLANNED).select_related("vendor").order_by("pk"))
    if not payouts:
        raise BatchEmpty
    batch.state, batch.approved_by, batch.approved_at = State.APPROVED, actor, timezone.now()
    batch.save(update_fields=["state", "approved_by", "approved_at"])
    postings = ledger.post_payouts_approved(payouts)
    posted = {posting.pk: payout for posting, payout in zip(postings, payouts, strict=True)}
    debits = LedgerEntry.objects.filter(posting__in=posted, account=LedgerEntry.Account.VENDOR_PAYABLE)
    # The payout's own debit is one of its entries, so that they sum to zero.
    PayoutItem.objects.bulk_create(
        PayoutItem(payout=posted[debit.posting_id], entry=debit) for debit in debits
    )
    batch.payouts.filter(pk__in=[payout.pk for payout in payouts]).update(state=Payout.State.APPROVED)


def _leave_out_withdrawn(batch: PayoutBatch) -> None:
    """Take payouts to withdrawn details out of an approved batch: their money does not leave, and is owed again."""
    approved = batch.payouts.filter(state=Payout.State.APPROVED)
    # Locked, so that details are withdrawn either before the file is written or after the money has left.
    accounts = PayoutAccount.objects.select_for_update(of=("self",), no_key=True)
    list(accounts.filter(pk__in=approved.values("account")).order_by("pk").values_list("pk", flat=True))
    gone = list(approved.filter(account__cancelled_at__isnull=False).select_related("vendor").order_by("pk"))
    for payout in gone:
        ledger.post_payout_returned(payout, was_paid=False)
        payout.state, payout.remark, payout.ended_at = Payout.State.RETURNED, WITHDRAWN, timezone.now()
        payout.save(update_fields=["state", "remark", "ended_at"])
    batch.count -= len(gone)
    batch.total -= sum((payout.amount for payout in gone), Decimal(0))


def _cancel(payouts: Iterable[Payout], reason: str) -> None:
    pks = [payout.pk for payout in payouts]
    PayoutItem.objects.filter(payout__in=pks).update(is_void=True)
    Payout.objects.filter(pk__in=pks).update(
        state=Payout.State.CANCELLED, remark=reason[:200], ended_at=timezone.now()
    )


def _line(payout: Payout) -> BankLine:
    account = payout.account
    return BankLine(
        reference=payout_number(payout),
        holder=account.holder,
        bank=account.bank_name,
        bank_code=account.bank_code,
        account_number=account.account_number,
        amount=payout.amount,
        currency=payout.currency,
    )
