"""Two persons behind every refund above the limit, also one that the system or somebody at the provider began."""

from datetime import timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from payments.models import LedgerPosting, PaymentAttempt, Refund, RefundProposal
from payments.policies import needs_second_person
from payments.refund_errors import SecondPersonWaited
from payments.services.alerts import alert_finance
from payments.services.given_back import MOVING_STATES, ZERO
from people.models import User

What = RefundProposal.What
NOTED_BY_HAND = ("explained", "sent_by_bank", "given_by_group")
# One who looks at a proposal long after may look at another state of things.
VALID_FOR = timedelta(days=30)


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
    if last is not None and is_same and last.said_by_id != actor.pk:
        return True, last.said_by
    if not needs_second_person(moved_alone(attempt, actor) + refund.amount, refund.currency):
        return True, None
    if not is_same:
        said = RefundProposal.objects.create(
            refund=refund, what=what, words=words, remark=remark[:200], said_by=actor
        )
        alert_finance(
            f"refund:{refund.pk}:voice:{said.pk}",
            subject=f"refund {refund.pk} of {refund.currency} {refund.amount} waits for a second person",
            detail="look at it in admin; it is done when another officer decides the same",
        )
    return False, None


def done_or_waiting(outcome: bool | None) -> bool:
    """Hand on whether something was changed; raise SecondPersonWaited for None, after the voice was committed."""
    if outcome is None:
        raise SecondPersonWaited
    return outcome
