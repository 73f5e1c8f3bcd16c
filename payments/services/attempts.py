"""Payment attempts: the provider's page is opened after the order stands, with a key stored before the call."""

import logging
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from marketplace.lib.addresses import in_language
from orders.models import Order
from orders.services.notifying import status_link, tell_buyer
from orders.services.releasing import lock_order
from payments.errors import OrderNotPayable, PartlyPaid, PaymentRefused, ProviderBusy, WayNotOffered
from payments.models import PaymentAttempt
from payments.providers.base import (
    PaymentDeclined,
    PaymentLine,
    PaymentRequest,
    ProviderConflict,
    ProviderError,
    ProviderRequestRejected,
    ProviderUnavailable,
    RemotePayment,
)
from payments.selectors.ways import bank_account, ways_for_order
from payments.services.alerts import alert_finance
from payments.services.providers import BANK_TRANSFER, STRIPE, get_provider

logger = logging.getLogger(__name__)

State = PaymentAttempt.State

# The provider refuses a page open for less than 30 minutes, counted when the call arrives: leave it a minute.
CALL_MARGIN = timedelta(minutes=1)
# The provider takes no more lines than this on one page.
MOST_LINES = 100
# Our clock may run ahead of the provider's.
CLOCK_MARGIN = timedelta(minutes=10)
# From placing on, new attempts may begin for this long, or as long as goods were once held for a bank transfer.
LONGEST_HOLD = timedelta(hours=3)
# Two tabs that change their mind crosswise make way for each other; after this many times one is asked to wait.
MOST_CHANGES = 5


def start_payment(order: Order, provider: str = STRIPE) -> PaymentAttempt:
    """Open a way to pay for an order, or find the one that is open; page_url says where the buyer goes.

    provider: one of PaymentAttempt.Provider, offered for this order. Pressed twice, or in two tabs, it gives the
    same page. Another way that is open is closed at its provider first, so that there are never two.
    Raises WayNotOffered, OrderNotPayable, PartlyPaid, ProviderBusy (nothing was charged, try again: the same key is
    repeated) or PaymentRefused.
    """
    if provider not in ways_for_order(order):
        raise WayNotOffered
    for _time in range(MOST_CHANGES):
        attempt, is_new = _open_attempt(order.pk, provider)
        if attempt.provider != provider:
            _close_other(attempt)
        elif attempt.expires_at <= timezone.now():
            _close_over(attempt)
        elif attempt.state == State.SESSION_OPEN:
            return attempt
        elif not is_new:
            return _open_again(attempt)
        else:
            return _open_first(attempt)
    raise ProviderBusy


def look_up(attempt: PaymentAttempt) -> RemotePayment | None:
    """The payment as the provider has it; None when the provider never heard of this attempt.

    An attempt whose opening got no answer is looked for by our reference, and its session is stored when found.
    """
    provider = get_provider(attempt.provider)
    if attempt.session_id:
        return provider.retrieve_payment(attempt.session_id)
    remote = provider.find_payment(str(attempt.reference), attempt.created_at - CLOCK_MARGIN)
    if remote:
        note_session(attempt, remote)
    return remote


def note_session(attempt: PaymentAttempt, remote: RemotePayment) -> PaymentAttempt:
    """Store what the provider calls this attempt; an attempt that has gone on meanwhile is left as it is."""
    with transaction.atomic():
        locked = PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)
        if locked.state in (State.CREATED, State.UNKNOWN):
            locked.state = State.SESSION_OPEN
            locked.session_id = remote.session_id
            locked.page_url = remote.url
            locked.save(update_fields=["state", "session_id", "page_url"])
    return locked


@transaction.atomic
def close_attempt(attempt: PaymentAttempt, state: PaymentAttempt.State, *, remark: str = "") -> None:
    """End an attempt that brought no money; one that has ended already stays as it is."""
    PaymentAttempt.objects.unfinished().filter(pk=attempt.pk).update(state=state, remark=remark[:200])


@transaction.atomic
def _open_attempt(order_pk: int, provider: str = STRIPE) -> tuple[PaymentAttempt, bool]:
    """The order's unfinished attempt, whatever its provider, or a new one; and whether it is new."""
    order = lock_order(order_pk)
    if order.status != Order.Status.AWAITING_PAYMENT:
        raise OrderNotPayable
    now = timezone.now()
    attempt = PaymentAttempt.objects.select_for_update().unfinished().filter(order=order).first()
    if order.reserved_until <= now:
        # The sweeper decides what became of it.
        raise OrderNotPayable
    if attempt:
        return attempt, False
    reference = uuid.uuid4()
    attempt = PaymentAttempt.objects.create(
        order=order,
        reference=reference,
        provider=provider,
        key=f"attempt:{reference}",
        amount=order.total_incl_tax,
        currency=order.currency,
        expires_at=_end_of_attempt(order, provider, now=now),
    )
    order.reserved_until = attempt.expires_at + timedelta(minutes=settings.RESERVATION_GRACE_MINUTES)
    order.save(update_fields=["reserved_until"])
    if provider == BANK_TRANSFER:
        _tell_account(attempt)
    return attempt, True


def _tell_account(attempt: PaymentAttempt) -> None:
    account = bank_account()
    if account:
        tell_buyer(
            attempt.order,
            "bank_transfer",
            holder=account.holder,
            account=account.number,
            bank=f"{account.bank} {account.code}".strip(),
            until=f"{attempt.expires_at:%d.%m.%Y}",
        )


