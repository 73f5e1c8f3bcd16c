"""Disputes: what the bank asks for is held back from its groups until the bank has decided.

The provider is asked each time what it has now, so that events in any order, twice or never end alike.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from marketplace.lib.queue import enqueue
from orders.models import Order
from orders.services.releasing import lock_order
from payments.models import Dispute, DisputeItem, PaymentAttempt, Refund
from payments.providers.base import RemoteDispute
from payments.refund_errors import DisputeClosed, NothingToRefund, OwnOrder
from payments.services import ledger
from payments.services.alerts import alert_finance
from payments.services.ended_refunds import end_by_bank, owe_again
from payments.services.given_back import ZERO, lock_transfers, note_order, recount, take_transfers_back
from payments.services.group_notices import held_by_group, tell_of_dispute
from payments.services.providers import STRIPE, get_online_provider
from payments.services.second_person import done_or_waiting, may_name_dispute, things
from payments.services.shares import Asked, OrderShares, Share, scaled
from people.models import User

logger = logging.getLogger(__name__)

State = Dispute.State
BATCH = 500
# A question of the bank, for which no money was taken, and a dispute that never came about.
ENDS = {"won": State.WON, "prevented": State.WON, "warning_closed": State.WON, "lost": State.LOST}
WITHOUT_MONEY = frozenset({"warning_needs_response", "warning_under_review", "warning_closed", "prevented"})


def look_at_dispute(provider: str, dispute_id: str) -> bool:
    """Ask the provider about a dispute and act on it; False when it is about no payment of ours.

    Raises ProviderUnavailable, ProviderRequestRejected; nothing has changed then.
    """
    asked_at = timezone.now()
    remote = get_online_provider(provider).retrieve_dispute(dispute_id)
    attempt = PaymentAttempt.objects.filter(charge_id=remote.charge_id).first() if remote.charge_id else None
    if attempt is None:
        return False
    if remote.status in WITHOUT_MONEY and not Dispute.objects.filter(provider_id=remote.id).exists():
        _tell_of_question(attempt, remote)
        return True
    _apply(attempt, remote, asked_at)
    return True


def poll_disputes() -> int:
    """Ask about every open dispute, at most one batch; returns how many were closed."""
    still_open = Dispute.objects.filter(state=State.OPEN).order_by("pk")
    ids = list(still_open.values_list("provider_id", flat=True)[:BATCH])
    for dispute_id in ids:
        try:
            look_at_dispute(STRIPE, dispute_id)
        except Exception:
            # The outer edge: one dispute that nobody foresaw must not hold up the others.
            logger.exception("dispute not polled", extra={"dispute": dispute_id})
    return Dispute.objects.filter(provider_id__in=ids).exclude(state=State.OPEN).count()


def name_disputed_lines(dispute: Dispute, asked: Asked, *, actor: User) -> None:
    """An officer says what an open dispute is about; the shares of other things are the groups' again.

    Things worth more than the bank asks for are held in proportion; what they do not cover is the programme's loss
    if it comes to that. Above the limit two persons say the same.
    Raises DisputeClosed, OwnOrder, UnitsTaken, NothingToRefund, SecondPersonWaited.
    """
    done_or_waiting(_name(dispute, asked, actor))


@transaction.atomic
def _name(dispute: Dispute, asked: Asked, actor: User) -> bool | None:
    attempt = PaymentAttempt.objects.get(pk=dispute.attempt_id)
    order = lock_order(attempt.order_id)
    attempt = PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)
    locked = Dispute.objects.select_for_update().get(pk=dispute.pk)
    if locked.state != State.OPEN:
        raise DisputeClosed
    if order.user_id == actor.pk:
        raise OwnOrder
    shares = OrderShares(order, attempt, but=locked, with_proposed=False).of(asked)
    worth = sum((share.amount for share in shares), ZERO)
    if not worth:
        raise NothingToRefund
    if not may_name_dispute(locked, words=things(shares), actor=actor):
        return None
    before = list(locked.items.select_related("vendor_order__vendor"))
    held_before = held_by_group(locked)
    locked.items.all().delete()
    _hold(locked, shares if worth <= locked.amount else scaled(shares, locked.amount))
    ledger.post_dispute_renamed(locked, before)
    held = held_by_group(locked)
    tell_of_dispute(locked, "dispute_held", held)
    free = {part: share for part, share in held_before.items() if part not in held}
    tell_of_dispute(locked, "dispute_free", free)
    logger.info("disputed lines named", extra={"dispute": locked.pk, "actor": actor.pk})
    return True


@transaction.atomic
def _apply(attempt: PaymentAttempt, remote: RemoteDispute, asked_at: datetime) -> None:
    order = lock_order(attempt.order_id)
    lock_transfers(order)
    locked = PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)
    dispute = Dispute.objects.select_for_update().filter(provider_id=remote.id).first()
    if dispute is None:
        dispute = _open(order, locked, remote)
    if dispute.closed_at and dispute.closed_at > asked_at:
        # Another question was asked later and answered sooner.
        return
    dispute.provider_status = remote.status
    dispute.answer_by = remote.evidence_due_at
    dispute.save(update_fields=["provider_status", "answer_by"])
    end = ENDS.get(remote.status)
    if end is None and dispute.state != State.OPEN:
        _tell_of_change(order, dispute)
    if end is None or end == dispute.state:
        return
    if dispute.state != State.OPEN:
        _reopen(order, locked, dispute)
    if end == State.WON:
        _win(order, locked, dispute)
    else:
        _lose(order, locked, dispute)


def _open(order: Order, attempt: PaymentAttempt, remote: RemoteDispute) -> Dispute:
    dispute = Dispute.objects.create(
        attempt=attempt,
        provider_id=remote.id,
        amount=remote.amount,
        currency=remote.currency,
        reason=remote.reason[:60],
    )
    _hold(dispute, _meant(order, attempt, dispute))
    ledger.post_dispute_opened(dispute)
    tell_of_dispute(dispute, "dispute_held", held_by_group(dispute))
    due = f"{remote.evidence_due_at:%d %B %Y}" if remote.evidence_due_at else "no day named"
    alert_finance(
        f"dispute:{dispute.pk}:opened",
        subject=f"order {order.number}: the buyer's bank asks {remote.currency} {remote.amount} back",
        detail=f"dispute {dispute.pk}, reason {remote.reason or 'none'}, answer by: {due}",
    )
    return dispute


def _meant(order: Order, attempt: PaymentAttempt, dispute: Dispute) -> Sequence[Share]:
    """What a dispute over an amount is about: all that is left, one group's part, one line, or a part of everything."""
    if attempt.state != PaymentAttempt.State.SUCCEEDED or dispute.currency != attempt.currency:
        return []
    rest = OrderShares(order, attempt, but=dispute, with_proposed=False).rest()
    amount = dispute.amount
    if amount >= sum((share.amount for share in rest), ZERO):
        return rest
    parts: dict[int, list[Share]] = {}
    for share in rest:
        parts.setdefault(share.vendor_order.pk, []).append(share)
    exact = [own for own in parts.values() if sum((share.amount for share in own), ZERO) == amount]
    exact = exact or [[share] for share in rest if share.line and share.amount == amount]
    # Two that fit are as good as none: nobody may lose money by a guess.
    return exact[0] if len(exact) == 1 else scaled(rest, amount)


