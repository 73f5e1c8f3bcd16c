"""Refunds that the provider tells us of: our own, and those that somebody made in the provider's own pages."""

from django.db import transaction
from django.utils import timezone

from marketplace.lib.queue import enqueue
from orders.models import Order
from orders.services.releasing import lock_order
from payments.models import PaymentAttempt, Refund, RefundItem, RefundProposal
from payments.providers.base import RemoteRefund
from payments.refund_errors import AmountDiffers, NothingFailed, OwnOrder, RefundDecided, RemarkMissing
from payments.services import ledger
from payments.services.alerts import alert_finance
from payments.services.deciding import lock_refund
from payments.services.ended_refunds import leave_rest, owed_again
from payments.services.given_back import ZERO, note_order, recount, take_transfers_back
from payments.services.providers import get_online_provider
from payments.services.refunds import ASK_AGAIN, note_remote
from payments.services.second_person import done_or_waiting, first_voice, things
from payments.services.shares import Asked, OrderShares
from people.models import User

State = Refund.State
Reason = Refund.Reason
What = RefundProposal.What
GONE = ("failed", "canceled")
MOST_DIGITS = 18


def look_at_refund(provider: str, refund_id: str) -> bool:
    """Ask the provider about a refund that it told us of; False when it belongs to no payment of ours."""
    remote = get_online_provider(provider).retrieve_refund(refund_id)
    attempt = PaymentAttempt.objects.filter(payment_intent_id=remote.payment_intent_id).first()
    if not remote.payment_intent_id or attempt is None:
        return False
    note_refund(attempt, remote)
    return True


def look_at_charge(provider: str, charge_id: str) -> bool:
    """Ask the provider about all refunds of a charge; False when it is no charge of ours."""
    attempt = PaymentAttempt.objects.filter(charge_id=charge_id).first() if charge_id else None
    if attempt is None:
        return False
    for remote in reversed(get_online_provider(provider).list_refunds(attempt.payment_intent_id)):
        note_refund(attempt, remote)
    return True


def note_refund(attempt: PaymentAttempt, remote: RemoteRefund) -> Refund | None:
    """Bring our row to where the provider has it, or adopt a refund that we did not make; None for nothing to do."""
    ours = _ours(attempt, remote)
    if ours is not None and (ours.provider_id == remote.id or ours.state != State.FAILED):
        note_remote(ours.pk, remote)
        return ours
    return None if remote.status in GONE else _adopt(attempt, remote, instead_of=ours)


def explain(refund: Refund, asked: Asked, *, actor: User, remark: str) -> bool:
    """Say what a refund made at the provider was for: its things are worth exactly what went back.

    Above the limit two persons say the same, here and below. False when it was explained before.
    Raises RemarkMissing, OwnOrder, AmountDiffers, UnitsTaken, NothingToRefund, SecondPersonWaited, RefundDecided.
    """
    return done_or_waiting(_explain(refund, asked, actor, remark))


def bear(refund: Refund, *, actor: User, remark: str) -> bool:
    """The programme bears a refund made at the provider; False when it was explained before.

    Raises RemarkMissing, OwnOrder, SecondPersonWaited, RefundDecided.
    """
    return done_or_waiting(_bear(refund, actor, remark))


def stands_for_failed(refund: Refund, *, actor: User, remark: str) -> bool:
    """A refund made at the provider gave the buyer what one of ours had failed to give; that one is ended.

    It is the smallest that failed and is not smaller; what is left of it can be asked again. False when it was
    explained before. Raises RemarkMissing, OwnOrder, NothingFailed, SecondPersonWaited, RefundDecided.
    """
    return done_or_waiting(_stand(refund, actor, remark))


def is_explained(refund: Refund) -> bool:
    """Whether an officer has said what a refund made at the provider was for."""
    return refund.requested_by_id is not None


@transaction.atomic
def _explain(refund: Refund, asked: Asked, actor: User, remark: str) -> bool | None:
    locked = _lock_unexplained(refund, actor, remark)
    if locked is None:
        return False
    order, attempt, row = locked
    shares = OrderShares(order, attempt).of(asked)
    if sum((share.amount for share in shares), ZERO) != row.amount:
        raise AmountDiffers
    may, first = first_voice(row, attempt, What.EXPLAINED, words=things(shares), remark=remark, actor=actor)
    if not may:
        return None
    RefundItem.objects.bulk_create(RefundItem(refund=row, **share.values) for share in shares)
    _close(row, actor=actor, first=first, remark=remark)
    take_transfers_back(row.items.select_related("vendor_order"), refund=row)
    note_order(order, attempt)
    return True


