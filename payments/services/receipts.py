"""Credits on our bank account: entered once, matched to what they pay for, or sent back; large ones by two persons."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import OperationalError, transaction

from marketplace.lib.locks import is_busy
from orders.services.notifying import tell_buyer
from payments.errors import (
    NoJournalNumber,
    ReceiptDiffers,
    ReceiptDoesNotFit,
    ReceiptTaken,
    ReturnNumberMissing,
    SecondPersonNeeded,
)
from payments.models import BankReceipt, PaymentAttempt
from payments.policies import needs_second_person
from payments.services import ledger
from payments.services.books import bank_received
from payments.services.settling import settle
from people.models import User

State = BankReceipt.State
JOURNAL_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9/-]{3,39}")


@dataclass(frozen=True, kw_only=True)
class ReceiptData:
    """One credit as the bank's statement names it. amount: in currency, two decimals, above zero."""

    reference: str
    received_on: date
    amount: Decimal
    currency: str
    note: str = ""


def read_journal_number(text: str) -> str:
    """A bank's journal number in the one form in which it is kept: capitals, no blanks. Raises NoJournalNumber."""
    number = re.sub(r"\s", "", text).upper()
    if not JOURNAL_NUMBER.fullmatch(number):
        raise NoJournalNumber
    return number


@transaction.atomic
def note_buyer_reference(attempt: PaymentAttempt, text: str) -> bool:
    """Keep the journal number that a buyer wrote for a transfer, or correct it; False when it stood there already.

    Raises NoJournalNumber, and ReceiptDoesNotFit for an attempt that is no transfer or is settled.
    """
    number = read_journal_number(text)
    locked = PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)
    is_waiting = locked.state in (*PaymentAttempt.OPEN_STATES, PaymentAttempt.State.EXPIRED)
    if locked.provider != PaymentAttempt.Provider.BANK_TRANSFER or not is_waiting:
        raise ReceiptDoesNotFit
    if locked.buyer_reference == number:
        return False
    locked.buyer_reference = number
    locked.save(update_fields=["buyer_reference"])
    return True


@transaction.atomic
def enter_receipt(data: ReceiptData, *, actor: User) -> tuple[BankReceipt, bool]:
    """Enter a credit and post it; the receipt, and whether it is new. Entered again it changes nothing.

    Raises NoJournalNumber, ReceiptDiffers for a known journal number with another amount or date.
    """
    reference = read_journal_number(data.reference)
    receipt, is_new = BankReceipt.objects.get_or_create(
        reference=reference,
        currency=data.currency,
        defaults={
            "received_on": data.received_on,
            "amount": data.amount,
            "note": data.note[:140],
            "entered_by": actor,
        },
    )
    if not is_new and (receipt.amount, receipt.received_on) != (data.amount, data.received_on):
        raise ReceiptDiffers
    if is_new:
        ledger.post_receipt(receipt)
    return receipt, is_new


def match(receipt: BankReceipt, attempt: PaymentAttempt, *, actor: User) -> bool:
    """Say which transfer a receipt is; above the limit that waits for a second person. True when it is matched now.

    The attempt is settled: with enough money its order is released, with more the rest goes back, with less the
    buyer is told what is missing; money for an order that has ended goes back or takes the order up after all.
    Raises ReceiptTaken, ReceiptDoesNotFit; nothing has changed then.
    """
    with transaction.atomic():
        transfer = _lock_attempt(attempt.pk)
        locked = _lock(receipt)
        if locked.state != State.UNMATCHED:
            raise ReceiptTaken
        is_transfer = transfer.provider == PaymentAttempt.Provider.BANK_TRANSFER
        if not is_transfer or transfer.currency != locked.currency:
            raise ReceiptDoesNotFit
        is_large = needs_second_person(locked.amount, locked.currency)
        locked.state = State.PROPOSED if is_large else State.MATCHED
        locked.attempt = transfer
        locked.matched_by = actor
        locked.return_reference = ""
        locked.save()
        if not is_large:
            _tell_what_is_missing(transfer, locked)
    if not is_large:
        _settle_now(transfer)
    return not is_large