def _end_of_attempt(order: Order, provider: str, *, now: datetime) -> datetime:
    """When a new attempt ends. Raises OrderNotPayable when none may begin any more.

    Each attempt holds the stock anew: without an end one buyer could keep it from all others. A bank transfer has
    its days once, however often the buyer changes to another way and back.
    """
    granted: datetime | None = order.attempts.filter(provider=BANK_TRANSFER).aggregate(
        until=Max("expires_at")
    )["until"]
    if now > max(order.date_placed + LONGEST_HOLD, granted or now - timedelta(days=1)):
        raise OrderNotPayable
    if provider != BANK_TRANSFER:
        return now + timedelta(minutes=settings.CARD_SESSION_MINUTES) + CALL_MARGIN
    until = granted or now + timedelta(days=settings.BANK_TRANSFER_DAYS)
    if until <= now:
        raise OrderNotPayable
    return until


def _close_other(attempt: PaymentAttempt) -> None:
    """End an open attempt because the buyer chose another way; not before nobody can pay it any more.

    Raises OrderNotPayable for one that was paid, or needs no payment: settling it is not our business here.
    """
    try:
        remote = look_up(attempt)
        if remote and remote.session_status == "open":
            if remote.amount_received:
                raise PartlyPaid
            remote = get_provider(attempt.provider).expire_payment(remote.session_id)
    except ProviderUnavailable as error:
        raise ProviderBusy from error
    except ProviderRequestRejected as error:
        raise PaymentRefused from error
    if remote and remote.session_status != "expired":
        raise OrderNotPayable
    close_attempt(attempt, State.EXPIRED, remark="another way was chosen")


def _close_over(attempt: PaymentAttempt) -> None:
    """End an attempt whose time is over, so that the buyer may try again; not before the provider agrees.

    Raises OrderNotPayable for one that was paid at the last moment: settling it is not our business here.
    """
    try:
        remote = look_up(attempt)
    except ProviderUnavailable as error:
        raise ProviderBusy from error
    except ProviderRequestRejected as error:
        raise PaymentRefused from error
    if remote and remote.session_status != "expired":
        raise OrderNotPayable
    close_attempt(
        attempt, State.EXPIRED, remark=remote.failure_message if remote else "never reached the provider"
    )


def _open_again(attempt: PaymentAttempt) -> PaymentAttempt:
    """Repeat, with its key, a call that got no answer; where that cannot succeed any more, start afresh."""
    try:
        return _open_page(attempt)
    except PaymentRefused:
        # The first call had never arrived, and by now its closing time is too near.
        return start_payment(attempt.order, attempt.provider)
    except ProviderBusy as busy:
        if isinstance(busy.__cause__, ProviderConflict):
            raise  # another tab is opening the page at this moment
        # A provider repeats a failure that it has stored under the key, for a day: ask whether a page exists.
        try:
            remote = look_up(attempt)
        except ProviderUnavailable:
            raise busy from None
    if remote:
        return note_session(attempt, remote)
    close_attempt(attempt, State.FAILED, remark="failed at the provider")
    return start_payment(attempt.order, attempt.provider)


def _open_first(attempt: PaymentAttempt) -> PaymentAttempt:
    try:
        return _open_page(attempt)
    except PaymentRefused:
        _alert_refused(attempt)
        raise


def _open_page(attempt: PaymentAttempt) -> PaymentAttempt:
    try:
        remote = get_provider(attempt.provider).create_payment(_request(attempt))
    except ProviderUnavailable as error:
        PaymentAttempt.objects.filter(pk=attempt.pk, state=State.CREATED).update(state=State.UNKNOWN)
        logger.warning("payment page not opened", extra={"attempt": attempt.pk, "code": error.code})
        raise ProviderBusy from error
    except (PaymentDeclined, ProviderRequestRejected) as error:
        close_attempt(attempt, State.FAILED, remark=f"refused: {error.code}")
        raise PaymentRefused from error
    noted = note_session(attempt, remote)
    if noted.state == State.EXPIRED and remote.session_status == "open":
        # Another way was chosen while the page was being opened: nobody may pay on it.
        _give_up_page(attempt, remote)
        raise ProviderBusy
    return noted


def _give_up_page(attempt: PaymentAttempt, remote: RemotePayment) -> None:
    try:
        get_provider(attempt.provider).expire_payment(remote.session_id)
    except ProviderError as error:
        # Nobody was told its address, and it closes by itself.
        logger.warning("payment page not closed", extra={"attempt": attempt.pk, "code": error.code})


def _alert_refused(attempt: PaymentAttempt) -> None:
    alert_finance(
        f"attempt:{attempt.pk}:refused",
        subject=f"payment provider refused an attempt of order {attempt.order.number}",
        detail=f"attempt {attempt.pk}; its remark holds the provider's code",
    )


def _request(attempt: PaymentAttempt) -> PaymentRequest:
    """The same request each time it is made: everything in it is frozen on order and attempt."""
    order = attempt.order
    order_lines = list(order.lines.order_by("pk"))
    # The group's name as the lines keep it: the group itself may be renamed before the request is repeated.
    groups = {line.vendor_order_id: line.partner_name for line in order_lines}
    lines = [
        PaymentLine(f"{line.title} {line.size_label}".strip(), line.quantity, line.paid_price)
        for line in order_lines
    ]
    lines += [
        PaymentLine(f"{part.delivery_name}: {groups[part.pk]}", 1, part.delivery_price)
        for part in order.vendor_orders.order_by("pk")
        if part.delivery_price
    ]
    if len(lines) > MOST_LINES:
        lines = [PaymentLine(order.number, 1, attempt.amount)]
    return PaymentRequest(
        key=attempt.key,
        amount=attempt.amount,
        currency=attempt.currency,
        order_number=order.number,
        attempt_reference=str(attempt.reference),
        lines=tuple(lines),
        success_url=settings.SITE_URL + in_language(f"/checkout/return/{order.number}/", order.language),
        cancel_url=status_link(order),
        expires_at=attempt.expires_at,
        customer_email=order.guest_email,
    )