@transaction.atomic
def _bear(refund: Refund, actor: User, remark: str) -> bool | None:
    locked = _lock_unexplained(refund, actor, remark)
    if locked is None:
        return False
    _order, attempt, row = locked
    may, first = first_voice(row, attempt, What.BORNE, words="", remark=remark, actor=actor)
    if not may:
        return None
    _close(row, actor=actor, first=first, remark=remark)
    return True


@transaction.atomic
def _stand(refund: Refund, actor: User, remark: str) -> bool | None:
    locked = _lock_unexplained(refund, actor, remark)
    if locked is None:
        return False
    _order, attempt, row = locked
    failed = owed_again(attempt).filter(amount__gte=row.amount, currency=row.currency)
    chosen = failed.exclude(pk=row.pk).order_by("amount", "pk").first()
    if chosen is None:
        raise NothingFailed
    may, first = first_voice(
        row, attempt, What.STANDS, words=f"refund {chosen.pk}", remark=remark, actor=actor
    )
    if not may:
        return None
    row.again_for = chosen
    row.save(update_fields=["again_for"])
    _close(row, actor=actor, first=first, remark=remark)
    if chosen.amount > row.amount:
        leave_rest(chosen, row.amount)
    return True


def _ours(attempt: PaymentAttempt, remote: RemoteRefund) -> Refund | None:
    by_id = Refund.objects.filter(provider_id=remote.id).first()
    reference = remote.metadata.get("refund", "")
    # The reference comes from outside: what is no number of ours names no refund.
    if by_id or not (reference.isascii() and reference.isdecimal() and len(reference) <= MOST_DIGITS):
        return by_id
    named = Refund.objects.filter(pk=int(reference), attempt=attempt, amount=remote.amount).first()
    return named if named and named.provider_id in ("", remote.id) else None


@transaction.atomic
def _adopt(attempt: PaymentAttempt, remote: RemoteRefund, *, instead_of: Refund | None) -> Refund:
    """Write down, once, a refund that the provider has and we have not.

    instead_of: ours that we gave up as failed, though the provider had made it; where nothing else has taken its
    place the buyer has what he was owed.
    """
    order = lock_order(attempt.order_id)
    locked = PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)
    known = Refund.objects.filter(provider_id=remote.id).first()
    if known:
        return known
    same = _never_asked(locked, remote) if instead_of is None else None
    if same is not None:
        note_remote(same.pk, remote)
        return same
    is_ours = instead_of is not None and not Refund.objects.filter(again_for=instead_of).exists()
    refund = Refund.objects.create(
        attempt=locked,
        again_for=instead_of if is_ours else None,
        key=f"refund:{remote.id}"[:80],
        amount=remote.amount,
        currency=remote.currency,
        reason=Reason.AGAIN if is_ours else Reason.FOREIGN,
        state=State.SUCCEEDED if remote.status == "succeeded" else State.PENDING,
        provider_id=remote.id,
        next_try_at=timezone.now() + ASK_AGAIN,
    )
    recount(locked, is_fact=True)
    ledger.post_refund(refund)
    if not is_ours:
        _tell_of_foreign(order, refund)
    return refund


def _never_asked(attempt: PaymentAttempt, remote: RemoteRefund) -> Refund | None:
    """Ours over the same sum that waits and was not asked for yet: somebody was quicker, and the buyer has it."""
    waiting = attempt.refunds.filter(state=State.WAITING, asked_at=None, amount=remote.amount)
    return waiting.select_for_update().filter(currency=remote.currency).order_by("pk").first()


def _tell_of_foreign(order: Order, refund: Refund) -> None:
    alert_finance(
        f"refund:{refund.pk}:foreign",
        subject=f"{refund.currency} {refund.amount} of order {order.number} went back at the provider without us",
        detail=f"refund {refund.pk}: say in admin what it was for",
    )


def _lock_unexplained(
    refund: Refund, actor: User, remark: str
) -> tuple[Order, PaymentAttempt, Refund] | None:
    if not remark.strip():
        raise RemarkMissing
    order, attempt, row = lock_refund(refund)
    if row.reason != Reason.FOREIGN or row.state == State.FAILED:
        raise RefundDecided
    if is_explained(row):
        return None
    if order.user_id == actor.pk:
        raise OwnOrder
    return order, attempt, row


def _close(row: Refund, *, actor: User, first: User | None, remark: str) -> None:
    row.requested_by = first or actor
    row.approved_by = actor if first else None
    row.remark = remark.strip()[:200]
    row.save(update_fields=["requested_by", "approved_by", "remark"])
    ledger.post_refund_explained(row)
    # What orders came to owe meanwhile has waited for this.
    enqueue("payments.refund_owed", order_pk=row.attempt.order_id)