def approve(receipt: BankReceipt, *, actor: User) -> bool:
    """Agree, as a second person, with what the first proposed: a match or a return. True, since it is done then.

    Raises SecondPersonNeeded for the person who proposed it, ReceiptTaken when nothing waits.
    """
    with transaction.atomic():
        transfer = _lock_attempt(receipt.attempt_id) if receipt.attempt_id else None
        locked = _lock(receipt)
        is_match = locked.state == State.PROPOSED
        if locked.attempt_id != receipt.attempt_id or not (is_match or _waits_for_return(locked)):
            raise ReceiptTaken
        if locked.matched_by_id == actor.pk:
            raise SecondPersonNeeded
        locked.approved_by = actor
        if transfer is None:
            _return(locked)
            return True
        locked.state = State.MATCHED
        locked.save()
        _tell_what_is_missing(transfer, locked)
    _settle_now(transfer)
    return True


@transaction.atomic
def refuse(receipt: BankReceipt, *, actor: User, reason: str) -> bool:
    """Put a proposed match or return back, by its own proposer too; False when nothing waits.

    reason: kept as the receipt's remark.
    """
    locked = _lock(receipt)
    if locked.state != State.PROPOSED and not _waits_for_return(locked):
        return False
    locked.state = State.UNMATCHED
    locked.attempt = locked.matched_by = None
    locked.return_reference = ""
    locked.remark = f"{actor.name}: {reason}"[:200]
    locked.save()
    return True


@transaction.atomic
def send_back(receipt: BankReceipt, *, return_reference: str, actor: User) -> bool:
    """Note that a receipt which fits nothing went back to its payer; above the limit it waits for a second person.

    return_reference: the bank's journal number of the return. True when it is noted, False when it waits.
    Raises ReturnNumberMissing, ReceiptTaken.
    """
    try:
        number = read_journal_number(return_reference)
    except NoJournalNumber:
        raise ReturnNumberMissing from None
    locked = _lock(receipt)
    if locked.state != State.UNMATCHED or _waits_for_return(locked):
        raise ReceiptTaken
    locked.return_reference = number
    locked.matched_by = actor
    if needs_second_person(locked.amount, locked.currency):
        locked.save()
        return False
    _return(locked)
    return True


def waits_for_second_person(receipt: BankReceipt) -> bool:
    """Whether a match or a return of this receipt was proposed and is not decided."""
    return receipt.state == State.PROPOSED or _waits_for_return(receipt)


def _waits_for_return(receipt: BankReceipt) -> bool:
    return receipt.state == State.UNMATCHED and bool(receipt.return_reference)


def _return(locked: BankReceipt) -> None:
    locked.state = State.RETURNED
    locked.save()
    ledger.post_receipt_returned(locked)


def _lock(receipt: BankReceipt) -> BankReceipt:
    return BankReceipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)


def _lock_attempt(attempt_pk: int) -> PaymentAttempt:
    return (
        PaymentAttempt.objects.select_for_update(of=("self",))
        .select_related("order__user")
        .get(pk=attempt_pk)
    )


def _tell_what_is_missing(attempt: PaymentAttempt, receipt: BankReceipt) -> None:
    missing = attempt.amount - bank_received(attempt)
    if attempt.state in PaymentAttempt.OPEN_STATES and missing > 0:
        tell_buyer(
            attempt.order,
            "payment_short",
            about=str(receipt.pk),
            amount=str(receipt.amount),
            missing=str(missing),
        )


def _settle_now(attempt: PaymentAttempt) -> None:
    try:
        settle(attempt.pk)
    except OperationalError as error:
        # The match stands; the sweeper settles it in some minutes.
        if not is_busy(error):
            raise
