"""Refunds that no provider makes: sent from our bank account, or given back in cash by the group that took it."""

from django.db import IntegrityError, transaction
from django.db.models import Q

from orders.models import Order
from payments.models import PaymentAttempt, Refund, RefundProposal
from payments.refund_errors import (
    AnotherPerson,
    DisputedOrder,
    NotFromOneGroup,
    OwnOrder,
    OwnReceipt,
    ReferenceMissing,
    ReferenceTaken,
    RefundDecided,
)
from payments.services import ledger
from payments.services.deciding import decide, lock_refund, succeed
from payments.services.given_back import is_disputed
from payments.services.second_person import done_or_waiting, first_voice
from people.models import User

State = Refund.State
What = RefundProposal.What
BY_HAND = (PaymentAttempt.Provider.BANK_TRANSFER, PaymentAttempt.Provider.CASH_ON_DELIVERY)
MOVING = (State.WAITING, State.PENDING)


def record_sent_by_bank(refund: Refund, reference: str, *, actor: User) -> bool:
    """Note that a refund was sent from our bank account: one that failed, or one that no provider can make.

    reference: the bank's journal number, of this refund alone. actor is not the person who asked for it, nor alone who
    entered or matched the money that came. One that nobody asked for is noted by two persons above the limit.
    False when it was noted before. Raises OwnOrder, OwnReceipt, ReferenceMissing, ReferenceTaken, AnotherPerson,
    SecondPersonWaited, RefundDecided, DisputedOrder, OverRefund.
    """
    number = reference.strip()[:60]
    if not number:
        raise ReferenceMissing
    return done_or_waiting(_send(refund, number, actor))


def record_given_by_group(refund: Refund, *, actor: User) -> bool:
    """Note that the group gave the buyer the cash back that it had taken: it is owed that sum.

    actor: a finance officer, and not the person who asked for it; of one that nobody asked for, two above the limit.
    False when it was noted before. Raises OwnOrder, NotFromOneGroup, AnotherPerson, SecondPersonWaited, RefundDecided.
    """
    return done_or_waiting(_give(refund, actor))


@transaction.atomic
def _send(refund: Refund, number: str, actor: User) -> bool | None:
    order, attempt, locked = lock_refund(refund)
    _refuse_own(order, locked, actor)
    is_own = attempt.receipts.filter(Q(entered_by=actor) | Q(matched_by=actor)).exists()
    if is_own and locked.requested_by_id:
        raise OwnReceipt
    if _is_sent(locked):
        return False
    if is_disputed(attempt):
        raise DisputedOrder
    if Refund.objects.filter(bank_reference=number).exists():
        raise ReferenceTaken
    has_failed = locked.state == State.FAILED
    if not has_failed and not (locked.state in MOVING and attempt.provider in BY_HAND):
        raise RefundDecided
    may, first = _voices(locked, attempt, What.SENT, words=number, actor=actor)
    if may and is_own and first is None:
        raise OwnReceipt
    if not may:
        return None
    sent = locked
    if has_failed:
        sent = succeed(locked, actor=None)
        decide(order, attempt, sent, is_asked=False)
    sent.bank_reference = number
    try:
        with transaction.atomic():
            _end(sent, actor, first=first)
    except IntegrityError:
        raise ReferenceTaken from None
    ledger.post_refund_by_bank(sent)
    return True


@transaction.atomic
def _give(refund: Refund, actor: User) -> bool | None:
    order, attempt, locked = lock_refund(refund)
    _refuse_own(order, locked, actor)
    if locked.given_by_id:
        return False
    if locked.state not in MOVING:
        raise RefundDecided
    sales = {item.vendor_order for item in locked.items.select_related("vendor_order__vendor")}
    if attempt.provider != PaymentAttempt.Provider.CASH_ON_DELIVERY or len(sales) != 1:
        raise NotFromOneGroup
    may, first = _voices(locked, attempt, What.GIVEN, words="", actor=actor)
    if not may:
        return None
    locked.given_by = sales.pop()
    _end(locked, actor, first=first)
    ledger.post_refund_by_group(locked, locked.given_by)
    return True


def _refuse_own(order: Order, locked: Refund, actor: User) -> None:
    if locked.requested_by_id == actor.pk:
        raise AnotherPerson
    if order.user_id == actor.pk:
        raise OwnOrder


def _voices(
    locked: Refund, attempt: PaymentAttempt, what: RefundProposal.What, *, words: str, actor: User
) -> tuple[bool, User | None]:
    # Who asked for it was the first of two persons.
    if locked.requested_by_id:
        return True, None
    return first_voice(locked, attempt, what, words=words, remark="", actor=actor)


def _end(refund: Refund, actor: User, *, first: User | None) -> None:
    refund.state = State.SUCCEEDED
    refund.requested_by = refund.requested_by or first
    refund.approved_by = refund.approved_by or actor
    refund.last_error = ""
    refund.save(
        update_fields=["state", "requested_by", "approved_by", "bank_reference", "given_by", "last_error"]
    )


def _is_sent(refund: Refund) -> bool:
    sent = Refund.objects.exclude(bank_reference="")
    return bool(refund.bank_reference) or sent.filter(again_for=refund).exists()
