"""Two persons behind every refund above the limit, also one that the system or somebody at the provider began."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from payments.models import (
    Dispute,
    DisputeProposal,
    LedgerPosting,
    PaymentAttempt,
    Refund,
    RefundProposal,
)
from payments.policies import can_decide_disputes, can_decide_refunds, needs_second_person
from payments.refund_errors import SecondPersonWaited
from payments.services.alerts import alert_finance
from payments.services.given_back import MOVING_STATES, ZERO
from payments.services.shares import Share
from people.models import User

What = RefundProposal.What
NOTED_BY_HAND = ("explained", "sent_by_bank", "given_by_group")
# One who looks at a proposal long after may look at another state of things.
VALID_FOR = timedelta(days=30)
MOST_WORDS = 2000


def moved_alone(attempt: PaymentAttempt, actor: User) -> Decimal:
    """What an officer has decided about refunds without another person, in the attempt's currency.

    Of this attempt ever, and of all orders since midnight. Locks the officer's row, so that two decisions about
    different orders at once cannot each overlook the other.
    """
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    noted = LedgerPosting.objects.filter(
        source_type="refund", source_id=OuterRef("pk"), kind__in=NOTED_BY_HAND, posted_at__gte=midnight
    )
    alone = Q(requested_by=actor, approved_by=None) | Q(requested_by=None, approved_by=actor)
    rows = Refund.objects.filter(alone, state__in=MOVING_STATES, currency=attempt.currency)
    counted = rows.filter(Q(attempt=attempt) | Q(created_at__gte=midnight) | Q(Exists(noted)))
    return sum(counted.values_list("amount", flat=True), ZERO)


def first_voice(
    refund: Refund,
    attempt: PaymentAttempt,
    what: RefundProposal.What,
    *,
    words: str,
    remark: str,
    actor: User,
) -> tuple[bool, User | None]:
    """Whether a decision may be carried out now, and who else said the same before (None: nobody had to).

    refund and attempt are locked by the caller. Otherwise what this person said is noted, once, and the finance
    officers hear of it: the caller changes nothing more, commits, and raises SecondPersonWaited.
    """
    last = refund.proposals.filter(said_at__gte=timezone.now() - VALID_FOR).first()
    is_same = last is not None and (last.what, last.words) == (what, words)
    if last is not None and is_same and _counts(last.said_by, actor, can_decide_refunds):
        return True, last.said_by
    if not needs_second_person(moved_alone(attempt, actor) + refund.amount, refund.currency):
        return True, None
    if last is None or not is_same or last.said_by_id != actor.pk:
        said = RefundProposal.objects.create(
            refund=refund, what=what, words=words, remark=remark[:200], said_by=actor
        )
        _tell(f"refund:{refund.pk}:voice:{said.pk}", f"refund {refund.pk}", refund.amount, refund.currency)
    return False, None


def may_name_dispute(dispute: Dispute, *, words: str, actor: User) -> bool:
    """Whether an officer may say now what a dispute is about: below the limit, or when another one said the same.

    dispute is locked by the caller; else as for a refund: noted, told, and the caller changes nothing more.
    """
    if not needs_second_person(dispute.amount, dispute.currency):
        return True
    last = dispute.proposals.filter(said_at__gte=timezone.now() - VALID_FOR).first()
    is_same = last is not None and last.words == words
    if last is not None and is_same and _counts(last.said_by, actor, can_decide_disputes):
        return True
    if last is None or not is_same or last.said_by_id != actor.pk:
        said = DisputeProposal.objects.create(dispute=dispute, words=words, said_by=actor)
        _tell(
            f"dispute:{dispute.pk}:voice:{said.pk}", f"dispute {dispute.pk}", dispute.amount, dispute.currency
        )
    return False


def things(shares: Sequence[Share]) -> str:
    """Lines and deliveries by number, in one order, so that two persons who mean the same say the same.

    Of a very long list the end is a sum of all of it: what differs at its end is not the same either.
    """
    named = ", ".join(
        sorted(
            f"{share.quantity} of line {share.line.pk}"
            if share.line
            else f"delivery of {share.vendor_order.number}"
            for share in shares
        )
    )
    if len(named) <= MOST_WORDS:
        return named
    digest = hashlib.sha256(named.encode()).hexdigest()
    return f"{named[: MOST_WORDS - len(digest) - 2]}, {digest}"


def _counts(first: User, second: User, may: Callable[[User], bool]) -> bool:
    """Whether the first voice is another person's, who could still say it today."""
    return first.pk != second.pk and may(first)


def _tell(key: str, what: str, amount: Decimal, currency: str) -> None:
    alert_finance(
        key,
        subject=f"{what} of {currency} {amount} waits for a second person",
        detail="look at it in admin; it is done when another officer decides the same",
    )


def done_or_waiting(outcome: bool | None) -> bool:
    """Hand on whether something was changed; raise SecondPersonWaited for None, after the voice was committed."""
    if outcome is None:
        raise SecondPersonWaited
    return outcome
