"""Which kind of event asks for what. An event only says where to look: handlers ask the provider what is true.

So an event of a newer API version, or one that comes late, twice or in another order, ends as it should.
"""

from collections.abc import Callable, Mapping

from payments.models import PaymentAttempt, ProviderEvent
from payments.services.account_events import look_at_account, note_failed_payout
from payments.services.disputes import look_at_dispute
from payments.services.foreign_refunds import look_at_charge, look_at_refund
from payments.services.settling import settle

# Returns False for an event about something that is not ours.
Handler = Callable[[ProviderEvent], bool]


def _settle(event: ProviderEvent) -> bool:
    attempt = _attempt_of(event)
    if attempt is None:
        return False
    settle(attempt.pk)
    return True


def _refund(event: ProviderEvent) -> bool:
    return look_at_refund(event.provider, event.object_id)


def _charge(event: ProviderEvent) -> bool:
    return look_at_charge(event.provider, event.object_id)


def _dispute(event: ProviderEvent) -> bool:
    return look_at_dispute(event.provider, event.object_id)


# Events of our own account.
PLATFORM: Mapping[str, Handler] = {
    "checkout.session.completed": _settle,
    "checkout.session.async_payment_succeeded": _settle,
    "checkout.session.async_payment_failed": _settle,
    "checkout.session.expired": _settle,
    "payment_intent.succeeded": _settle,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "charge.refund.updated": _refund,
    "charge.refunded": _charge,
    "charge.dispute.created": _dispute,
    "charge.dispute.updated": _dispute,
    "charge.dispute.funds_withdrawn": _dispute,
    "charge.dispute.funds_reinstated": _dispute,
    "charge.dispute.closed": _dispute,
    "payout.failed": note_failed_payout,
}
# Events of connected accounts.
CONNECT: Mapping[str, Handler] = {
    "account.updated": look_at_account,
    "account.application.deauthorized": look_at_account,
    "payout.failed": note_failed_payout,
}


def handler_for(event: ProviderEvent) -> Handler | None:
    """Who acts on an event; None for kinds that mean nothing to us."""
    return (CONNECT if event.account else PLATFORM).get(event.kind)


def _attempt_of(event: ProviderEvent) -> PaymentAttempt | None:
    by_session = (
        PaymentAttempt.objects.filter(session_id=event.object_id).first() if event.object_id else None
    )
    if by_session:
        return by_session
    # The reference comes from outside, so it is compared as text: what is no UUID names no attempt.
    return (
        PaymentAttempt.objects.filter(key=f"attempt:{event.reference}").first() if event.reference else None
    )
