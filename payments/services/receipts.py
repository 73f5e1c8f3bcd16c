"""Credits on our bank account: entered once, matched to what they pay, or sent back; large ones by two persons."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import OperationalError, transaction

from marketplace.lib.locks import is_busy
from orders.services.notifying import tell_buyer
from payments.errors import (
    NoJournalNumber,
    NothingOwed,
    ReceiptDiffers,
    ReceiptDoesNotFit,
    ReceiptSettled,
    ReceiptTaken,
    ReturnNumberMissing,
    SecondPersonNeeded,
)
from payments.models import BankReceipt, PaymentAttempt
from payments.policies import needs_second_person
from payments.selectors.balances import vendor_balance
from payments.services import ledger
from payments.services.books import bank_received
from payments.services.settling import SETTLED_STATES, settle
from people.models import User
from vendors.models import Partner

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

    The number of one that was entered in error is free again.
    Raises NoJournalNumber, ReceiptDiffers for a known journal number with another amount or date.
    """
    reference = read_journal_number(data.reference)
    receipt, is_new = BankReceipt.objects.exclude(state=State.MISTAKEN).get_or_create(
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


@transaction.atomic
def match_to_group(receipt: BankReceipt, vendor: Partner, *, actor: User) -> bool:
    """Say that a group pays with a receipt what it owes; above the limit that waits for a second person.

    What is more than the group owes is paid out to it again. True when it is matched now.
    Raises ReceiptTaken, and NothingOwed for a group that owes nothing in the receipt's currency.
    """
    locked = _lock(receipt)
    if locked.state != State.UNMATCHED:
        raise ReceiptTaken
    if vendor_balance(vendor, locked.currency).payable >= 0:
        raise NothingOwed
    is_large = needs_second_person(locked.amount, locked.currency)
    locked.state = State.PROPOSED if is_large else State.MATCHED
    locked.vendor = vendor
    locked.matched_by = actor
    locked.return_reference = ""
    locked.save()
    if not is_large:
        ledger.post_debt_paid(locked)
    return not is_large


def approve(receipt: BankReceipt, *, actor: User) -> bool:
    """Agree, as a second person, with what the first proposed: a match or a return. True, since it is done then.

    Raises SecondPersonNeeded for the person who proposed it, ReceiptTaken when nothing waits.
    """
    with transaction.atomic():
        transfer = _lock_attempt(receipt.attempt_id) if receipt.attempt_id else None
        locked = _lock(receipt)
        is_match = locked.state == State.PROPOSED
        is_same = (locked.attempt_id, locked.vendor_id) == (receipt.attempt_id, receipt.vendor_id)
        if not is_same or not (is_match or _waits_for_return(locked)):
            raise ReceiptTaken
        if locked.matched_by_id == actor.pk:
            raise SecondPersonNeeded
        locked.approved_by = actor
        if not is_match:
            _return(locked)
            return True
        locked.state = State.MATCHED
        locked.save()
        if transfer is None:
            ledger.post_debt_paid(locked)
            return True
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
    _free(locked, actor, reason)
    return True


@transaction.atomic
def unmatch(receipt: BankReceipt, *, actor: User, reason: str) -> bool:
    """Take a receipt from an order to which it was matched in error; False when it is matched to nothing.

    reason: kept as the receipt's remark. One that was matched to a group is entered in error instead (see cancel).
    Raises ReceiptSettled once the order was paid with it or the money is on its way back.
    """
    if receipt.attempt_id is None:
        return False
    transfer = _lock_attempt(receipt.attempt_id)
    locked = _lock(receipt)
    if locked.state != State.MATCHED or locked.attempt_id != transfer.pk:
        return False
    if transfer.state in SETTLED_STATES:
        raise ReceiptSettled
    _free(locked, actor, reason)
    return True


@transaction.atomic
def cancel(receipt: BankReceipt, *, actor: User, reason: str) -> bool:
    """Note that a receipt was entered in error, and post the opposite of it; False when that was noted before.

    Such as one with a wrong amount, or what our own provider paid to us: it may be entered again under its number.
    One that was matched to a group by mistake is ended in this way too; the group owes its debt again.
    No second person: nothing leaves our account, and entered again it is matched as any other.
    Raises ReceiptTaken for one that pays for an order, was sent back, or waits for a second person.
    """
    locked = _lock(receipt)
    if locked.state == State.MISTAKEN:
        return False
    is_free = locked.state == State.UNMATCHED and not _waits_for_return(locked)
    if not is_free and not (locked.state == State.MATCHED and locked.vendor):
        raise ReceiptTaken
    ledger.post_receipt_mistaken(locked)
    locked.state = State.MISTAKEN
    locked.remark = _remark(actor, reason)
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


def _free(locked: BankReceipt, actor: User, reason: str) -> None:
    locked.state = State.UNMATCHED
    locked.attempt = locked.vendor = locked.matched_by = locked.approved_by = None
    locked.return_reference = ""
    locked.remark = _remark(actor, reason)
    locked.save()


def _remark(actor: User, reason: str) -> str:
    return f"{actor.name}: {reason}"[:200]


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