def _hold(dispute: Dispute, shares: Sequence[Share]) -> None:
    DisputeItem.objects.bulk_create(DisputeItem(dispute=dispute, **share.values) for share in shares)


def _reopen(order: Order, attempt: PaymentAttempt, dispute: Dispute) -> None:
    """The bank decides anew, after an appeal: what its decision moved is held again."""
    ledger.post_dispute_undone(dispute)
    if dispute.state == State.LOST:
        owe_again(dispute)
    else:
        # What went back since then is not the group's to lose a second time.
        before = list(dispute.items.select_related("vendor_order__vendor"))
        dispute.items.all().delete()
        _hold(dispute, _meant(order, attempt, dispute))
        ledger.post_dispute_renamed(dispute, before)
    dispute.state, dispute.closed_at = State.OPEN, None


def _win(order: Order, attempt: PaymentAttempt, dispute: Dispute) -> None:
    """The shares are the groups' again. An order that a lost dispute had moved stays where it is."""
    _close(dispute, State.WON)
    ledger.post_dispute_won(dispute)
    tell_of_dispute(dispute, "dispute_free", held_by_group(dispute))
    recount(attempt, is_fact=True)
    for pk in _waiting(dispute).values_list("pk", flat=True):
        Refund.objects.filter(pk=pk).update(next_try_at=timezone.now())
        enqueue("payments.make_refund", refund_pk=pk)
    # What came to be owed meanwhile has waited for this.
    enqueue("payments.refund_owed", order_pk=order.pk)
    alert_finance(
        f"dispute:{dispute.pk}:won",
        subject=f"order {order.number}: the dispute about {dispute.currency} {dispute.amount} is won",
        detail=f"dispute {dispute.pk}; the groups have their shares again",
    )


def _lose(order: Order, attempt: PaymentAttempt, dispute: Dispute) -> None:
    _close(dispute, State.LOST)
    ledger.post_dispute_lost(dispute)
    tell_of_dispute(dispute, "dispute_lost", held_by_group(dispute))
    end_by_bank(attempt)
    recount(attempt, is_fact=True)
    take_transfers_back(dispute.items.select_related("vendor_order"), dispute=dispute)
    note_order(order, attempt)
    enqueue("payments.refund_owed", order_pk=order.pk)
    alert_finance(
        f"dispute:{dispute.pk}:lost",
        subject=f"order {order.number}: the dispute about {dispute.currency} {dispute.amount} is lost",
        detail=f"dispute {dispute.pk}; the groups' shares and our commission are gone",
    )


def _waiting(dispute: Dispute) -> QuerySet[Refund]:
    return Refund.objects.filter(attempt_id=dispute.attempt_id, state=Refund.State.WAITING)


def _close(dispute: Dispute, state: Dispute.State) -> None:
    dispute.state = state
    dispute.closed_at = timezone.now()
    dispute.save(update_fields=["state", "closed_at"])


def _tell_of_question(attempt: PaymentAttempt, remote: RemoteDispute) -> None:
    alert_finance(
        f"dispute:{remote.id}:question"[:80],
        subject=f"order {attempt.order.number}: the buyer's bank asks about {remote.currency} {remote.amount}",
        detail=f"{remote.id}, reason {remote.reason or 'none'}; no money was taken: answer in the provider's pages",
    )


def _tell_of_change(order: Order, dispute: Dispute) -> None:
    alert_finance(
        f"dispute:{dispute.pk}:{dispute.provider_status}"[:80],
        subject=f"order {order.number}: a dispute closed as {dispute.state} is now {dispute.provider_status}",
        detail=f"dispute {dispute.pk}; the ledger is left as it is until reconciliation shows the difference",
    )
